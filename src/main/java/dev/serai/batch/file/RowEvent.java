package dev.serai.batch.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a row becomes.
 *
 * @param number its row's
 * @param rowId the user's own name of it; empty: none
 * @param key the conversation's
 * @param due when the event is to be published; null: as soon as can be
 */
record RowEvent(
        int number, String rowId, String key, @Nullable Instant due, ObjectNode event) {
    /** Which row it is: the rest is personal data. */
    @Override
    public String toString() {
        return "RowEvent[" + number + "]";
    }
}
