package dev.serai.session;

/** What is sealed cannot be opened; the message says why, and nothing of it. */
public final class UnsealableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnsealableException(String message) {
        super(message);
    }
}
