package dev.serai.connect.gate;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A bound on how fast calls begin: a token bucket, or none. Not thread-safe: under the gate's lock. */
final class CallRate {
    private final double rate;
    private final int burst;
    private final @Nullable Bucket bucket;

    /**
     * @param rate of the fleet, calls per second; 0: no bound
     * @param burst of the fleet, at least 1
     * @param nanos a clock that never goes back
     */
    CallRate(double rate, int burst, Share share, LongSupplier nanos) {
        this.rate = rate;
        this.burst = burst;
        bucket = rate == 0
                ? null
                : Bucket.builder()
                        .addLimit(bandwidth(share))
                        .withCustomTimePrecision(new Nanos(nanos))
                        .build();
    }

    private Bandwidth bandwidth(Share share) {
        Duration perCall = Duration.ofNanos(Math.max(1, Math.round(1e9 / share.of(rate))));
        return Bandwidth.builder()
                .capacity(share.of(burst))
                .refillGreedy(1, perCall)
                .build();
    }

    void share(Share share) {
        if (bucket != null) {
            bucket.replaceConfiguration(
                    BucketConfiguration.builder().addLimit(bandwidth(share)).build(),
                    TokensInheritanceStrategy.PROPORTIONALLY);
        }
    }

    /** Nanoseconds until a call may begin; 0: now. */
    long nanosUntilFree() {
        return bucket == null ? 0 : bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
    }

    void take() {
        if (bucket != null && !bucket.tryConsume(1)) {
            throw new IllegalStateException("a call began before its time");
        }
    }

    /** Gives back what was taken for a call that was not made; what is above the burst is lost. */
    void giveBack() {
        if (bucket != null) {
            bucket.addTokens(1);
        }
    }

    private record Nanos(LongSupplier nanos) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanos.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
