package dev.serai.gate;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Notices when the provider fails as a whole, and lets one call at a time find out whether it is back. The pause between
 * those grows, with jitter. Not thread-safe: under the gate's lock.
 */
final class Breaker {
    private static final int WINDOW_SECONDS = 30;
    private static final float FAILURE_PERCENT = 66;

    private final CircuitBreaker breaker;
    private final LongSupplier nanos;
    private final GateRules rules;
    private final RandomGenerator random;
    private long openUntil;

    /** @param nanos a clock that never goes back */
    Breaker(String name, GateRules rules, LongSupplier nanos, RandomGenerator random) {
        this.nanos = nanos;
        this.rules = rules;
        this.random = random;
        breaker = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .slidingWindow(WINDOW_SECONDS, rules.outageCalls(), SlidingWindowType.TIME_BASED)
                        .failureRateThreshold(FAILURE_PERCENT)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitIntervalFunctionInOpenState(this::pauseMillis)
                        .clock(new NanoClock(nanos))
                        .currentTimestampFunction(ignored -> nanos.getAsLong(), TimeUnit.NANOSECONDS)
                        .build());
    }

    private long pauseMillis(int attempt) {
        double bound = Math.min(rules.outageProbe().toMillis() * Math.pow(2, attempt - 1.0), (double)
                rules.maxOutageProbe().toMillis());
        long pause = Math.max(1, Math.round(bound * (0.75 + 0.25 * random.nextDouble())));
        // The library waits until the pause is more than over.
        openUntil = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(pause) + 1;
        return pause;
    }

    /** Lets a call begin, or does not; then {@link #nanosUntilProbe} says when to ask again. */
    boolean tryBegin() {
        return breaker.tryAcquirePermission();
    }

    /** Nanoseconds until the next probe may begin; {@link Long#MAX_VALUE} while one is under way. */
    long nanosUntilProbe() {
        return breaker.getState() == State.OPEN ? Math.max(1, openUntil - nanos.getAsLong()) : Long.MAX_VALUE;
    }

    boolean isClosed() {
        return breaker.getState() == State.CLOSED;
    }

    void succeeded() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    void failed() {
        breaker.onError(0, TimeUnit.NANOSECONDS, new ProviderFailed());
    }

    /** A call ended that says nothing about the provider. */
    void ended() {
        breaker.releasePermission();
    }

    private static final class ProviderFailed extends Exception {
        private static final long serialVersionUID = 1L;

        private ProviderFailed() {
            super("the provider failed", null, false, false);
        }
    }

    /** The gate's clock as the library wants it. */
    private static final class NanoClock extends Clock {
        private final LongSupplier nanos;

        NanoClock(LongSupplier nanos) {
            this.nanos = nanos;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plus(Duration.ofNanos(nanos.getAsLong()));
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
