package dev.serai.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.loop.UnusableFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** How a file holds a table; by the ending of its name. */
enum FileFormat {
    /** One object: references and their values. */
    JSON {
        @Override
        Map<String, JsonNode> entries(Path file, String text, Columns columns) throws UnusableFileException {
            return JsonEntries.of(file, text);
        }
    },

    /** Column names, then rows. */
    CSV {
        @Override
        Map<String, JsonNode> entries(Path file, String text, Columns columns) throws UnusableFileException {
            return CsvEntries.of(file, text, columns);
        }
    };

    static FileFormat of(Path file) throws UnusableFileException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".json")) {
            return JSON;
        }
        if (name.endsWith(".csv")) {
            return CSV;
        }
        throw new UnusableFileException(file, "must end in .json or .csv, which tells its format");
    }

    /** @param columns mean nothing to JSON */
    abstract Map<String, JsonNode> entries(Path file, String text, Columns columns) throws UnusableFileException;
}
