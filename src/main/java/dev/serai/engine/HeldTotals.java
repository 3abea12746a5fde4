package dev.serai.engine;

/**
 * What is held and what runs of all partitions together, and how much room that leaves: for all, and for one of them.
 *
 * <p>A partition may hold twice as many events, and bytes, as there is room left for after it (dynamic thresholds;
 * Choudhury and Hahne 1998): a single one gets two thirds of all, and no partition's events leave the others none.
 *
 * <p>Guarded by the {@link AssignmentsLock}. Bytes are those of the records as they came: keys, values and headers.
 */
final class HeldTotals {
    private static final int HELD_FOR_EACH_FREE_ONE = 2;

    private final int maxEvents;
    private final long maxBytes;
    private int events;
    private long bytes;
    private int running;

    /**
     * @param maxEvents held at once, from which on there is no room; at least 1
     * @param maxBytes of their records together, from which on there is no room, either; at least 1, so that there always is
     *     when nothing is held
     */
    HeldTotals(int maxEvents, long maxBytes) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
    }

    void add(int moreEvents, long moreBytes) {
        events += moreEvents;
        bytes += moreBytes;
    }

    void remove(int fewerEvents, long fewerBytes) {
        events -= fewerEvents;
        bytes -= fewerBytes;
    }

    void begun() {
        running++;
    }

    void ended() {
        running--;
    }

    boolean hasRoom() {
        return events < maxEvents && bytes < maxBytes;
    }

    /** Whether one partition that holds so much has all that it may have. */
    boolean hasNoRoomBeside(int eventsOfOne, long bytesOfOne) {
        return eventsOfOne >= HELD_FOR_EACH_FREE_ONE * (maxEvents - events)
                || bytesOfOne / HELD_FOR_EACH_FREE_ONE >= maxBytes - bytes;
    }

    int events() {
        return events;
    }

    long bytes() {
        return bytes;
    }

    /** Events that have begun and not ended, those included whose partition is no longer this process's. */
    int running() {
        return running;
    }
}
