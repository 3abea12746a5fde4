package dev.serai.batch.file;

import dev.serai.batch.JobRow;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows that were found good, until they are uploaded: in a temporary file that nobody else can read, and that has no name any
 * more where the system allows it; 16 bytes of memory for each. They are read in the order of their times, those without one
 * first, and else in the order in which they came. For one thread.
 */
final class RowSpool implements Closeable {
    /** A time takes the upper bits of a number by which rows are sorted, the row's place the lower ones. */
    private static final int PLACE_BITS = 28;

    static final int MOST_ROWS = 1 << PLACE_BITS;

    private static final long NO_TIME = Long.MIN_VALUE;
    private static final int BUFFER_BYTES = 256 << 10;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer out = ByteBuffer.allocate(BUFFER_BYTES);
    private long[] times = new long[1 << 10];
    private long[] positions = new long[1 << 10];
    private int count;
    private long end;
    private boolean isTimed;

    RowSpool() throws IOException {
        file = Files.createTempFile("serai-provision", ".rows");
        channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    int count() {
        return count;
    }

    void add(RowEvent row, byte[] value) throws IOException {
        if (count == positions.length) {
            times = Arrays.copyOf(times, 2 * count);
            positions = Arrays.copyOf(positions, 2 * count);
        }
        times[count] = row.due() == null ? NO_TIME : row.due().toEpochMilli();
        isTimed |= row.due() != null;
        positions[count++] = end;
        byte[] key = row.key().getBytes(StandardCharsets.UTF_8);
        int length = 2 * Integer.BYTES + key.length + value.length;
        ByteBuffer kept = ByteBuffer.allocate(Integer.BYTES + length);
        kept.putInt(length).putInt(row.number()).putInt(key.length).put(key).put(value);
        write(kept.flip());
        end += kept.limit();
    }

    private void write(ByteBuffer kept) throws IOException {
        if (kept.remaining() > out.remaining()) {
            flush();
        }
        if (kept.remaining() > out.remaining()) {
            writeAll(kept);
        } else {
            out.put(kept);
        }
    }

    private void flush() throws IOException {
        writeAll(out.flip());
        out.clear();
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Ends the writing; from then on rows are read by their turn, from 0 on. */
    Reader read() throws IOException {
        flush();
        return new Reader(isTimed ? order() : null);
    }

    private long[] order() {
        long first = Long.MAX_VALUE;
        for (int at = 0; at < count; at++) {
            first = times[at] == NO_TIME ? first : Math.min(first, times[at]);
        }
        long[] order = new long[count];
        for (int at = 0; at < count; at++) {
            long since = times[at] == NO_TIME ? 0 : times[at] - first + 1;
            order[at] = since << PLACE_BITS | at;
        }
        Arrays.sort(order);
        return order;
    }

    /** Of rows. */
    final class Reader {
        private final long @Nullable [] order;

        private Reader(long @Nullable [] order) {
            this.order = order;
        }

        /** @throws UncheckedIOException if the temporary file cannot be read */
        JobRow get(int turn) {
            int place = order == null ? turn : (int) (order[turn] & MOST_ROWS - 1);
            long position = positions[place];
            ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
            readAll(length, position);
            ByteBuffer kept = ByteBuffer.allocate(length.getInt(0));
            readAll(kept, position + Integer.BYTES);
            kept.flip();
            int number = kept.getInt();
            byte[] key = new byte[kept.getInt()];
            kept.get(key);
            byte[] value = new byte[kept.remaining()];
            kept.get(value);
            return new JobRow(number, times[place] == NO_TIME ? null : Instant.ofEpochMilli(times[place]), key, value);
        }

        private void readAll(ByteBuffer into, long from) {
            try {
                while (into.hasRemaining()) {
                    if (channel.read(into, from + into.position()) < 0) {
                        throw new IOException("the temporary file " + file + " was cut off");
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
