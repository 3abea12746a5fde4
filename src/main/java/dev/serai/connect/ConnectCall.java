package dev.serai.connect;

import dev.serai.connect.ConnectPolicy.Situation;
import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.gate.Caller;
import dev.serai.connect.gate.Place;
import dev.serai.connect.gate.Spread;
import dev.serai.connect.gate.Turn;
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
public final class ConnectCall implements Situation {
    /** The exchange's property that holds the call which the connect route works on. */
    public static final String PROPERTY = "serai.connect-call";

    private final Tenant tenant;
    private final Instant deadline;
    private final boolean sessionNamedByEvent;
    private final Caller caller = new Caller();
    private final long begunNanos = System.nanoTime();

    private ConnectBody body;
    private Place place;
    private @Nullable Turn turn;
    private @Nullable Failure lastFailure;
    private Duration pause = Duration.ZERO;
    private Duration waited = Duration.ZERO;
    private boolean pending = true;
    private boolean underWay;
    private boolean mayHaveLeftSession;
    private boolean sessionDropped;
    /** With the session that is left out to learn whether it was refused; null if none is. */
    private @Nullable ConnectBody doubted;

    private @Nullable Failure doubt;
    private boolean doubtedBefore;
    private int calls;
    private int attempts;
    private int failures;
    private Spread spread = Spread.THIS_EVENT;
    private long calledNanos;

    public ConnectCall(Tenant tenant, StartConversation event, ConnectBody body) {
        this.tenant = tenant;
        this.body = body;
        deadline = event.expiresAt();
        place = tenant.gate().newPlace(deadline, 0);
        sessionNamedByEvent = event.characterSessionId() != null;
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

    public ConnectBody body() {
        return body;
    }

    public Tenant tenant() {
        return tenant;
    }

    /** Where it stands in the line before the gate. */
    public Place place() {
        return place;
    }

    /** Who it is to the gate. */
    public Caller caller() {
        return caller;
    }

    public void turnCame(Turn leave) {
        turn = leave;
    }

    /** The turn, to be given back by who takes it; null if it was taken, or none came. */
    @Nullable
    public Turn takeTurn() {
        Turn taken = turn;
        turn = null;
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
     * What an answer means for this event: whether a refusal was the session's is asked once, and only where there is one
     * to leave out.
     */
    public CallOutcome judged(CallOutcome outcome) {
        return outcome instanceof CallOutcome.SessionDoubted maybe && (doubtedBefore || !body.hasSession())
                ? new CallOutcome.CredentialsRefused(maybe.failure())
                : outcome;
    }

    /**
     * Takes note of what the call came to, and returns how long it took.
     *
     * @param reaches how far failures reach, as the gate says
     */
    public Duration returned(CallOutcome outcome, Spread reaches) {
        underWay = false;
        mayHaveLeftSession |= outcome.mayHaveLeftSession();
        spread = reaches;
        if (outcome instanceof CallOutcome.CredentialsRefused) {
            withSessionAgain();
        }
        if (ConnectPolicy.isAttempt(outcome, reaches)) {
            attempts++;
        }
        if (outcome.isFailure()) {
            failures++;
        }
        return Duration.ofNanos(System.nanoTime() - calledNanos);
    }

    public void repeat(Duration wait, Failure ifNever) {
        place = tenant.gate().newPlace(deadline, failures);
        pause = wait;
        lastFailure = ifNever;
    }

    public void repeatFirst(Failure ifNever) {
        pause = Duration.ZERO;
        lastFailure = ifNever;
    }

    /** It was not the session that was refused. */
    private void withSessionAgain() {
        if (doubted != null) {
            body = doubted;
            doubted = null;
            doubt = null;
            sessionDropped = false;
        }
    }

    /** @param why the session is left out */
    public void repeatDoubtingSession(Failure why) {
        doubted = body;
        doubt = why;
        doubtedBefore = true;
        lastFailure = why;
        repeatWithoutSession();
    }

    public void repeatWithoutSession() {
        body = body.withoutSession();
        sessionDropped = true;
        pause = Duration.ZERO;
    }

    public void end() {
        pending = false;
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

    public boolean mayHaveLeftSession() {
        return mayHaveLeftSession;
    }

    public boolean isSessionDropped() {
        return sessionDropped;
    }

    @Override
    public int attempts() {
        return attempts;
    }

    @Override
    public int failures() {
        return failures;
    }

    @Override
    public Spread spread() {
        return spread;
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
        return doubt;
    }

    @Override
    public boolean optionsNameSession() {
        return body.optionsNameSession();
    }

    /** Whether the last request named a session, to go on with or otherwise. */
    public boolean namesSession() {
        return sessionSent() || optionsNameSession();
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
