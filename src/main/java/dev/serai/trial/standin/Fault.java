package dev.serai.trial.standin;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with a call on purpose. A fault either replaces the answer, so that the call has no effect
 * ({@link Status}, {@link Html}, {@link ResetBefore}, {@link Hang}), or lets the call take its normal effect and spoils
 * what the caller sees of it ({@link ResetAfter}, {@link TruncatedJson}, {@link MissingFields}, {@link Delay}).
 */
public sealed interface Fault {

    /** The lowest status that an HTTP server may end a call with. */
    int MIN_STATUS = 200;

    /** The highest status that has a meaning. */
    int MAX_STATUS = 599;

    /** The name of this kind in the admin API and in recorded calls, for example {@code reset_before}. */
    default String kind() {
        return switch (this) {
            case Status status -> "status";
            case Html html -> "html";
            case ResetBefore resetBefore -> "reset_before";
            case ResetAfter resetAfter -> "reset_after";
            case Hang hang -> "hang";
            case TruncatedJson truncatedJson -> "truncated_json";
            case MissingFields missingFields -> "missing_fields";
            case Delay delay -> "delay";
        };
    }

    /** {@code status} with an empty body. */
    static Status status(int status) {
        return new Status(status, null, null, null);
    }

    /** {@code status} with the body {@code {"detail": detail}}. */
    static Status status(int status, String detail) {
        return new Status(status, detail, null, null);
    }

    /** {@code status} with {@code body} as it is, declared as {@code application/json}. */
    static Status rawStatus(int status, String body) {
        return new Status(status, null, body, null);
    }

    /** A gateway's HTML page with {@code status}. */
    static Html html(int status) {
        return new Html(status, "<html><body><h1>" + status + " from the gateway</h1></body></html>");
    }

    /** The connection is reset once the request has been read; no session is made. */
    static ResetBefore resetBefore() {
        return new ResetBefore();
    }

    /** The call takes effect (a session is made), then the connection is reset without an answer. */
    static ResetAfter resetAfter() {
        return new ResetAfter();
    }

    /** No answer until the caller gives up or the stand-in closes. */
    static Hang hang() {
        return new Hang(null);
    }

    /** No answer; after {@code duration} the connection is reset. */
    static Hang hang(Duration duration) {
        return new Hang(duration);
    }

    /** The normal answer, its body cut in the middle, with a {@code Content-Length} that fits what is left. */
    static TruncatedJson truncatedJson() {
        return new TruncatedJson();
    }

    /** The normal answer without the fields that every answer must have (contract, section 1). */
    static MissingFields missingFields() {
        return new MissingFields(Set.of("session_id", "character_session_id", "room_url"));
    }

    /** The normal answer without {@code fields}. */
    static MissingFields missingFields(String... fields) {
        return new MissingFields(Set.of(fields));
    }

    /** The normal answer, later by a time between {@code min} and {@code max}. */
    static Delay delay(Duration min, Duration max) {
        return new Delay(min, max);
    }

    /**
     * An error answer.
     *
     * @param status 200 to 599
     * @param detail the text in {@code {"detail": …}}; null when {@code body} is given or the body shall be empty
     * @param body the whole body as it is, sent as {@code application/json}; at most one of the two is given
     * @param retryAfter the {@code Retry-After} header as it is: seconds, an HTTP date or nonsense; null for none
     */
    record Status(
            int status,
            @Nullable String detail,
            @Nullable String body,
            @Nullable String retryAfter) implements Fault {
        public Status {
            requireStatus(status);
            if (detail != null && body != null) {
                throw new IllegalArgumentException("a status fault takes detail or body, not both");
            }
            if (retryAfter != null && !retryAfter.chars().allMatch(c -> c >= ' ' && c < 127)) {
                throw new IllegalArgumentException("retryAfter must be printable ASCII");
            }
        }

        /** The same answer with a {@code Retry-After} header. */
        public Status withRetryAfter(String value) {
            return new Status(status, detail, body, value);
        }
    }

    /**
     * An answer of a gateway.
     *
     * @param status 200 to 599
     * @param body sent as {@code text/html}
     */
    record Html(int status, String body) implements Fault {
        public Html {
            requireStatus(status);
        }
    }

    /** See {@link #resetBefore()}. */
    record ResetBefore() implements Fault {}

    /** See {@link #resetAfter()}. */
    record ResetAfter() implements Fault {}

    /**
     * See {@link #hang()}.
     *
     * @param duration after which the connection is reset; null for never
     */
    record Hang(@Nullable Duration duration) implements Fault {
        public Hang {
            if (duration != null && duration.isNegative()) {
                throw new IllegalArgumentException("a hang must not last less than nothing, was " + duration);
            }
        }
    }

    /** See {@link #truncatedJson()}. */
    record TruncatedJson() implements Fault {}

    /**
     * See {@link #missingFields(String...)}.
     *
     * @param fields names on the top level of the answer; at least one
     */
    record MissingFields(Set<String> fields) implements Fault {
        public MissingFields {
            if (fields.isEmpty()) {
                throw new IllegalArgumentException("a missing_fields fault names at least one field");
            }
            fields = Set.copyOf(fields);
        }

        @Override
        public String toString() {
            return "MissingFields" + new TreeSet<>(fields);
        }
    }

    /**
     * See {@link #delay(Duration, Duration)}. It comes on top of the latency that is set for all calls.
     *
     * @param min the shortest, inclusive
     * @param max the longest, inclusive
     */
    record Delay(Duration min, Duration max) implements Fault {
        public Delay {
            Latency.requireRange(min, max);
        }
    }

    private static void requireStatus(int status) {
        if (status < MIN_STATUS || status > MAX_STATUS) {
            throw new IllegalArgumentException(
                    "a status must be from " + MIN_STATUS + " to " + MAX_STATUS + ", was " + status);
        }
    }
}
