package dev.serai.engine;

import java.time.Instant;

/** What the event was about to publish is of no use any more: its transaction could not be made in time. */
public final class CommitTooLateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommitTooLateException(String event, Instant notAfter) {
        super(event + " was to be published before " + notAfter, null, false, false);
    }
}
