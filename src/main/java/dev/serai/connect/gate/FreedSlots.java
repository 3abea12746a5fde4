package dev.serai.connect.gate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * How long it takes from the end of a session to a room for somebody who waited then: each ended session is matched with one
 * room, whose call began after it.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class FreedSlots {
    /** More than waits for a call that is about to be made; of more that are ended at once the first are measured. */
    private static final int MOST = 1_000;

    /** What comes later than that has nothing to do with it. */
    private static final long LONGEST = Duration.ofMinutes(5).toNanos();

    private final ArrayDeque<Long> freedAt = new ArrayDeque<>();
    private Consumer<Duration> listener = afterwards -> {};

    /** @param told how long a slot had been free when a call came to its room */
    void onTaken(Consumer<Duration> told) {
        listener = told;
    }

    void freed(long now) {
        if (freedAt.size() < MOST) {
            freedAt.add(now);
        }
    }

    /** A call has come to a room. */
    void taken(Permit permit, long now) {
        freedAt.removeIf(freed -> now - freed > LONGEST);
        Long freed = freedAt.peek();
        if (freed != null && permit.begunNanos() >= freed) {
            freedAt.remove();
            listener.accept(Duration.ofNanos(now - freed));
        }
    }

    /** Who waited has got a room, or has given up. */
    void nobodyWaits() {
        freedAt.clear();
    }
}
