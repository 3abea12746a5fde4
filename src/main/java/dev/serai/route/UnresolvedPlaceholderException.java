package dev.serai.route;

/** A route names a setting that there is none of; the message says where. */
public final class UnresolvedPlaceholderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnresolvedPlaceholderException(String message, Throwable cause) {
        super(message, cause);
    }
}
