package dev.serai.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.loop.UnusableFileException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A table as CSV: cells between commas, see {@link CsvReader}. Stateless. */
final class CsvEntries {
    private CsvEntries() {}

    static Map<String, JsonNode> of(Path file, String text, Columns needed) throws UnusableFileException {
        try (CsvReader csv = new CsvReader(file, new StringReader(text), ',')) {
            return read(file, csv, needed);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be read", e);
        }
    }

    private static Map<String, JsonNode> read(Path file, CsvReader csv, Columns needed)
            throws IOException, UnusableFileException {
        List<String> columns = csv.columns(csv.cells());
        int keyAt = columns.indexOf(needed.key());
        if (keyAt < 0) {
            throw new UnusableFileException(file, "must name a column \"" + needed.key() + "\" in its first line");
        }
        for (String column : new TreeSet<>(needed.needed())) {
            if (!columns.contains(column)) {
                throw new UnusableFileException(
                        file, "must name a column \"" + column + "\" in its first line: what is found is made of it");
            }
        }
        Map<String, ArrayNode> entries = new HashMap<>();
        for (List<String> row = csv.cells(); row != null; row = csv.cells()) {
            String misfit = CsvReader.misfit(columns, row);
            if (misfit != null) {
                throw csv.mistake(misfit);
            }
            String key = row.get(keyAt);
            if (key.isEmpty()) {
                throw csv.mistake("must have a reference in column \"" + needed.key() + "\"");
            }
            entries.computeIfAbsent(key, any -> JsonNodeFactory.instance.arrayNode())
                    .add(object(columns, row));
        }
        return new HashMap<>(entries);
    }

    private static ObjectNode object(List<String> columns, List<String> row) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int at = 0; at < columns.size(); at++) {
            // A null text is JSON's null.
            object.put(columns.get(at), row.get(at).isEmpty() ? null : row.get(at));
        }
        return object;
    }
}
