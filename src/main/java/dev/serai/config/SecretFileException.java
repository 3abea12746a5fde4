package dev.serai.config;

/** A file holds no API key that could be used. The message names the file and what it must be, never what it holds. */
public final class KeyFileException extends Exception {
    private static final long serialVersionUID = 1;

    KeyFileException(String message) {
        super(message);
    }
}
