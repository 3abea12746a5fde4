package dev.serai.connect.gate;

import org.jspecify.annotations.Nullable;

/**
 * A gate as of one moment.
 *
 * @param hold why no call may begin, or null if one may
 * @param cause what the provider did that keeps the gate closed, such as {@code it answers 503}; null where it is not the
 *     provider
 * @param waiting events that wait for their turn
 * @param batch how many of those are batch events
 * @param reserved whether batch events wait for nothing but that what is free is kept for live callers
 * @param underWay calls
 * @param limit calls that may be under way at once: the replica's share, or what the provider has shown to take
 * @param sessions those that are known to take slots of the plan; null if nobody has said how many there are
 */
public record GateStatus(
        @Nullable HoldReason hold,
        @Nullable String cause,
        int waiting,
        int batch,
        boolean reserved,
        int underWay,
        int limit,
        @Nullable Sessions sessions) {
    /**
     * Slots of the plan.
     *
     * @param taken by sessions and rooms that are known to be open, and by calls that are under way
     * @param most that may be: the replica's share
     */
    public record Sessions(long taken, int most) {}
}
