package dev.serai.batch.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The results of a job, a line for each row and each row once, in the order in which they came: CSV or JSON Lines, by the
 * ending of its name. Nobody but its owner can read it. What was {@link #flush flushed} survives the end of the process; a
 * last line that was written in part is cut off when it is opened again. Locked against other commands. For one thread.
 */
public final class ResultFile implements Closeable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final FileChannel channel;
    private final ResultColumns columns;
    private final RowFormat format;
    private final ResultTally tally;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private boolean isBroken;

    ResultFile(FileChannel channel, ResultColumns columns, RowFormat format, ResultTally tally) {
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
        FileChannel channel = PrivateFile.create(file);
        try {
            PrivateFile.lock(file, channel);
            ResultFile results = new ResultFile(channel, columns, RowFormat.ofName(file), new ResultTally());
            results.write(header(columns, results.format));
            results.flush();
            return results;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Opens a file of the same job and with the same columns, to go on with it; creates it if it is not there.
     *
     * @throws IOException with a message for the user, if it is another's, which is left as it is, if another command writes
     *     it, or if it cannot be written to
     */
    public static ResultFile resume(Path file, ResultColumns columns, String job) throws IOException {
        if (!Files.exists(file)) {
            return create(file, columns);
        }
        FileChannel channel = PrivateFile.open(file);
        try {
            ResultFile results = new ResultFile(channel, columns, RowFormat.ofName(file), new ResultTally());
            long end = new WrittenResults(file, channel, columns, job).readInto(results.tally);
            channel.truncate(end);
            channel.position(end);
            if (end == 0) {
                results.write(header(columns, results.format));
                results.flush();
            }
            return results;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** What is before the first row. */
    static String header(ResultColumns columns, RowFormat format) {
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

    private void requireWhole() throws IOException {
        if (isBroken) {
            throw new IOException("nothing more can be written to the results: a line was written in part");
        }
    }

    private void write(String text) throws IOException {
        requireWhole();
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

    /**
     * Hands what was added to the operating system.
     *
     * @throws IOException if it cannot be written: then nothing is any more, for what follows would stand behind half a line
     */
    public void flush() throws IOException {
        writeAll(buffer.flip());
        buffer.clear();
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        requireWhole();
        isBroken = true;
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        isBroken = false;
    }

    /** What is in it. */
    public ResultTally tally() {
        return tally;
    }

    @Override
    public void close() throws IOException {
        try {
            if (!isBroken) {
                flush();
            }
        } finally {
            channel.close();
        }
    }
}
