package dev.serai.trial.standin;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The plan's limit on concurrent sessions of each API key (contract, section 5), from the moment at which it was set on.
 * Guarded by the lock of {@link OpenSessions}.
 */
final class SlotLimit {

    private final int max;
    private final @Nullable Duration heldFor;
    private final Map<Integer, Integer> takenByAccount = new HashMap<>();

    /**
     * @param max slots of each account, at least 0
     * @param heldFor a session lasts so long at most; null for as long as nothing else ends it
     */
    SlotLimit(int max, @Nullable Duration heldFor) {
        if (max < 0) {
            throw new IllegalArgumentException("the session limit must be at least 0, was " + max);
        }
        if (heldFor != null && heldFor.isNegative()) {
            throw new IllegalArgumentException("sessions must not be held for less than nothing, was " + heldFor);
        }
        this.max = max;
        this.heldFor = heldFor;
    }

    int max() {
        return max;
    }

    @Nullable
    Duration heldFor() {
        return heldFor;
    }

    boolean fits(int account, int slots) {
        return takenByAccount.getOrDefault(account, 0) + slots <= max;
    }

    void take(int account) {
        takenByAccount.merge(account, 1, Integer::sum);
    }

    void free(int account) {
        takenByAccount.merge(account, -1, Integer::sum);
    }

    int taken() {
        return takenByAccount.values().stream().mapToInt(Integer::intValue).sum();
    }
}
