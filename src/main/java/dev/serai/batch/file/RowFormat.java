package dev.serai.batch.file;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.Locale;

/** How a file holds its rows. */
public enum RowFormat {
    /** Column names, then cells. */
    CSV,
    /** A JSON object on each line. */
    JSON_LINES;

    /** By the ending of a file's name; CSV if that does not tell. */
    static RowFormat ofName(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".jsonl") || name.endsWith(".ndjson") ? JSON_LINES : CSV;
    }

    /**
     * By the ending of its name, or else by its first character.
     *
     * @param text at its beginning, where it is afterwards, too
     */
    static RowFormat of(Path file, Reader text) throws IOException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv") || name.endsWith(".tsv") || ofName(file) == JSON_LINES) {
            return ofName(file);
        }
        text.mark(Rows.LOOKED_AT);
        int first = text.read();
        for (int looked = 1; first >= 0 && Character.isWhitespace(first) && looked < Rows.LOOKED_AT; looked++) {
            first = text.read();
        }
        text.reset();
        return first == '{' ? JSON_LINES : CSV;
    }
}
