package dev.serai.cli;

import java.io.PrintWriter;

/**
 * What a command does, for who looks on: on a terminal the last line is replaced by what is new, elsewhere every step is a
 * line and nothing is said in between. What does not fit in the terminal's width is cut. For one thread.
 */
final class ProgressLine implements AutoCloseable {
    private static final String BEGINNING = "\r";

    /** What is right of the cursor. */
    private static final String ERASE = "\u001b[K";

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
            String text = Printable.line(line);
            err.print(BEGINNING + text.substring(0, Math.min(text.length(), columns())) + ERASE);
            err.flush();
            shown = line;
        }
    }

    /** Leaves what is shown as it stands, above what comes. */
    void keep() {
        if (!shown.isEmpty()) {
            err.println();
            err.flush();
            shown = "";
        }
    }

    /** How many characters are shown of a line. */
    static int columns() {
        return Terminal.columns() - 1;
    }

    private void clear() {
        if (!shown.isEmpty()) {
            err.print(BEGINNING + ERASE);
            shown = "";
        }
    }

    @Override
    public void close() {
        clear();
        err.flush();
    }
}
