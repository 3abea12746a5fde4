package dev.serai.settings;

/** A file holds no secret that could be used. The message names the file and what it must be, never what it holds. */
public final class SecretFileException extends Exception {
    private static final long serialVersionUID = 1;

    SecretFileException(String message) {
        super(message);
    }
}
