package dev.serai.batch.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.Json;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of a job, a line for each row and each row once, in the order in which they came: CSV or JSON Lines, by the
 * ending of its name. Nobody but its owner can read it. What was {@link #flush flushed} survives the end of the process; a
 * last line that was written in part is cut off when it is opened again. For one thread.
 */
public final class ResultFile implements Closeable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final FileChannel channel;
    private final ResultColumns columns;
    private final RowFormat format;
    private final ResultTally tally;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    private ResultFile(FileChannel channel, ResultColumns columns, RowFormat format, ResultTally tally) {
        this.channel = channel;
        this.columns = columns;
        this.format = format;
        this.tally = tally;
    }

    /**
     * Creates a file.
     *
     * @throws IOException with a message for the user, if it is there already or cannot be made
     */
    public static ResultFile create(Path file, ResultColumns columns) throws IOException {
        ResultFile results =
                new ResultFile(PrivateFile.create(file), columns, RowFormat.ofName(file), new ResultTally());
        results.write(results.header());
        results.flush();
        return results;
    }

    /**
     * Opens a file of the same job and with the same columns, to go on with it; creates it if it is not there.
     *
     * @throws IOException with a message for the user, if it is another's, or cannot be written to
     */
    public static ResultFile resume(Path file, ResultColumns columns, String job) throws IOException {
        if (!Files.exists(file)) {
            return create(file, columns);
        }
        ResultTally tally = new ResultTally();
        RowFormat format = RowFormat.ofName(file);
        long end = completeLines(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            channel.truncate(end);
            channel.position(end);
            ResultFile results = new ResultFile(channel, columns, format, tally);
            if (end == 0) {
                results.write(results.header());
                results.flush();
            } else {
                results.readBack(file, job);
            }
            return results;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Up to the end of the last line that is complete. */
    private static long completeLines(Path file) throws IOException {
        long end = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            long at = 0;
            for (int next = in.read(); next >= 0; next = in.read()) {
                at++;
                if (next == '\n') {
                    end = at;
                }
            }
        }
        return end;
    }

    private void readBack(Path file, String job) throws IOException {
        try (Rows rows = Rows.open(file)) {
            requireColumns(file, rows.columns());
            for (Row row = rows.next(); row != null; row = rows.next()) {
                if (row.mistake() != null || !row.values().containsKey(ResultColumns.ROW)) {
                    throw new IOException(file + ", line " + row.line() + " is no result: name another file");
                }
                if (format == RowFormat.JSON_LINES) {
                    requireColumns(file, List.copyOf(row.values().keySet()));
                }
                String eventId = text(row, ResultColumns.EVENT_ID);
                if (!eventId.isEmpty() && !eventId.startsWith(job + "/")) {
                    throw new IOException(file + " holds results of another job, " + eventId.split("/", 2)[0]
                            + ": name another file");
                }
                tally.add(new ResultRow(
                        Integer.parseInt(text(row, ResultColumns.ROW)),
                        text(row, ResultColumns.STATUS),
                        text(row, ResultColumns.CATEGORY),
                        Json.MAPPER.createObjectNode()));
            }
        } catch (UnusableFileException e) {
            throw new IOException(e.getMessage() + "; it is no file of results", e);
        } catch (NumberFormatException e) {
            throw new IOException(file + " is no file of results: name another", e);
        }
    }

    private static String text(Row row, String column) {
        var value = row.values().get(column);
        return value == null || value.isNull() ? "" : value.asText();
    }

    private void requireColumns(Path file, @Nullable List<String> there) throws IOException {
        if (there != null && !there.equals(columns.names())) {
            throw new IOException(file + " has other columns: say --redact and --with-session-id as they were, or name"
                    + " another file");
        }
    }

    private String header() {
        return format == RowFormat.CSV ? CsvText.line(columns.names(), ',') : "";
    }

    /**
     * Adds a row, unless it is there already.
     *
     * @return whether it was added
     */
    public boolean add(ResultRow row) throws IOException {
        if (!tally.add(row)) {
            return false;
        }
        ObjectNode shown = columns.of(row.fields());
        write(
                format == RowFormat.CSV
                        ? CsvText.line(
                                columns.names().stream()
                                        .map(name -> shown.path(name).asText(""))
                                        .toList(),
                                ',')
                        : shown + "\n");
        return true;
    }

    private void write(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length > buffer.remaining()) {
            flush();
        }
        if (bytes.length > buffer.remaining()) {
            writeAll(ByteBuffer.wrap(bytes));
        } else {
            buffer.put(bytes);
        }
    }

    /** Hands what was added to the operating system. */
    public void flush() throws IOException {
        writeAll(buffer.flip());
        buffer.clear();
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** What is in it. */
    public ResultTally tally() {
        return tally;
    }

    @Override
    public void close() throws IOException {
        try {
            flush();
        } finally {
            channel.close();
        }
    }
}
