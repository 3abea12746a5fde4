package dev.serai.route;

import dev.serai.event.Failure;
import dev.serai.event.StartConversation;
import dev.serai.gate.Caller;
import dev.serai.gate.Place;
import dev.serai.gate.Turn;
import dev.serai.provider.CallOutcome;
import dev.serai.provider.ConnectBody;
import dev.serai.provider.ConnectPolicy;
import dev.serai.provider.ConnectPolicy.Situation;
import dev.serai.provider.Spread;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Where one event stands with its calls of the provider. Not thread-safe: it belongs to its exchange.
 */
final class ConnectCall implements Situation {
    /** The exchange's property that holds the call which the connect route works on. */
    static final String PROPERTY = "serai.connect-call";

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
    private int calls;
    private int attempts;
    private int failures;
    private Spread spread = Spread.THIS_EVENT;
    private long calledNanos;

    ConnectCall(Tenant tenant, StartConversation event, ConnectBody body) {
        this.tenant = tenant;
        this.body = body;
        deadline = event.expiresAt();
        place = tenant.gate().newPlace(deadline, 0);
        sessionNamedByEvent = event.characterSessionId() != null;
    }

    static ConnectCall of(Exchange exchange) {
        return Objects.requireNonNull(
                exchange.getProperty(PROPERTY, ConnectCall.class), "the connect route begins a call");
    }

    /** Whether another call is due. */
    boolean isPending() {
        return pending;
    }

    /** How long to wait before it. */
    Duration pause() {
        return pause;
    }

    ConnectBody body() {
        return body;
    }

    Tenant tenant() {
        return tenant;
    }

    /** Where it stands in the line before the gate. */
    Place place() {
        return place;
    }

    /** Who it is to the gate. */
    Caller caller() {
        return caller;
    }

    void turnCame(Turn leave) {
        turn = leave;
    }

    /** The turn, to be given back by who takes it; null if it was taken, or none came. */
    @Nullable
    Turn takeTurn() {
        Turn taken = turn;
        turn = null;
        return taken;
    }

    /** What the last call failed with, or null before one has. */
    @Nullable
    Failure lastFailure() {
        return lastFailure;
    }

    void sending() {
        calls++;
        underWay = true;
        calledNanos = System.nanoTime();
    }

    /** Whether a request was to be sent, and nobody has told yet what it came to. */
    boolean isUnderWay() {
        return underWay;
    }

    /** The request was not sent after all, and the event is somebody else's. */
    void givenUp() {
        underWay = false;
    }

    /**
     * Takes note of what the call came to, and returns how long it took.
     *
     * @param reaches how far failures reach, as the gate says
     */
    Duration returned(CallOutcome outcome, Spread reaches) {
        underWay = false;
        mayHaveLeftSession |= outcome.mayHaveLeftSession();
        spread = reaches;
        if (ConnectPolicy.isAttempt(outcome, reaches)) {
            attempts++;
        }
        if (outcome.isFailure()) {
            failures++;
        }
        return Duration.ofNanos(System.nanoTime() - calledNanos);
    }

    void repeat(Duration wait, Failure ifNever) {
        place = tenant.gate().newPlace(deadline, failures);
        pause = wait;
        lastFailure = ifNever;
    }

    void repeatFirst(Failure ifNever) {
        pause = Duration.ZERO;
        lastFailure = ifNever;
    }

    void repeatWithoutSession() {
        body = body.withoutSession();
        sessionDropped = true;
        pause = Duration.ZERO;
    }

    void end() {
        pending = false;
    }

    int calls() {
        return calls;
    }

    void waited(Duration time) {
        waited = waited.plus(time);
    }

    /** How long the event has waited before the gate. */
    Duration waited() {
        return waited;
    }

    /** How long its calls took, with the pauses between them, but without the time before the gate. */
    Duration took() {
        return Duration.ofNanos(System.nanoTime() - begunNanos).minus(waited);
    }

    boolean mayHaveLeftSession() {
        return mayHaveLeftSession;
    }

    boolean isSessionDropped() {
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
    public Instant deadline() {
        return deadline;
    }
}
