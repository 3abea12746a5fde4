package dev.serai.loop;

import java.nio.file.Path;

/**
 * A file cannot be used for what it is there for. The message names the file, the line where one is known, and what must be;
 * never what the file holds.
 */
public final class UnusableFileException extends Exception {
    private static final long serialVersionUID = 1;

    private final long line;
    private final String what;

    public UnusableFileException(Path file, String what) {
        super(file + " " + what);
        this.line = 0;
        this.what = what;
    }

    public UnusableFileException(Path file, long line, String what) {
        super(file + ", line " + line + " " + what);
        this.line = line;
        this.what = what;
    }

    /** Counted from 1; 0 if none is known. */
    public long line() {
        return line;
    }

    /** What must be, without the file and the line. */
    public String what() {
        return what;
    }
}
