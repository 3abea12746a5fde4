package dev.serai.cli;

import dev.serai.operate.explain.Looked;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far a long look has come, in one line that is written over; nothing unless somebody looks on. */
final class LookProgress implements Looked.Progress {
    private static final long LEAST_NANOS = Duration.ofMillis(200).toNanos();

    private final ProgressLine line;
    private long last = System.nanoTime();

    LookProgress(PrintWriter err) {
        line = new ProgressLine(err, Terminal.isThere());
    }

    @Override
    public void at(@Nullable String topic, long done, long all) {
        if (System.nanoTime() - last >= LEAST_NANOS && all > 0) {
            last = System.nanoTime();
            line.show("looking through " + topic + ": " + 100 * done / all + " %");
        }
    }

    /** Leaves the line empty for what comes. */
    void clear() {
        line.close();
    }
}
