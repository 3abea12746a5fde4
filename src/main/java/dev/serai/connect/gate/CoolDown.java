package dev.serai.connect.gate;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pause that a busy or failing provider asks for, and what comes after it: one call at a time, until one has proved that
 * it was long enough.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class CoolDown {
    private final GateRules rules;
    private final LongSupplier nanos;
    private final Jitter jitter;

    /** For what a failing provider asks for. */
    private long failingUntil;
    /** For a plan or a rate that is used up. */
    private long busyUntil;
    /** When a session was ended last whose slot nobody has tried to get since; calls that began before found it taken. */
    private @Nullable Long freedAt;

    private boolean unproven;
    private int failedProbes;

    /** @param nanos a clock that never goes back */
    CoolDown(GateRules rules, LongSupplier nanos, Jitter jitter) {
        this.rules = rules;
        this.nanos = nanos;
        this.jitter = jitter;
        failingUntil = nanos.getAsLong();
        busyUntil = failingUntil;
    }

    /**
     * Nanoseconds until a call may begin: 0 if one may now, {@link Long#MAX_VALUE} if it has to wait for the end of the probe
     * that is under way.
     *
     * @param findingOut whether a probe, which finds out whether the pause was long enough, is under way
     */
    long nanosUntilOver(boolean findingOut) {
        long left = Math.max(failingUntil, busyUntil) - nanos.getAsLong();
        if (left > 0) {
            return left;
        }
        // Whoever is finding out asked before that slot was free, or for another one.
        return unproven && findingOut && freedAt == null ? Long.MAX_VALUE : 0;
    }

    /** A call begins. */
    void begun() {
        freedAt = null;
    }

    /** Whether no call has proved yet that the pause was long enough. */
    boolean isUnproven() {
        return unproven;
    }

    void proven() {
        unproven = false;
    }

    /**
     * The plan or the rate is used up.
     *
     * @param asked for how long to stay away; null if the provider did not say
     */
    void busy(Permit permit, @Nullable Duration asked) {
        long until = begin(
                permit, asked == null ? null : longer(asked, rules.coolDown().dividedBy(10)));
        if (freedAt != null && permit.begunNanos() <= freedAt) {
            // It asked before the slot was free: one call more finds out, as it would have at the time.
            freedAt = null;
        } else {
            busyUntil = Math.max(busyUntil, until);
        }
    }

    /** The provider fails, and said for how long to stay away. */
    void failing(Permit permit, Duration asked) {
        failingUntil = Math.max(failingUntil, begin(permit, asked));
    }

    /** From now on one call at a time is made, and none before the time that is returned. */
    private long begin(Permit permit, @Nullable Duration asked) {
        failedProbes = !unproven ? 0 : permit.probe() ? failedProbes + 1 : failedProbes;
        // Not earlier than asked, and not everybody at the same moment.
        long pause = asked == null
                ? jitter.of(rules.coolDown(), 0.97)
                : jitter.of(asked.multipliedBy(11).dividedBy(10), 10 / 11.0);
        unproven = true;
        return nanos.getAsLong() + pause;
    }

    /** A date of one second's precision, by a clock that is not ours, may ask for no pause at all. */
    private static Duration longer(Duration asked, Duration least) {
        return asked.compareTo(least) > 0 ? asked : least;
    }

    /**
     * A session of these credentials was ended. While the plan is used up, one call finds out whether there is room now,
     * whatever pause was asked for before; what the provider asks for because it fails is not about slots.
     */
    void slotFreed() {
        freedAt = nanos.getAsLong();
        busyUntil = Math.min(busyUntil, freedAt);
    }

    /** How many calls have found out in vain. */
    int failedProbes() {
        return failedProbes;
    }
}
