package dev.serai.source;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A source of scene or dynamic information did not answer, not in time, or not with what was asked for. The message says
 * what went wrong in words that may be logged: it holds no credentials, and nothing that a source said.
 */
public final class SourceFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final @Nullable String evidence;

    /** What replies and metrics say of the failure. */
    public enum Reason {
        /** No answer in time. */
        TIMED_OUT("did not answer in time"),
        /** There was no connection to it. */
        UNREACHABLE("cannot be reached"),
        /** It answered that it failed, or refused to answer. */
        ERROR("answered with an error"),
        /** It answered that it cannot be asked for this: for something else it may be well. */
        REFUSED("refused what it was asked for"),
        /** It answered, and not with what was asked for. */
        UNUSABLE("gave an answer that cannot be used"),
        /** It was not asked: as many look-ups as may be were under way. */
        OVERLOADED("has too many look-ups under way"),
        /** It was not asked: it kept failing, and is left alone for a while. */
        RESTING("kept failing and is left alone for a while"),
        /** Anything else. */
        FAILED("failed");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** The rest of a sentence that begins with the source. */
        public String text() {
            return text;
        }

        /** As metrics name it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public SourceFailedException(Reason reason, String message) {
        this(reason, message, null, null);
    }

    public SourceFailedException(Reason reason, String message, Throwable cause) {
        this(reason, message, null, cause);
    }

    /** @param evidence see {@link #evidence} */
    public SourceFailedException(Reason reason, String message, @Nullable String evidence, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.evidence = evidence;
    }

    /** An answer that cannot be used. */
    static SourceFailedException unusable(String message) {
        return new SourceFailedException(Reason.UNUSABLE, message, message, null);
    }

    /**
     * What was seen of the failure, in words that a reply may say: an HTTP status or an SQLState, and the host; null if no
     * more is known than the reason.
     */
    public @Nullable String evidence() {
        return evidence;
    }

    /** The reason and the evidence: the rest of a sentence that begins with the source. */
    public String text() {
        return evidence == null ? reason.text() : reason.text() + ": " + evidence;
    }

    public Reason reason() {
        return reason;
    }

    /** Whether the source answered, so that nothing is known against asking it for something else. */
    boolean isAnswer() {
        return switch (reason) {
            case REFUSED, UNUSABLE -> true;
            case TIMED_OUT, UNREACHABLE, ERROR, OVERLOADED, RESTING, FAILED -> false;
        };
    }
}
