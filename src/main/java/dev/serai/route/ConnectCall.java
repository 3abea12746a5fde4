package dev.serai.route;

import dev.serai.event.StartConversation;
import dev.serai.provider.CallOutcome;
import dev.serai.provider.ConnectPolicy.Situation;
import dev.serai.provider.ConnectRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.camel.Exchange;

/**
 * Where one event stands with its calls of the provider. Not thread-safe: it belongs to its exchange.
 */
final class ConnectCall implements Situation {
    private final StartConversation event;
    private final boolean sessionNamedByEvent;
    private final long begunNanos = System.nanoTime();

    private ConnectRequest request;
    private Duration pause = Duration.ZERO;
    private boolean pending = true;
    private boolean hasTurn;
    private boolean mayHaveLeftSession;
    private boolean sessionDropped;
    private int calls;
    private long calledNanos;

    ConnectCall(ConnectRequest request) {
        this.request = request;
        event = request.event();
        sessionNamedByEvent = event.characterSessionId() != null;
    }

    static ConnectCall of(Exchange exchange) {
        return Objects.requireNonNull(
                exchange.getProperty(ExchangeKeys.CONNECT_CALL, ConnectCall.class), "the connect route begins a call");
    }

    /** Whether another call is due. */
    boolean isPending() {
        return pending;
    }

    /** How long to wait before it. */
    Duration pause() {
        return pause;
    }

    ConnectRequest request() {
        return request;
    }

    void turnCame() {
        hasTurn = true;
    }

    /** Gives the turn back; whether there was one. */
    boolean endTurn() {
        boolean had = hasTurn;
        hasTurn = false;
        return had;
    }

    void sending() {
        calls++;
        calledNanos = System.nanoTime();
    }

    /** Takes note of what the call came to, and returns how long it took. */
    Duration returned(CallOutcome outcome) {
        mayHaveLeftSession |= outcome.mayHaveLeftSession();
        return Duration.ofNanos(System.nanoTime() - calledNanos);
    }

    void repeatAfter(Duration wait) {
        pause = wait;
    }

    void repeatWithoutSession() {
        request = request.withoutSession();
        sessionDropped = true;
        pause = Duration.ZERO;
    }

    void end() {
        pending = false;
    }

    int calls() {
        return calls;
    }

    Duration took() {
        return Duration.ofNanos(System.nanoTime() - begunNanos);
    }

    boolean mayHaveLeftSession() {
        return mayHaveLeftSession;
    }

    boolean isSessionDropped() {
        return sessionDropped;
    }

    @Override
    public int countedAttempts() {
        return sessionDropped ? calls - 1 : calls;
    }

    @Override
    public boolean sessionSent() {
        return request.characterSessionId() != null;
    }

    @Override
    public boolean sessionNamedByEvent() {
        return sessionNamedByEvent;
    }

    @Override
    public Instant deadline() {
        return event.expiresAt();
    }
}
