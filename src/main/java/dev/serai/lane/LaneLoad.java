package dev.serai.lane;

/**
 * What was held at one moment; the numbers belong together.
 *
 * @param queued tasks that wait for their turn
 * @param running tasks that have begun and not ended: at most as many as there are places, and as many again of those that
 *     only have to end
 * @param lanes keys with work; each task without a key counts as one
 */
public record LaneLoad(int queued, int running, int lanes) {

    /** A lane that nobody runs: it holds nothing and runs nothing. */
    static final LaneLoad CLOSED = new LaneLoad(0, 0, 0);

    public int held() {
        return queued + running;
    }
}
