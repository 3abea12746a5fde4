package dev.serai.operate.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a check has looked at. Immutable.
 *
 * @param text what was found, with the value and its bound; may have several lines
 * @param remedy what to do; null where nothing is to be done, or where the text says it
 * @param blocks whether more could not be looked at because of it: somebody does not answer, or not to this client
 */
public record Found(Status status, String text, @Nullable String remedy, boolean blocks) {
    /** What it means. */
    public enum Status {
        OK,
        /** It works now; it can become trouble, or could not be told for sure. */
        WARNING,
        /** Something does not work, or loses what must be kept, or keeps what must go. */
        ERROR,
        /** Not looked at, for the reason that the text gives. */
        SKIPPED
    }

    static Found ok(String text) {
        return new Found(Status.OK, text, null, false);
    }

    static Found warning(String text, String remedy) {
        return new Found(Status.WARNING, text, remedy, false);
    }

    static Found error(String text, String remedy) {
        return new Found(Status.ERROR, text, remedy, false);
    }

    /** An error after which more cannot be looked at. */
    static Found blocked(String text, @Nullable String remedy) {
        return new Found(Status.ERROR, text, remedy, true);
    }

    static Found skipped(String text) {
        return new Found(Status.SKIPPED, text, null, false);
    }

    /** Of somebody else's finding, whose text says what to do. */
    public static Found of(Status status, String text) {
        return new Found(status, text, null, false);
    }
}
