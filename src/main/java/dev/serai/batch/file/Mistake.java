package dev.serai.batch.file;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong in a file, and where.
 *
 * @param row its number; 0 if it is no row's
 * @param rowId the user's own name of the row; empty if it has none, or that is not known
 * @param line where the row begins; 0 if it is no row's
 * @param column null if it is not of one column
 * @param reason what must be; never what the file holds
 */
public record Mistake(
        int row, String rowId, long line, @Nullable String column, String reason) {
    /** For people: {@code line 7, column character: …}. */
    public String text() {
        String place = line == 0 ? "" : "line " + line;
        if (column != null) {
            place += (place.isEmpty() ? "" : ", ") + "column " + column;
        }
        return place.isEmpty() ? reason : place + ": " + reason;
    }
}
