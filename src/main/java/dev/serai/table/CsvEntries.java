package dev.serai.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.serai.loop.UnusableFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A table as CSV: cells between commas, in double quotes where they hold commas, line breaks or quotes, which are then
 * doubled. Lines with nothing in them do not count.
 */
final class CsvEntries {
    private static final CsvFactory CSV = CsvFactory.builder()
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final Path file;
    private final CsvParser parser;

    private CsvEntries(Path file, CsvParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static Map<String, JsonNode> of(Path file, String text, Columns needed) throws UnusableFileException {
        try (CsvParser parser = CSV.createParser(text)) {
            return new CsvEntries(file, parser).read(needed);
        } catch (JsonProcessingException e) {
            // Not the parser's own message: it quotes the file.
            throw new UnusableFileException(
                    file,
                    e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                    "is no CSV: a quote that opens a cell needs one that closes it, before a comma or the line's end");
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be read", e);
        }
    }

    private Map<String, JsonNode> read(Columns needed) throws IOException, UnusableFileException {
        List<String> columns = columns();
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
        for (List<String> row = row(); row != null; row = row()) {
            if (row.size() != columns.size()) {
                throw mistake("must have " + cells(columns.size()) + ", as the first line has, not " + row.size());
            }
            String key = row.get(keyAt);
            if (key.isEmpty()) {
                throw mistake("must have a reference in column \"" + needed.key() + "\"");
            }
            entries.computeIfAbsent(key, any -> JsonNodeFactory.instance.arrayNode())
                    .add(object(columns, row));
        }
        return new HashMap<>(entries);
    }

    private List<String> columns() throws IOException, UnusableFileException {
        List<String> first = row();
        if (first == null) {
            throw new UnusableFileException(file, "must name its columns in its first line");
        }
        List<String> columns = first.stream().map(String::strip).toList();
        Set<String> names = new HashSet<>();
        for (int at = 0; at < columns.size(); at++) {
            if (columns.get(at).isEmpty()) {
                throw mistake("must have a name for column " + (at + 1));
            }
            if (!names.add(columns.get(at))) {
                throw mistake("must have another name for column " + (at + 1) + ": it has that of an earlier one");
            }
        }
        return columns;
    }

    /** The cells of the next row; null after the last. */
    private @Nullable List<String> row() throws IOException {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            return null;
        }
        List<String> row = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            row.add(parser.getText());
        }
        return row;
    }

    private UnusableFileException mistake(String what) {
        return new UnusableFileException(file, parser.currentTokenLocation().getLineNr(), what);
    }

    private static ObjectNode object(List<String> columns, List<String> row) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int at = 0; at < columns.size(); at++) {
            // A null text is JSON's null.
            object.put(columns.get(at), row.get(at).isEmpty() ? null : row.get(at));
        }
        return object;
    }

    private static String cells(int count) {
        return count + (count == 1 ? " cell" : " cells");
    }
}
