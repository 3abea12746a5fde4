package dev.serai.connect.gate;

/**
 * How many calls may be under way at once: what there is room for by configuration, and less for a while after the
 * provider said that it is busy. As TCP does it (RFC 5681, section 3.1), it finds a limit that nobody tells: slow start,
 * then additive increase, and multiplicative decrease.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class Concurrency {
    private int most;
    private int limit;
    /** From this limit on it grows slowly. */
    private int slowFrom;
    /** Since the limit changed. */
    private int successes;

    private int underWay;
    /** Counts decreases: a call that began before the last one says nothing new by failing. */
    private int epoch;

    Concurrency(int most) {
        this.most = most;
        limit = half(most);
        slowFrom = most;
    }

    private static int half(int calls) {
        return Math.ceilDiv(calls, 2);
    }

    boolean hasRoom() {
        return underWay < limit;
    }

    /**
     * Whether a call that can wait may begin: another one that cannot has room beside it, as far as more than one may be under
     * way.
     */
    boolean hasRoomToSpare() {
        return underWay < mostToSpare();
    }

    private int mostToSpare() {
        return Math.max(1, limit - 1);
    }

    /** A call begins; the epoch to give back with it. */
    int begun() {
        underWay++;
        return epoch;
    }

    void ended() {
        underWay--;
    }

    /**
     * The call that is about to end succeeded. It tells something only if the limit was in use.
     *
     * @param couldWait whether it was one that leaves room for another, and the limit is in use when that is
     */
    void succeeded(boolean couldWait) {
        if (limit == most || underWay < (couldWait ? mostToSpare() : limit)) {
            return;
        }
        successes++;
        if (limit < slowFrom && successes >= limit) {
            limitTo(Math.min(2 * limit, slowFrom));
        } else if (successes >= 2 * limit) {
            limitTo(limit + 1);
        }
    }

    private void limitTo(int calls) {
        limit = Math.clamp(calls, 1, most);
        successes = 0;
    }

    /** The provider had no room for a call that began in that epoch. */
    void busy(int begunIn) {
        if (begunIn == epoch) {
            epoch++;
            limitTo(limit / 2);
            slowFrom = limit;
        }
    }

    /** The provider fails as a whole: begin with one call when it is back. */
    void outage() {
        epoch++;
        slowFrom = Math.clamp(limit / 2, 1, most);
        limitTo(1);
    }

    /** The replica's share has changed. What was learnt of the provider scales with it. */
    void most(int calls) {
        int scaledLimit = scaled(limit, calls);
        slowFrom = scaled(slowFrom, calls);
        most = calls;
        limitTo(scaledLimit);
    }

    private int scaled(int number, int calls) {
        return Math.clamp(Math.ceilDiv((long) number * calls, most), 1, calls);
    }

    int most() {
        return most;
    }

    int limit() {
        return limit;
    }

    int underWay() {
        return underWay;
    }
}
