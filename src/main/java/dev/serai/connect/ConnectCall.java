package dev.serai.connect;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.gate.Caller;
import dev.serai.connect.gate.Permit;
import dev.serai.connect.gate.Spread;
import dev.serai.connect.gate.Ticket;
import dev.serai.wire.Failure;
import dev.serai.wire.StartConversation;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Where one event stands with its calls of the provider. Not thread-safe: it belongs to its exchange.
 */
public final class ConnectCall extends CallTally {
    /** The exchange's property that holds the call which the connect route works on. */
    public static final String PROPERTY = "serai.connect-call";

    private final Tenant tenant;
    private final Instant deadline;
    private final boolean sessionNamedByEvent;
    private final boolean optionsNameSession;
    private final Caller caller;
    private final long begunNanos = System.nanoTime();

    private ConnectBody body;
    private @Nullable OneRoom room;
    private Ticket ticket;
    private @Nullable Permit permit;
    private @Nullable Failure lastFailure;
    private Duration pause = Duration.ZERO;
    private Duration waited = Duration.ZERO;
    private boolean pending = true;
    private boolean underWay;
    private boolean mayHaveLeftSession;
    private boolean sessionDropped;
    private @Nullable Doubt doubt;

    /** The credentials with which its session was in doubt; none yet while they are less than 0. */
    private int doubtedWith = -1;

    private int calls;
    private long calledNanos;

    /**
     * A session is left out, to learn whether it was refused or the account.
     *
     * @param withSession the body that names it
     * @param why what the call with it was answered
     */
    private record Doubt(ConnectBody withSession, Failure why) {}

    /**
     * @param caller who the event is to the tenant's gate
     * @param room how it asks for the one room of its event; null if each call opens a room of its own
     */
    public ConnectCall(
            Tenant tenant, StartConversation event, Caller caller, ConnectBody body, @Nullable OneRoom room) {
        this.tenant = tenant;
        this.caller = caller;
        this.body = body;
        this.room = room;
        deadline = event.expiresAt();
        ticket = tenant.gate().newTicket(deadline, 0);
        sessionNamedByEvent = event.characterSessionId() != null;
        optionsNameSession = body.optionsNameSession();
    }

    public static ConnectCall of(Exchange exchange) {
        return Objects.requireNonNull(
                exchange.getProperty(PROPERTY, ConnectCall.class), "the connect route begins a call");
    }

    /** Whether another call is due. */
    public boolean isPending() {
        return pending;
    }

    /** How long to wait before it. */
    public Duration pause() {
        return pause;
    }

    /** The body of its next call: UTF-8, never to be changed. */
    public byte[] body() {
        return body.toBytes(room);
    }

    public Tenant tenant() {
        return tenant;
    }

    /** Where it stands in the line before the gate. */
    public Ticket ticket() {
        return ticket;
    }

    /** Who it is to the gate. */
    public Caller caller() {
        return caller;
    }

    public void permitted(Permit toCall) {
        permit = toCall;
    }

    /** The permit, to be given back by who takes it; null if it was taken, or none came. */
    @Nullable
    public Permit takePermit() {
        Permit taken = permit;
        permit = null;
        return taken;
    }

    /** What the last call failed with, or null before one has. */
    @Nullable
    public Failure lastFailure() {
        return lastFailure;
    }

    public void sending() {
        calls++;
        underWay = true;
        calledNanos = System.nanoTime();
    }

    /** Whether a request was to be sent, and nobody has told yet what it came to. */
    public boolean isUnderWay() {
        return underWay;
    }

    /** The request was not sent after all, and the event is somebody else's. */
    public void givenUp() {
        underWay = false;
    }

    /**
     * What an answer means for this event, before its permit is taken: whether a refusal was the session's is asked only where
     * there is one to leave out, and once for each credentials.
     */
    public CallOutcome judged(CallOutcome outcome) {
        if (!(outcome instanceof CallOutcome.SessionDoubted maybe)) {
            return outcome;
        }
        int credentials = Objects.requireNonNull(permit, "a call has a permit").credentials();
        if (!namesSession() || doubtedWith == credentials) {
            return new CallOutcome.CredentialsRefused(maybe.failure());
        }
        doubtedWith = credentials;
        return outcome;
    }

    /**
     * Takes note of what the call came to, and returns how long it took.
     *
     * @param reaches how far failures reach, as the gate says
     */
    public Duration returned(CallOutcome outcome, Spread reaches) {
        underWay = false;
        mayHaveLeftSession |= outcome.mayHaveLeftSession();
        count(outcome, reaches);
        if (outcome instanceof CallOutcome.CredentialsRefused) {
            withSessionAgain();
        }
        return Duration.ofNanos(System.nanoTime() - calledNanos);
    }

    public void repeat(Duration wait, Failure ifNever) {
        ticket = tenant.gate().newTicket(deadline, callsInVain());
        pause = wait;
        lastFailure = ifNever;
    }

    public void repeatFirst(Failure ifNever) {
        ticket = ticket.after(callsInVain());
        pause = Duration.ZERO;
        lastFailure = ifNever;
    }

    /** It was not the session that was refused, as far as is known: with other credentials it is asked anew. */
    private void withSessionAgain() {
        if (doubt != null) {
            body = doubt.withSession();
            doubt = null;
            sessionDropped = false;
        }
    }

    /**
     * Calls again without the session, to learn whether it was refused or the account.
     *
     * @param why the session is left out
     */
    public void repeatDoubtingSession(Failure why) {
        doubt = new Doubt(body, why);
        lastFailure = why;
        goOnWith(body.withoutAnySession());
    }

    public void repeatWithoutSession() {
        goOnWith(body.withoutSession());
    }

    private void goOnWith(ConnectBody without) {
        body = without;
        sessionDropped = true;
        pause = Duration.ZERO;
    }

    /** Asks for its room in another way. */
    public void repeatFor(OneRoom other, Duration wait, Failure ifNever) {
        room = other;
        repeat(wait, ifNever);
    }

    public int calls() {
        return calls;
    }

    public void waited(Duration time) {
        waited = waited.plus(time);
    }

    /** How long the event has waited before the gate. */
    public Duration waited() {
        return waited;
    }

    /** How long its calls took, with the pauses between them, but without the time before the gate. */
    public Duration took() {
        return Duration.ofNanos(System.nanoTime() - begunNanos).minus(waited);
    }

    /** Whether a session may exist beside the one that its last answer tells of, or may exist if that tells of none. */
    public boolean mayHaveLeftSession() {
        return mayHaveLeftSession;
    }

    /**
     * A call has come to a room. Whatever session an earlier call has left is in the same one, as long as the event has had one
     * key only.
     */
    public void connected() {
        pending = false;
        mayHaveLeftSession &= room == null || room.generation() > 1;
    }

    public boolean isSessionDropped() {
        return sessionDropped;
    }

    @Override
    public @Nullable OneRoom room() {
        return room;
    }

    @Override
    public boolean sessionSent() {
        return body.hasSession();
    }

    @Override
    public boolean sessionNamedByEvent() {
        return sessionNamedByEvent;
    }

    @Override
    public @Nullable Failure doubt() {
        return doubt == null ? null : doubt.why();
    }

    @Override
    public boolean optionsNameSession() {
        return optionsNameSession;
    }

    /** Whether the last request named a session, to go on with or otherwise. */
    public boolean namesSession() {
        return sessionSent() || body.optionsNameSession();
    }

    /** The room that the last call came to is given to nobody. */
    public void discarded() {
        mayHaveLeftSession = true;
    }

    @Override
    public Instant deadline() {
        return deadline;
    }
}
