package dev.serai.connect;

import java.util.Locale;

/** Why a session at the provider is ended by this service. */
public enum EndCause {
    /** An end event of its conversation, whoever published it. */
    END_EVENT,
    /** Its reply is not published: the event expired or was cancelled after the call, failed, or is left to another owner. */
    NOT_PUBLISHED,
    /** The provider's answer lacks what a client needs to join, and has the session's id. */
    UNUSABLE_ANSWER,
    /** The event's own {@code close_after_ms} has passed. */
    CLOSE_AFTER,
    /** The setting {@code serai.connect.max-session} has passed. */
    MAX_SESSION;

    /** For metrics and logs, such as {@code close_after}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
