package dev.serai.batch.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.serai.loop.UnusableFileException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CSV with a header: cells between commas, semicolons or tabs, whichever the header has most of; in double quotes where they
 * hold those, line breaks or quotes, which are then doubled. Lines with nothing in them do not count. For one thread.
 */
final class CsvRows implements Rows {
    static final String NO_TEXT = "holds bytes that are no UTF-8: save the file in UTF-8";

    private static final CsvFactory CSV = CsvFactory.builder()
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_CHARACTERS)
                    .build())
            .build();

    private final Path file;
    private final DecodedText text;
    private final CsvParser parser;
    private final char delimiter;
    private List<String> columns = List.of();
    private long line;
    private long lastLine;
    private int number;

    private CsvRows(Path file, DecodedText text, CsvParser parser, char delimiter) {
        this.file = file;
        this.text = text;
        this.parser = parser;
        this.delimiter = delimiter;
    }

    static CsvRows open(Path file, DecodedText text, Reader reader) throws IOException, UnusableFileException {
        char delimiter = delimiter(reader);
        CsvParser parser = CSV.createParser(reader);
        parser.setSchema(CsvSchema.emptySchema().withColumnSeparator(delimiter));
        CsvRows rows = new CsvRows(file, text, parser, delimiter);
        rows.readHeader();
        return rows;
    }

    /** The text is at its beginning before and after. */
    private static char delimiter(Reader text) throws IOException {
        text.mark(LOOKED_AT);
        int commas = 0;
        int semicolons = 0;
        int tabs = 0;
        boolean isQuoted = false;
        boolean isBegun = false;
        for (int looked = 0; looked < LOOKED_AT; looked++) {
            int next = text.read();
            boolean isLineEnd = next == '\n' || next == '\r';
            if (next < 0 || (isBegun && !isQuoted && isLineEnd)) {
                break;
            }
            isBegun |= !Character.isWhitespace(next) || next == '\t';
            isQuoted ^= next == '"';
            if (!isQuoted) {
                commas += next == ',' ? 1 : 0;
                semicolons += next == ';' ? 1 : 0;
                tabs += next == '\t' ? 1 : 0;
            }
        }
        text.reset();
        return semicolons > commas && semicolons >= tabs ? ';' : tabs > commas ? '\t' : ',';
    }

    private void readHeader() throws IOException, UnusableFileException {
        List<String> first = cells();
        if (first == null) {
            throw new UnusableFileException(file, "must name its columns in its first line, and is empty");
        }
        if (text.isMalformedUpTo(lastLine)) {
            throw new UnusableFileException(file, line, NO_TEXT);
        }
        List<String> names = first.stream().map(String::strip).toList();
        Set<String> seen = new HashSet<>();
        for (int at = 0; at < names.size(); at++) {
            if (names.get(at).isEmpty()) {
                throw new UnusableFileException(file, line, "must have a name for column " + (at + 1));
            }
            if (!seen.add(names.get(at))) {
                throw new UnusableFileException(
                        file,
                        line,
                        "must have another name for column " + (at + 1) + ": it has that of an earlier one");
            }
        }
        columns = names;
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    /** Between cells. */
    char delimiter() {
        return delimiter;
    }

    @Override
    public @Nullable Row next() throws IOException, UnusableFileException {
        List<String> cells = cells();
        if (cells == null) {
            return null;
        }
        number++;
        if (text.isMalformedUpTo(lastLine)) {
            return Row.bad(number, line, NO_TEXT);
        }
        if (cells.size() != columns.size()) {
            return Row.bad(
                    number,
                    line,
                    "must have " + columns.size() + (columns.size() == 1 ? " cell" : " cells")
                            + ", as the first line has, not " + cells.size());
        }
        if (cells.stream().allMatch(String::isBlank)) {
            return Row.bad(number, line, "is a row of empty cells: remove it");
        }
        Map<String, JsonNode> values = LinkedHashMap.newLinkedHashMap(cells.size());
        for (int at = 0; at < cells.size(); at++) {
            values.put(columns.get(at), TextNode.valueOf(cells.get(at)));
        }
        return new Row(number, line, values, null);
    }

    /** Of the next line that is not empty; null after the last. */
    private @Nullable List<String> cells() throws IOException, UnusableFileException {
        try {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return null;
            }
            List<String> cells = new ArrayList<>(columns.size());
            long characters = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                cells.add(parser.getText());
                characters += parser.getTextLength();
                if (cells.size() == 1) {
                    line = parser.currentTokenLocation().getLineNr();
                }
                lastLine = parser.currentLocation().getLineNr();
                if (characters > MAX_CHARACTERS) {
                    throw new UnusableFileException(file, line, tooLong());
                }
            }
            return cells;
        } catch (StreamConstraintsException e) {
            throw new UnusableFileException(file, lastLine, tooLong());
        } catch (JsonProcessingException e) {
            // Not the parser's own message: it quotes the file.
            throw new UnusableFileException(
                    file,
                    e.getLocation() == null ? lastLine : e.getLocation().getLineNr(),
                    "is no CSV: a quote that opens a cell needs one that closes it, before the next delimiter or the"
                            + " line's end. Look from line " + lastLine + " on; what follows was not looked at");
        }
    }

    private static String tooLong() {
        return "must have at most " + MAX_CHARACTERS
                + " characters in a row: has a cell that begins with a quote lost the one that closes it?";
    }

    @Override
    public String digest() {
        return text.digest();
    }

    @Override
    public void close() throws IOException {
        parser.close();
        text.close();
    }
}
