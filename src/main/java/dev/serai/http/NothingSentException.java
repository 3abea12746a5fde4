package dev.serai.http;

import java.io.IOException;

/**
 * A call that ended before its request was written to its end: the provider has seen nothing of it, or a part that it can
 * do nothing with.
 */
public final class NothingSentException extends IOException {
    private static final long serialVersionUID = 1;

    private final String reason;

    /** @param cause only its class goes into the text: its own text may quote anything */
    NothingSentException(Exception cause) {
        super("nothing was sent: " + cause.getClass().getSimpleName(), cause);
        this.reason = cause.getClass().getSimpleName();
    }

    /** @param reason free of secrets */
    NothingSentException(String reason) {
        super("nothing was sent: " + reason);
        this.reason = reason;
    }

    /** Why, in a few words that are free of secrets. */
    public String reason() {
        return reason;
    }
}
