package dev.serai.wire;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why an event was not answered with a room; the same names in replies, dead letters and metrics. */
public enum ErrorCategory {
    /** The event itself is wrong: publishing it again unchanged fails again. */
    INVALID_EVENT(false),
    /** The deadline passed before a room could be opened. */
    EXPIRED(false),
    /** An end event of its conversation came before there was a room. */
    CANCELLED(false),
    /** The provider refused the API key. */
    UNAUTHORIZED(true),
    /** The provider refused this request, or realtime access as a whole. */
    FORBIDDEN(false),
    /** The provider does not know the character, or it belongs to another account. */
    CHARACTER_NOT_FOUND(false),
    /** The session that the event itself named is gone; or, of an event that was answered with a room before, its room is. */
    SESSION_INVALID(false),
    /** The event's {@code shared_session_key} is in use, with other parameters. */
    SESSION_CONFLICT(true),
    /** The provider found the request wrong. */
    INVALID_REQUEST(false),
    /** The provider's hard limit of speakers is reached. */
    SPEAKER_LIMIT(false),
    /** What the provider's plan allows altogether, mostly in a month, is used up. */
    QUOTA_EXHAUSTED(true),
    /** The provider's plan or rate had no room for another session. */
    PROVIDER_BUSY(true),
    /** The provider could not be reached, or failed. */
    PROVIDER_UNAVAILABLE(true),
    /** The request was sent and no answer came: a session that nobody joins may exist. */
    OUTCOME_UNKNOWN(true),
    /** The provider's success answer was not usable: a session that nobody joins may exist. */
    PROTOCOL_ERROR(true),
    /** A required source of scene or dynamic information failed. */
    ENRICHMENT_FAILED(true),
    /** A defect of this service. */
    INTERNAL_ERROR(true);

    private final boolean retryable;

    ErrorCategory(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether publishing the same event again, later, can succeed. */
    public boolean retryable() {
        return retryable;
    }

    /** The name on the wire, such as {@code invalid_event}. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
