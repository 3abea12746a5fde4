package dev.serai.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.serai.wire.Characters;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
 * first line names the columns, separated by comma, semicolon or tab. UTF-8, with or without a byte order mark: a line that is
 * something else is wrong, and all are if it is the first. Stateless.
 */
public final class CsvLines {
    /** In bytes. Of the file's memory, one line is held: what is longer is no line of a table. */
    private static final int LONGEST_LINE = 1 << 20;

    /** The byte order mark. */
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private static final String SEPARATORS = ",;\t";

    private static final ObjectReader ROW = new CsvMapper()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.TRIM_SPACES)
            .readerForListOf(String.class);

    private static final String FIRST_REJECTED = "csvFirstRejected";

    /**
     * What the columns are, and how they are separated.
     *
     * @param bytes the line, without a byte order mark and its end
     * @param names null if it is not UTF-8
     * @param rejected whether one of the lines below it was, in this reading of the file
     */
    @SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed on and never compared
    private record Header(byte[] bytes, @Nullable List<String> names, char separator, AtomicBoolean rejected) {}

    /** A line below the first. Immutable. */
    public static final class Line {
        private final long number;
        private final byte[] bytes;
        private final Header header;

        private Line(long number, byte[] bytes, Header header) {
            this.number = number;
            this.bytes = bytes;
            this.header = header;
        }

        /** Its place in the file, whose first line is 1. */
        public long getNumber() {
            return number;
        }

        /** As it stands there, without its end; a U+FFFD stands for what is not UTF-8. */
        public String getText() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private Map<String, String> row() throws IOException {
            List<String> names = header.names();
            if (names == null) {
                throw new IOException("the first line, which names the columns, is not UTF-8: save the file so");
            }
            if (bytes.length >= LONGEST_LINE) {
                throw new IOException("line " + number + " is longer than " + LONGEST_LINE + " bytes");
            }
            String text = Characters.ofUtf8(bytes)
                    .orElseThrow(() -> new IOException("line " + number + " is not UTF-8: save the file so"));
            List<String> values;
            try {
                values = values(text, header.separator());
            } catch (JsonProcessingException e) {
                throw new IOException("line " + number + ": " + e.getOriginalMessage(), e);
            }
            if (values.size() != names.size()) {
                throw new IOException("line " + number + " has " + values.size() + " values, and the header "
                        + names.size() + " columns");
            }
            Map<String, String> row = new LinkedHashMap<>();
            for (int column = 0; column < values.size(); column++) {
                // An empty value says nothing.
                if (!values.get(column).isEmpty()) {
                    row.put(names.get(column), values.get(column));
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
        return new Lines(new BufferedInputStream(exchange.getMessage().getMandatoryBody(InputStream.class)));
    }

    /**
     * The step that makes of a line a map, by column, of the values that are not empty.
     *
     * @throws IOException if the line does not fit the header, or either is not UTF-8
     */
    public static void toRow(Exchange exchange) throws IOException {
        exchange.getMessage().setBody(exchange.getMessage().getBody(Line.class).row());
    }

    /**
     * The step that makes of a line what is to be appended to a file of rejected ones, which can be corrected and read again:
     * its bytes with an end, and before that of the first of each reading the header. The property {@value #FIRST_REJECTED} says
     * whether it is the first, whose file begins anew.
     */
    public static void toRejected(Exchange exchange) {
        Line line = exchange.getMessage().getBody(Line.class);
        boolean first = !line.header.rejected().getAndSet(true);
        exchange.setProperty(FIRST_REJECTED, first);
        var rejected = new ByteArrayOutputStream();
        if (first) {
            rejected.writeBytes(line.header.bytes());
            rejected.write('\n');
        }
        rejected.writeBytes(line.bytes);
        rejected.write('\n');
        exchange.getMessage().setBody(rejected.toByteArray());
    }

    private static List<String> values(String line, char separator) throws IOException {
        CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator);
        try (MappingIterator<List<String>> rows = ROW.with(schema).readValues(line)) {
            return rows.nextValue();
        }
    }

    private static final class Lines implements Iterator<Line>, Closeable {
        private final InputStream file;
        private final Header header;
        private long number;
        private byte @Nullable [] next;

        Lines(InputStream file) {
            this.file = file;
            byte[] first = readLine();
            byte[] names = first == null ? new byte[0] : withoutMark(first);
            // Of what is not UTF-8 the separators are seen all the same.
            String text = new String(names, StandardCharsets.UTF_8);
            char separator = (char) SEPARATORS
                    .chars()
                    .reduce((one, other) -> count(text, other) > count(text, one) ? other : one)
                    .orElseThrow();
            boolean isText = Characters.ofUtf8(names).isPresent();
            try {
                // Of an empty file, too.
                List<String> columns = !isText ? null : text.isBlank() ? List.of() : values(text, separator);
                header = new Header(names, columns, separator, new AtomicBoolean());
            } catch (IOException e) {
                throw new UncheckedIOException("the first line does not name columns", e);
            }
            advance();
        }

        private static byte[] withoutMark(byte[] line) {
            return line.length >= MARK.length && Arrays.equals(line, 0, MARK.length, MARK, 0, MARK.length)
                    ? Arrays.copyOfRange(line, MARK.length, line.length)
                    : line;
        }

        private static long count(String text, int character) {
            return text.chars().filter(each -> each == character).count();
        }

        private void advance() {
            do {
                next = readLine();
            } while (next != null && new String(next, StandardCharsets.UTF_8).isBlank());
        }

        /** At most as long as a line may be: the rest of it is passed over. */
        private byte @Nullable [] readLine() {
            try {
                number++;
                var line = new ByteArrayOutputStream();
                int read = file.read();
                if (read < 0) {
                    return null;
                }
                while (read >= 0 && read != '\n') {
                    if (line.size() < LONGEST_LINE) {
                        line.write(read);
                    }
                    read = file.read();
                }
                byte[] bytes = line.toByteArray();
                int end = bytes.length - 1;
                return end >= 0 && bytes[end] == '\r' ? Arrays.copyOf(bytes, end) : bytes;
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
            byte[] bytes = next;
            if (bytes == null) {
                throw new NoSuchElementException();
            }
            Line line = new Line(number, bytes, header);
            advance();
            return line;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
