package dev.serai.batch.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.JobRow;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.event.StartEventDecoder;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    private static final int MOST_SHOWN = 3;

    private final Path file;
    private final RowSpool spool = new RowSpool();
    private final RowLines lines = new RowLines();
    private final Mistakes mistakes = new Mistakes();
    private final List<RowEvent> first = new ArrayList<>();
    private final MessageDigest sha = Digests.sha256();
    private String digest = "";
    private String fileDigest = "";
    private Duration longest = Duration.ZERO;
    private Duration longestRoom = Duration.ZERO;
    private Set<String> unusedColumns = Set.of();
    private Map<String, Long> ignored = Map.of();
    private @Nullable Instant earliest;
    private @Nullable Instant latest;
    private final BitSet bad = new BitSet();
    private RowSpool.@Nullable Reader reader;

    private PreparedRows(Path file) throws IOException {
        this.file = file;
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
        PreparedRows prepared = new PreparedRows(file);
        try (Rows rows = Rows.open(file)) {
            prepared.read(
                    rows,
                    new RowMapping(job, now, options),
                    new EventRowsCheck(decoder, startTopic, now),
                    options.rowId() == null ? null : new RowIds(),
                    isStopped);
            return prepared;
        } catch (IOException | UnusableFileException | RuntimeException e) {
            prepared.close();
            throw e;
        }
    }

    private void read(
            Rows rows, RowMapping mapping, EventRowsCheck check, @Nullable RowIds ids, BooleanSupplier isStopped)
            throws IOException, UnusableFileException {
        if (rows.columns() != null) {
            requireColumns(mapping.missing(rows.columns()), rows.columns());
        }
        for (Row row = rows.next(); row != null && !isStopped.getAsBoolean(); row = rows.next()) {
            if (row.number() >= RowSpool.MOST_ROWS) {
                throw new UnusableFileException(file, row.line(), "must be in a file of its own from here on: a job has at most "
                        + (RowSpool.MOST_ROWS - 1) + " rows");
            }
            lines.add(row);
            try {
                take(row, mapping, check, ids);
            } catch (BadCell cell) {
                bad.set(row.number());
                mistakes.add(new Mistake(row.number(), row.line(), cell.column(), cell.reason()));
            }
        }
        if (lines.count() == 0 && !isStopped.getAsBoolean()) {
            throw new UnusableFileException(file, "must have a row, and has none");
        }
        if (rows.columns() == null) {
            requireColumns(mapping.missing(null), null);
        }
        unusedColumns = mapping.unused();
        ignored = check.ignored();
        longest = check.longestDeadline();
        longestRoom = check.longestRoom();
        digest = Digests.text(sha);
        fileDigest = rows.digest();
    }

    private static void requireColumns(Set<String> missing, @Nullable List<String> there) {
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("there is no column " + String.join(", ", missing) + ", which --map,"
                    + " --row-id or --at-column names"
                    + (there == null ? ", in any row" : "; columns are " + String.join(", ", there)));
        }
    }

    private void take(Row row, RowMapping mapping, EventRowsCheck check, @Nullable RowIds ids)
            throws BadCell, IOException {
        if (row.mistake() != null) {
            throw new BadCell(null, row.mistake());
        }
        RowEvent event = mapping.event(row);
        byte[] value = check.bytes(event, mapping);
        if (ids != null) {
            int other = ids.put(event.rowId(), row.line());
            if (other != 0) {
                throw new BadCell(null, "has the row id of line " + other + ": ids must differ");
            }
        }
        if (first.size() < MOST_SHOWN) {
            first.add(event);
        }
        Instant due = event.due();
        if (due != null) {
            earliest = earliest == null || due.isBefore(earliest) ? due : earliest;
            latest = latest == null || due.isAfter(latest) ? due : latest;
        }
        spool.add(event, value);
        sha.update(ByteBuffer.allocate(Long.BYTES)
                .putLong(due == null ? -1 : due.toEpochMilli())
                .array());
        sha.update(event.key().getBytes(UTF_8));
        sha.update((byte) 0);
        sha.update(value);
    }

    /** The good rows, in the order in which they are to be opened, from one on. */
    public Stream<JobRow> from(long uploaded) throws IOException {
        RowSpool.Reader from = reader == null ? reader = spool.read() : reader;
        return Stream.iterate((int) uploaded, turn -> turn < spool.count(), turn -> turn + 1)
                .map(turn -> row(from, turn));
    }

    private static JobRow row(RowSpool.Reader reader, int turn) {
        try {
            RowSpool.Kept kept = reader.get(turn);
            return new JobRow(kept.number(), kept.due(), kept.key(), kept.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Good rows. */
    public int rows() {
        return spool.count();
    }

    /** Bad rows. */
    public int invalid() {
        return bad.cardinality();
    }

    /** What is said of each bad row in the results: why it is one, as far as that is kept. */
    public Stream<Mistake> badRows() {
        BitSet others = (BitSet) bad.clone();
        mistakes.first().forEach(mistake -> others.clear(mistake.row()));
        return Stream.concat(
                mistakes.first().stream(),
                others.stream()
                        .mapToObj(number -> new Mistake(
                                number,
                                lines.line(number),
                                null,
                                "is bad, too: why is told of the first " + Mistakes.MOST_KEPT + " bad rows")));
    }

    /** What is wrong. */
    public Mistakes mistakes() {
        return mistakes;
    }

    /** Until a room is closed because its event says so, the longest of all rows. */
    public Duration longestRoom() {
        return longestRoom;
    }

    /** Which line each row is in. */
    public RowLines lines() {
        return lines;
    }

    /** The first good rows as they would be published, one event each; they hold personal data. */
    public List<Shown> first() {
        return first.stream()
                .map(row -> new Shown(row.number(), lines.line(row.number()), row.key(), row.due(), row.event()))
                .toList();
    }

    /**
     * An event, for people.
     *
     * @param due when it would be published; null: as soon as can be
     */
    public record Shown(
            int number,
            long line,
            String key,
            @Nullable Instant due,
            ObjectNode event) {}

    /** Columns that say nothing to events. */
    public Set<String> unusedColumns() {
        return unusedColumns;
    }

    /** What the service would ignore, and of how many rows. */
    public Map<String, Long> ignored() {
        return ignored;
    }

    /** When the first row with a time is to be published; null if none has one. */
    public @Nullable Instant earliest() {
        return earliest;
    }

    /** When the last row with a time is to be published; null if none has one. */
    public @Nullable Instant latest() {
        return latest;
    }

    /** Another one for other rows, other options, or another order of them. */
    public String digest() {
        return digest;
    }

    /** Another one for a file of other bytes. */
    public String fileDigest() {
        return fileDigest;
    }

    /** From the publishing of a row's event to its deadline, the longest of all rows. */
    public Duration longestDeadline() {
        return longest;
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
