package dev.serai.batch.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of a file, as it stands there.
 *
 * @param number counted from 1; headers and empty lines do not count
 * @param line where it begins, counted from 1
 * @param values by column, in the file's order; of CSV texts, also empty ones
 * @param mistake why it can be no row; null if it is one
 */
record Row(
        int number,
        long line,
        Map<String, JsonNode> values,
        @Nullable String mistake) {
    Row {
        values = Collections.unmodifiableMap(values);
    }

    static Row bad(int number, long line, String mistake) {
        return new Row(number, line, Map.of(), mistake);
    }

    /** Where it is: what it holds is personal data. */
    @Override
    public String toString() {
        return "Row[" + number + ", line " + line + "]";
    }
}
