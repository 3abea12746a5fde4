package dev.serai.service;

import java.nio.file.Path;
import java.util.List;

/** The routes must not start; the message says what is wrong, where, and what to do. */
public final class InvalidRoutesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // an unmodifiable list of texts
    private final List<String> mistakes;

    /** @param mistakes at least one */
    InvalidRoutesException(Path folder, List<String> mistakes) {
        super("the routes in " + folder + " must not start:\n  " + String.join("\n  ", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** At least one. */
    List<String> mistakes() {
        return mistakes;
    }
}
