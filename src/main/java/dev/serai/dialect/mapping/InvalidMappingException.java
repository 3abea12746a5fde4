package dev.serai.dialect.mapping;

import java.nio.file.Path;

/** A mapping file cannot be used. The message names the file, the line and column where they are known, and what is wrong. */
public final class InvalidMappingException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidMappingException(Path file, String what) {
        super(file + " " + what);
    }

    InvalidMappingException(Path file, int line, int column, String what) {
        super(file + ", line " + line + ", column " + column + ": " + what);
    }
}
