package dev.serai.loop;

import java.nio.file.Path;

/**
 * A file cannot be used for what it is there for. The message names the file, the line where one is known, and what must be;
 * never what the file holds.
 */
public final class UnusableFileException extends Exception {
    private static final long serialVersionUID = 1;

    public UnusableFileException(Path file, String what) {
        super(file + " " + what);
    }

    public UnusableFileException(Path file, long line, String what) {
        super(file + ", line " + line + " " + what);
    }
}
