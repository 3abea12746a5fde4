package dev.serai.source.table;

import java.nio.file.Path;

/**
 * A file cannot be used as a table. The message names the file, the line where one is known, and what must be; never
 * what the file holds.
 */
public final class UnusableFileException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableFileException(Path file, String what) {
        super(file + " " + what);
    }

    UnusableFileException(Path file, long line, String what) {
        super(file + ", line " + line + " " + what);
    }
}
