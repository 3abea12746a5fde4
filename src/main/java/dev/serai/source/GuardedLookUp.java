package dev.serai.source;

import dev.serai.loop.RepeatedWarning;
import dev.serai.source.SourceFailedException.Reason;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a source as the rules allow: not more look-ups at once, and none for a while when it keeps failing. A look-up that
 * takes longer than events wait counts as half a failure: the source is left alone when half of the last
 * {@value #WINDOW} failed or half of them were too slow. Then {@value #PROBES} look-ups find out whether it is back. A
 * look-up that does not end by itself is interrupted. A source that refuses what it is asked for, or says what cannot be
 * used, has answered: whoever may publish references must not be able to have it left alone.
 *
 * <p>Thread-safe.
 */
final class GuardedLookUp<V> implements SourceLookUp<Wanted, V> {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedLookUp.class);
    private static final int WINDOW = 20;
    private static final int LEAST_CALLS = 10;
    private static final int PROBES = 2;
    private static final float PERCENT = 50;

    /**
     * A look-up is interrupted after twice the time that events wait, and this. Those of Serai's own types have ended by
     * then: they wait as long as events for a connection, and then for an answer, a database's in whole seconds and one.
     */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final LookUpRules rules;
    private final Piece piece;
    private final SourceLookUp<Wanted, V> source;
    private final SourceListener listener;
    private final RepeatedWarning failing = new RepeatedWarning(LOG);
    private final RepeatedWarning leftAlone = new RepeatedWarning(LOG);
    private final Semaphore permits;
    private final Duration longest;
    private final CircuitBreaker breaker;
    private volatile String lastFailure = "";

    GuardedLookUp(LookUpRules rules, Piece piece, SourceLookUp<Wanted, V> source, SourceListener listener) {
        this.rules = rules;
        this.piece = piece;
        this.source = source;
        this.listener = listener;
        permits = new Semaphore(rules.maxConcurrent());
        longest = rules.timeout().multipliedBy(2).plus(GRACE);
        breaker = CircuitBreaker.of(
                rules.name(),
                CircuitBreakerConfig.custom()
                        .slidingWindow(WINDOW, LEAST_CALLS, SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(PERCENT)
                        .slowCallRateThreshold(PERCENT)
                        .slowCallDurationThreshold(rules.timeout())
                        .waitDurationInOpenState(rules.breakerPause())
                        .permittedNumberOfCallsInHalfOpenState(PROBES)
                        // A probe that never ends must not keep the others away for good.
                        .maxWaitDurationInHalfOpenState(rules.timeout().plus(rules.breakerPause()))
                        .build());
        breaker.getEventPublisher().onStateTransition(change -> {
            switch (change.getStateTransition().getToState()) {
                case OPEN ->
                    leftAlone.met(
                            "left alone",
                            "The source " + rules.name() + " of " + piece.label()
                                    + " keeps failing: it is left alone for "
                                    + rules.breakerPause().toMillis() + " ms" + before());
                case CLOSED -> leftAlone.over("The source " + rules.name() + " of " + piece.label() + " works again");
                default -> {}
            }
        });
    }

    /** What it failed of before it was left alone, for the end of a sentence; empty if nothing was seen. */
    private String before() {
        return lastFailure.isEmpty() ? "" : "; it failed with: " + lastFailure;
    }

    /** Whether the source is left alone, or is only just being tried again. */
    boolean isResting() {
        return breaker.getState() != CircuitBreaker.State.CLOSED;
    }

    @Override
    public Optional<V> lookUp(Wanted wanted) throws SourceFailedException {
        long begun = System.nanoTime();
        try {
            Optional<V> answer = withAPlace(wanted);
            ended(answer.isPresent() ? "found" : "unknown", begun);
            return answer;
        } catch (SourceFailedException e) {
            ended(e.reason().label(), begun);
            // That it is left alone has been said, and why.
            if (e.reason() != Reason.RESTING) {
                warn(String.valueOf(e.getMessage()));
            }
            throw e;
        } catch (RuntimeException | Error e) {
            ended(Reason.FAILED.label(), begun);
            warn(e.getClass().getName());
            throw e;
        }
    }

    /** A source that fails does so for each event. */
    private void warn(String why) {
        failing.met("failed", "Looking up " + piece.label() + " at source " + rules.name() + " failed: " + why);
    }

    private void ended(String outcome, long begun) {
        listener.lookedUp(rules.name(), piece, outcome, Duration.ofNanos(System.nanoTime() - begun));
    }

    private Optional<V> withAPlace(Wanted wanted) throws SourceFailedException {
        try {
            if (!permits.tryAcquire(TimeUnit.NANOSECONDS.convert(rules.timeout()), TimeUnit.NANOSECONDS)) {
                throw new SourceFailedException(
                        Reason.OVERLOADED,
                        "source %s: %d look-ups were under way for %d ms; serai.sources.%s.max-concurrent bounds them"
                                .formatted(
                                        rules.name(),
                                        rules.maxConcurrent(),
                                        rules.timeout().toMillis(),
                                        rules.name()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceFailedException(Reason.FAILED, "the look-up was interrupted", e);
        }
        try {
            return guarded(wanted);
        } finally {
            permits.release();
        }
    }

    private Optional<V> guarded(Wanted wanted) throws SourceFailedException {
        if (!breaker.tryAcquirePermission()) {
            throw new SourceFailedException(
                    Reason.RESTING,
                    "source %s is left alone for now%s".formatted(rules.name(), before()),
                    lastFailure.isEmpty() ? null : lastFailure,
                    null);
        }
        long begun = System.nanoTime();
        try {
            Optional<V> answer = limited(wanted);
            breaker.onSuccess(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
            return answer;
        } catch (SourceFailedException | RuntimeException | Error e) {
            long took = System.nanoTime() - begun;
            if (e instanceof SourceFailedException failed && failed.isAnswer()) {
                breaker.onSuccess(took, TimeUnit.NANOSECONDS);
            } else {
                lastFailure =
                        e instanceof SourceFailedException failed && failed.evidence() != null ? failed.evidence() : "";
                breaker.onError(took, TimeUnit.NANOSECONDS, e);
            }
            throw e;
        }
    }

    private Optional<V> limited(Wanted wanted) throws SourceFailedException {
        try (var limit = new Interrupter(longest)) {
            try {
                return source.lookUp(wanted);
            } catch (SourceFailedException | RuntimeException e) {
                if (limit.isTimeOver()) {
                    throw new SourceFailedException(
                            Reason.TIMED_OUT,
                            "source %s: the look-up had not ended after %d ms and was interrupted"
                                    .formatted(rules.name(), longest.toMillis()),
                            e);
                }
                throw e;
            }
        }
    }
}
