package dev.serai.http;

import java.io.IOException;

/**
 * A call that ended before its request was written to its end: the provider has seen nothing of it, or a part that it can
 * do nothing with.
 */
public final class NothingSentException extends IOException {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final boolean answered;

    /** @param cause only its class goes into the text: its own text may quote anything */
    NothingSentException(Exception cause) {
        super("nothing was sent: " + cause.getClass().getSimpleName(), cause);
        this.reason = cause.getClass().getSimpleName();
        answered = false;
    }

    /**
     * @param reason free of secrets
     * @param answered whether something came before the request was complete, which may be about this request
     */
    NothingSentException(String reason, boolean answered) {
        super("nothing was sent: " + reason);
        this.reason = reason;
        this.answered = answered;
    }

    /**
     * Whether somebody answered before the request was complete: it may be this request that is not wanted, such as one that
     * a gateway finds too large (RFC 9112, section 9.5), and not only everybody's.
     */
    public boolean isAnswered() {
        return answered;
    }

    /** Why, in a few words that are free of secrets. */
    public String reason() {
        return reason;
    }
}
