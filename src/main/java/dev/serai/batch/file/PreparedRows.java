package dev.serai.batch.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.JobRow;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.event.StartEventDecoder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file that was looked through from its beginning to its end: which rows are good, what they become, and what is wrong with
 * the others. Memory: some 50 bytes for each row at most, 16 of them for its turn; the rows themselves are in a temporary file.
 * For one thread.
 */
public final class PreparedRows implements Closeable {
    private final RowReading read;
    private RowSpool.@Nullable Reader reader;

    private PreparedRows(RowReading read) {
        this.read = read;
    }

    /**
     * Looks through a file.
     *
     * @param decoder as the engine's
     * @param now when the job begins: rows whose time had passed long before are bad
     * @param isStopped asked between rows
     * @throws UnusableFileException if it cannot be read to its end
     * @throws IllegalArgumentException if options name what there is not; the message begins with the option
     */
    public static PreparedRows of(
            Path file,
            String job,
            InputOptions options,
            StartEventDecoder decoder,
            String startTopic,
            Instant now,
            BooleanSupplier isStopped)
            throws IOException, UnusableFileException {
        RowReading reading =
                new RowReading(file, new RowMapping(job, now, options), new EventRowsCheck(decoder, startTopic, now));
        try (Rows rows = Rows.open(file)) {
            reading.read(rows, options.rowId() == null ? null : new RowIds(), isStopped);
            return new PreparedRows(reading);
        } catch (IOException | UnusableFileException | RuntimeException e) {
            reading.spool().close();
            throw e;
        }
    }

    /** The good rows, in the order in which they are to be opened, from one on. */
    public Stream<JobRow> from(long uploaded) throws IOException {
        if (reader == null) {
            reader = read.spool().read();
        }
        RowSpool.Reader from = reader;
        return Stream.iterate((int) uploaded, turn -> turn < read.spool().count(), turn -> turn + 1)
                .map(from::get);
    }

    /** Good rows. */
    public int rows() {
        return read.spool().count();
    }

    /** The {@link #bytes} of the largest good row; 0 without one. */
    public long largest() {
        return read.largest();
    }

    /** How large a row's event is, with its key. */
    public static long bytes(byte @Nullable [] key, byte[] event) {
        return (key == null ? 0L : key.length) + event.length;
    }

    /** Bad rows. */
    public int invalid() {
        return read.bad().cardinality();
    }

    /** What is said of each bad row in the results: why it is one, as far as that is kept. */
    public Stream<Mistake> badRows() {
        BitSet others = (BitSet) read.bad().clone();
        mistakes().first().forEach(mistake -> others.clear(mistake.row()));
        return Stream.concat(
                mistakes().first().stream(),
                others.stream()
                        .mapToObj(number -> new Mistake(
                                number,
                                "",
                                lines().line(number),
                                null,
                                "is bad, too: why is told of the first " + Mistakes.MOST_KEPT + " bad rows")));
    }

    /** What is wrong. */
    public Mistakes mistakes() {
        return read.mistakes();
    }

    /** Until a room is closed because its event says so, the longest of all rows. */
    public Duration longestRoom() {
        return read.check().longestRoom();
    }

    /** Which line each row is in. */
    public RowLines lines() {
        return read.lines();
    }

    /** The first good rows as they would be published, one event each; they hold personal data. */
    public List<Shown> first() {
        return read.first().stream()
                .map(row -> new Shown(row.number(), lines().line(row.number()), row.key(), row.due(), row.event()))
                .toList();
    }

    /**
     * An event, for people.
     *
     * @param due when it would be published; null: as soon as can be
     */
    public record Shown(
            int number, long line, String key, @Nullable Instant due, ObjectNode event) {}

    /** Columns that say nothing to events. */
    public Set<String> unusedColumns() {
        return read.mapping().columns().unused();
    }

    /** What the service would ignore, and of how many rows. */
    public Map<String, Long> ignored() {
        return read.check().ignored();
    }

    /** When the first row with a time is to be published; null if none has one. */
    public @Nullable Instant earliest() {
        return read.earliest();
    }

    /** When the last row with a time is to be published; null if none has one. */
    public @Nullable Instant latest() {
        return read.latest();
    }

    /** Another one for other rows, other options, or another order of them. */
    public String digest() {
        return read.digest();
    }

    /** Another one for a file of other bytes. */
    public String fileDigest() {
        return read.fileDigest();
    }

    /** From the publishing of a row's event to its deadline, the longest of all rows. */
    public Duration longestDeadline() {
        return read.check().longestDeadline();
    }

    @Override
    public void close() throws IOException {
        read.spool().close();
    }
}
