package dev.serai.cli;

import java.io.PrintWriter;

/**
 * What a command does, for who looks on: on a terminal the last line is replaced by what is new, elsewhere every step is a
 * line and nothing is said in between. For one thread.
 */
final class ProgressLine implements AutoCloseable {
    /** Back to the line's beginning, and what is there erased. */
    private static final String AGAIN = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean onTerminal;
    private String shown = "";

    ProgressLine(PrintWriter err, boolean onTerminal) {
        this.err = err;
        this.onTerminal = onTerminal;
    }

    /** Something that is to stay. */
    void step(String line) {
        clear();
        err.println("serai: " + Printable.line(line));
        err.flush();
    }

    /** Something that the next one replaces; nothing outside of a terminal. */
    void show(String line) {
        if (onTerminal && !line.equals(shown)) {
            err.print(AGAIN + Printable.line(line));
            err.flush();
            shown = line;
        }
    }

    private void clear() {
        if (!shown.isEmpty()) {
            err.print(AGAIN);
            shown = "";
        }
    }

    @Override
    public void close() {
        clear();
        err.flush();
    }
}
