package dev.serai.http;

import java.io.IOException;

/**
 * Something came in answer to a request, and it is not taken for its answer: it is no HTTP, it exceeds a bound, or it may
 * be another request's. What the other side made of the request is unknown.
 */
public final class AnswerRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final String reason;

    /** @param reason what is wrong, and the bound; free of what came */
    AnswerRefusedException(String reason) {
        super("an answer was refused: " + reason);
        this.reason = reason;
    }

    /** Why, in a few words that are free of secrets. */
    public String reason() {
        return reason;
    }
}
