package dev.serai.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.serai.loop.UnusableFileException;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CSV with a header: cells between delimiters, in double quotes where they hold those, line breaks or quotes, which are then
 * doubled. Lines with nothing in them do not count. For one thread; memory is bounded by the longest row.
 */
public final class CsvReader implements Closeable {
    /** In a row. */
    private static final int MAX_CHARACTERS = 16 << 20;

    private static final CsvFactory CSV = CsvFactory.builder()
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_CHARACTERS)
                    .build())
            .build();

    private final Path file;
    private final CsvParser parser;
    private long line = 1;
    private long lastLine = 1;

    /** @param text is closed with this */
    public CsvReader(Path file, Reader text, char delimiter) throws IOException {
        this.file = file;
        parser = CSV.createParser(text);
        parser.setSchema(CsvSchema.emptySchema().withColumnSeparator(delimiter));
    }

    /**
     * The cells of the next row, the header the first of them; null after the last.
     *
     * @throws UnusableFileException if what follows cannot be told apart any more
     */
    public @Nullable List<String> cells() throws IOException, UnusableFileException {
        try {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return null;
            }
            List<String> cells = new ArrayList<>();
            long characters = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                cells.add(parser.getText());
                characters += parser.getTextLength();
                if (cells.size() == 1) {
                    line = parser.currentTokenLocation().getLineNr();
                }
                lastLine = parser.currentLocation().getLineNr();
                if (characters > MAX_CHARACTERS) {
                    throw mistake(tooLong());
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

    /**
     * The names of the columns.
     *
     * @param header the first row's cells, which have just been read; null if there are none
     */
    public List<String> columns(@Nullable List<String> header) throws UnusableFileException {
        if (header == null) {
            throw new UnusableFileException(file, "must name its columns in its first line, and is empty");
        }
        List<String> names = header.stream().map(String::strip).toList();
        Set<String> seen = new HashSet<>();
        for (int at = 0; at < names.size(); at++) {
            if (names.get(at).isEmpty()) {
                throw mistake("must have a name for column " + (at + 1));
            }
            if (!seen.add(names.get(at))) {
                throw mistake("must have another name for column " + (at + 1) + ": it has that of an earlier one");
            }
        }
        return names;
    }

    /** What is wrong with a row that has not as many cells as there are columns; null if it has. */
    public static @Nullable String misfit(List<String> columns, List<String> cells) {
        return cells.size() == columns.size()
                ? null
                : "must have " + columns.size() + (columns.size() == 1 ? " cell" : " cells")
                        + ", as the first line has, not " + cells.size();
    }

    /** Of the row that was read last. */
    public UnusableFileException mistake(String what) {
        return new UnusableFileException(file, line, what);
    }

    /** In which the row begins that was read last. */
    public long line() {
        return line;
    }

    /** In which it ends. */
    public long lastLine() {
        return lastLine;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
