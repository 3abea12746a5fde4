package dev.serai.batch.file;

import org.jspecify.annotations.Nullable;

/** A row cannot become an event. */
final class BadCell extends Exception {
    private static final long serialVersionUID = 1;

    private final @Nullable String column;
    private final String reason;

    BadCell(@Nullable String column, String reason) {
        super(reason);
        this.column = column;
        this.reason = reason;
    }

    /** Null if it is not of one column. */
    @Nullable
    String column() {
        return column;
    }

    String reason() {
        return reason;
    }
}
