package dev.serai.batch.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.loop.UnusableFileException;
import dev.serai.wire.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One pass through a file: good rows go to the spool, of bad ones it is noted why they are. For one thread. */
final class RowReading {
    private static final int MOST_SHOWN = 3;
    private static final String CHARACTER = "character_id";

    private final Path file;
    private final RowMapping mapping;
    private final EventRowsCheck check;
    private final RowSpool spool = new RowSpool();
    private final RowLines lines = new RowLines();
    private final Mistakes mistakes = new Mistakes();
    private final BitSet bad = new BitSet();
    private final List<RowEvent> first = new ArrayList<>();
    private final MessageDigest sha = Digests.sha256();
    private String digest = "";
    private String fileDigest = "";
    private long largest;
    private @Nullable Instant earliest;
    private @Nullable Instant latest;

    RowReading(Path file, RowMapping mapping, EventRowsCheck check) throws IOException {
        this.file = file;
        this.mapping = mapping;
        this.check = check;
    }

    /**
     * Reads all of it.
     *
     * @param ids null if rows have none
     * @throws UnusableFileException if it cannot be read to its end
     * @throws IllegalArgumentException if options name columns that there are not
     */
    void read(Rows rows, @Nullable RowIds ids, BooleanSupplier isStopped) throws IOException, UnusableFileException {
        if (rows.columns() != null) {
            mapping.columns().requireThere(rows.columns());
            requireCharacter(rows.columns());
        }
        for (Row row = rows.next(); row != null && !isStopped.getAsBoolean(); row = rows.next()) {
            if (row.number() >= RowSpool.MOST_ROWS) {
                throw new UnusableFileException(
                        file,
                        row.line(),
                        "must be in a file of its own from here on: a job has at most " + (RowSpool.MOST_ROWS - 1)
                                + " rows");
            }
            lines.add(row);
            try {
                take(row, ids);
            } catch (BadCell cell) {
                bad.set(row.number());
                mistakes.add(
                        new Mistake(row.number(), mapping.knownRowId(row), row.line(), cell.column(), cell.reason()));
            }
        }
        if (lines.count() == 0 && !isStopped.getAsBoolean()) {
            throw new UnusableFileException(file, "must have a row, and has none");
        }
        if (rows.columns() == null) {
            mapping.columns().requireThere(null);
        }
        digest = Digests.text(sha);
        fileDigest = rows.digest();
    }

    /** Once, instead of a mistake in each row. */
    private void requireCharacter(List<String> columns) {
        if (check.needsCharacterId() && !mapping.columns().canSay(CHARACTER, columns)) {
            throw new IllegalArgumentException("there is no column " + CHARACTER
                    + ", which all rows need: --map COLUMN="
                    + CHARACTER + " names another one, --set " + CHARACTER + "=ID says it for all rows, and so does the"
                    + " setting serai.conversation.default-character-id; columns are " + String.join(", ", columns));
        }
    }

    private void take(Row row, @Nullable RowIds ids) throws BadCell, IOException {
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
        byte[] key = event.key().getBytes(UTF_8);
        largest = Math.max(largest, PreparedRows.bytes(key, value));
        spool.add(event, value);
        sha.update(ByteBuffer.allocate(Long.BYTES)
                .putLong(due == null ? -1 : due.toEpochMilli())
                .array());
        sha.update(key);
        sha.update((byte) 0);
        sha.update(value);
    }

    RowMapping mapping() {
        return mapping;
    }

    EventRowsCheck check() {
        return check;
    }

    RowSpool spool() {
        return spool;
    }

    RowLines lines() {
        return lines;
    }

    Mistakes mistakes() {
        return mistakes;
    }

    /** Numbers of bad rows. */
    BitSet bad() {
        return bad;
    }

    /** The first good rows. */
    List<RowEvent> first() {
        return List.copyOf(first);
    }

    /** The largest good row's bytes. */
    long largest() {
        return largest;
    }

    String digest() {
        return digest;
    }

    String fileDigest() {
        return fileDigest;
    }

    @Nullable
    Instant earliest() {
        return earliest;
    }

    @Nullable
    Instant latest() {
        return latest;
    }
}
