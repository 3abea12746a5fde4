package dev.serai.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file, line by line, so that a line that is wrong is that line's failure only: a value has no line breaks in it. The
 * first line names the columns, separated by comma, semicolon or tab. UTF-8, with or without a byte order mark. Stateless.
 */
public final class CsvLines {
    /** Of the file's memory, one line is held: what is longer is no line of a table. */
    private static final int LONGEST_LINE = 1 << 20;

    private static final String SEPARATORS = ",;\t";

    private static final ObjectReader ROW = new CsvMapper()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.TRIM_SPACES)
            .readerForListOf(String.class);

    private static final String FIRST_REJECTED = "csvFirstRejected";

    /**
     * What the columns are, and how they are separated.
     *
     * @param text the line, without a byte order mark
     * @param rejected whether one of the lines below it was, in this reading of the file
     */
    private record Header(String text, List<String> names, char separator, AtomicBoolean rejected) {}

    /** A line below the first. Immutable. */
    public static final class Line {
        private final long number;
        private final String text;
        private final Header header;

        private Line(long number, String text, Header header) {
            this.number = number;
            this.text = text;
            this.header = header;
        }

        /** Its place in the file, whose first line is 1. */
        public long getNumber() {
            return number;
        }

        /** As it stands there, without its end. */
        public String getText() {
            return text;
        }

        private Map<String, String> row() throws IOException {
            if (text.length() >= LONGEST_LINE) {
                throw new IOException("line " + number + " is longer than " + LONGEST_LINE + " characters");
            }
            List<String> values;
            try {
                values = values(text, header.separator());
            } catch (JsonProcessingException e) {
                throw new IOException("line " + number + ": " + e.getOriginalMessage(), e);
            }
            if (values.size() != header.names().size()) {
                throw new IOException("line " + number + " has " + values.size() + " values, and the header "
                        + header.names().size() + " columns");
            }
            Map<String, String> row = new LinkedHashMap<>();
            for (int column = 0; column < values.size(); column++) {
                // An empty value says nothing.
                if (!values.get(column).isEmpty()) {
                    row.put(header.names().get(column), values.get(column));
                }
            }
            return row;
        }
    }

    /**
     * The body's lines, for a splitter: none that is blank.
     *
     * @throws InvalidPayloadException if the body is nothing that can be read
     */
    public Iterator<Line> of(Exchange exchange) throws InvalidPayloadException {
        InputStream file = exchange.getMessage().getMandatoryBody(InputStream.class);
        return new Lines(new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8)));
    }

    /**
     * The step that makes of a line a map, by column, of the values that are not empty.
     *
     * @throws IOException if the line does not fit the header
     */
    public static void toRow(Exchange exchange) throws IOException {
        exchange.getMessage().setBody(exchange.getMessage().getBody(Line.class).row());
    }

    /**
     * The step that makes of a line what is to be appended to a file of rejected ones, which can be corrected and read again:
     * its text with an end, and before that of the first of each reading the header. The property {@value #FIRST_REJECTED} says
     * whether it is the first, whose file begins anew.
     */
    public static void toRejected(Exchange exchange) {
        Line line = exchange.getMessage().getBody(Line.class);
        boolean first = !line.header.rejected().getAndSet(true);
        exchange.setProperty(FIRST_REJECTED, first);
        exchange.getMessage().setBody((first ? line.header.text() + "\n" : "") + line.text + "\n");
    }

    private static List<String> values(String line, char separator) throws IOException {
        CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator);
        try (MappingIterator<List<String>> rows = ROW.with(schema).readValues(line)) {
            return rows.nextValue();
        }
    }

    private static final class Lines implements Iterator<Line>, Closeable {
        private final BufferedReader file;
        private final Header header;
        private long number;
        private @Nullable String next;

        Lines(BufferedReader file) {
            this.file = file;
            String first = readLine();
            String names = first == null ? "" : first.replaceFirst("^\uFEFF", "");
            char separator = (char) SEPARATORS
                    .chars()
                    .reduce((one, other) -> count(names, other) > count(names, one) ? other : one)
                    .orElseThrow();
            try {
                // Of an empty file, too.
                List<String> columns = names.isBlank() ? List.of() : values(names, separator);
                header = new Header(names, columns, separator, new AtomicBoolean());
            } catch (IOException e) {
                throw new UncheckedIOException("the first line does not name columns", e);
            }
            advance();
        }

        private static long count(String text, int character) {
            return text.chars().filter(each -> each == character).count();
        }

        private void advance() {
            do {
                next = readLine();
            } while (next != null && next.isBlank());
        }

        /** At most as long as a line may be: the rest of it is passed over. */
        private @Nullable String readLine() {
            try {
                number++;
                StringBuilder line = new StringBuilder();
                int character = file.read();
                if (character < 0) {
                    return null;
                }
                while (character >= 0 && character != '\n') {
                    if (line.length() < LONGEST_LINE) {
                        line.append((char) character);
                    }
                    character = file.read();
                }
                int end = line.length() - 1;
                return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Line next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            Line line = new Line(number, next, header);
            advance();
            return line;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
