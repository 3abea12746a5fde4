package dev.serai.batch.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.loop.UnusableFileException;
import dev.serai.table.CsvReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CSV between commas, semicolons or tabs, whichever the header has most of, see {@link CsvReader}. For one thread. */
final class CsvRows implements Rows {
    static final String NO_TEXT = "holds bytes that are no UTF-8: save the file in UTF-8";

    private final DecodedText text;
    private final CsvReader csv;
    private final char delimiter;
    private final List<String> columns;
    private int number;

    private CsvRows(DecodedText text, CsvReader csv, char delimiter) throws IOException, UnusableFileException {
        this.text = text;
        this.csv = csv;
        this.delimiter = delimiter;
        List<String> header = csv.cells();
        if (header != null && text.isMalformedUpTo(csv.lastLine())) {
            throw csv.mistake(NO_TEXT);
        }
        columns = csv.columns(header);
    }

    static CsvRows open(Path file, DecodedText text, Reader reader) throws IOException, UnusableFileException {
        char delimiter = delimiter(reader);
        return new CsvRows(text, new CsvReader(file, reader, delimiter), delimiter);
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
        List<String> cells = csv.cells();
        if (cells == null) {
            return null;
        }
        number++;
        long line = csv.line();
        if (text.isMalformedUpTo(csv.lastLine())) {
            return Row.bad(number, line, NO_TEXT);
        }
        String misfit = CsvReader.misfit(columns, cells);
        if (misfit != null) {
            return Row.bad(number, line, misfit);
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

    @Override
    public String digest() {
        return text.digest();
    }

    @Override
    public void close() throws IOException {
        csv.close();
        text.close();
    }
}
