package dev.serai.cli;

import dev.serai.operate.explain.Looked;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far a long look has come, in one line that is written over; nothing unless somebody looks on. */
final class LookProgress implements Looked.Progress {
    private static final long LEAST_NANOS = Duration.ofMillis(200).toNanos();

    /** What is right of the cursor. */
    private static final String CLEAR = "\u001b[K";

    private final @Nullable PrintWriter terminal;
    private long last = System.nanoTime();
    private boolean written;

    LookProgress(PrintWriter err) {
        terminal = Terminal.isThere() ? err : null;
    }

    @Override
    public void at(@Nullable String topic, long done, long all) {
        if (terminal == null || System.nanoTime() - last < LEAST_NANOS || all == 0) {
            return;
        }
        last = System.nanoTime();
        written = true;
        terminal.print("\r" + CLEAR + "looking through " + topic + ": " + 100 * done / all + " %");
        terminal.flush();
    }

    /** Leaves the line empty for what comes. */
    void clear() {
        if (terminal != null && written) {
            terminal.print("\r" + CLEAR);
            terminal.flush();
        }
    }
}
