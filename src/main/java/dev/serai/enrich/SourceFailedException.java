package dev.serai.enrich;

/**
 * A source of scene or dynamic information did not answer, not in time, or not with what was asked for. The message says
 * what went wrong in words that may be logged: it holds no credentials, and nothing that a source said.
 */
public final class SourceFailedException extends Exception {
    private static final long serialVersionUID = 1;

    public SourceFailedException(String message) {
        super(message);
    }

    public SourceFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
