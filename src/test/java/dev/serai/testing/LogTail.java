package dev.serai.testing;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts off the end of a partition's log, as an unclean failure does to what was not on disk yet. The broker must not be
 * running; at its next start it goes on at the cut, and uses the offsets behind it again.
 *
 * <p>Batches are cut off whole, and only those of the last segment. What Kafka has derived from them (indexes, snapshots
 * of the producers' state) is deleted, and so is the mark that the broker was shut down in an orderly way: it reads the
 * log anew.
 */
public final class LogTail {
    /** The file that a broker leaves behind at an orderly end, in the directory of all partitions. */
    private static final String ORDERLY_END = ".kafka_cleanshutdown";

    // Places in a batch's header, in the format that Kafka writes since 0.11.
    private static final int HEADER_BYTES = 61;
    private static final int LENGTH_AT = 8;
    private static final int MAGIC_AT = 16;
    private static final int ATTRIBUTES_AT = 21;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int RECORDS_AT = 57;

    private static final int MAGIC = 2;
    private static final int CONTROL_BATCH = 0x20;

    /** The length that a header states leaves out the base offset and the length itself. */
    private static final int NOT_IN_LENGTH = 12;

    /**
     * What is gone.
     *
     * @param from the first offset that is used again
     * @param to the offset at which the log ended; exclusive
     * @param records without those that only mark the end of a transaction
     */
    public record Lost(long from, long to, int records) {}

    /** @param records 0 of a batch that only marks the end of a transaction */
    private record Batch(long position, long firstOffset, long lastOffset, int records, boolean control) {}

    private LogTail() {}

    /**
     * Cuts off as few batches as hold so many records; all of the last segment if that holds fewer.
     *
     * @param partition the partition's directory, {@code TOPIC-NUMBER} in the broker's data directory
     * @param records at least 1
     */
    public static Lost cut(Path partition, int records) throws IOException {
        Files.deleteIfExists(partition.resolveSibling(ORDERLY_END));
        Path segment = lastSegment(partition);
        Lost lost;
        try (FileChannel log = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            List<Batch> batches = batches(segment, log);
            long end = batches.isEmpty()
                    ? Long.parseLong(nameWithout(segment, ".log"))
                    : batches.getLast().lastOffset() + 1;
            int gone = 0;
            long from = end;
            long position = log.size();
            while (gone < records && !batches.isEmpty()) {
                Batch last = batches.removeLast();
                gone += last.records();
                from = last.firstOffset();
                position = last.position();
            }
            log.truncate(position);
            lost = new Lost(from, end, gone);
        }
        deleteDerived(partition, nameWithout(segment, ".log"), lost.from());
        return lost;
    }

    /**
     * Cuts off the mark of a transaction's end, and leaves its records: it is open again on this partition, as when the
     * coordinator never had the mark written.
     *
     * @param partition as in {@link #cut}
     * @return the offset that is used again
     * @throws IOException if the log ends with something else
     */
    public static long cutMarker(Path partition) throws IOException {
        Files.deleteIfExists(partition.resolveSibling(ORDERLY_END));
        Path segment = lastSegment(partition);
        Batch last;
        try (FileChannel log = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            List<Batch> batches = batches(segment, log);
            if (batches.isEmpty() || !batches.getLast().control()) {
                throw new IOException(segment + " does not end with the end of a transaction: " + batches);
            }
            last = batches.getLast();
            log.truncate(last.position());
        }
        deleteDerived(partition, nameWithout(segment, ".log"), last.firstOffset());
        return last.firstOffset();
    }

    private static Path lastSegment(Path partition) throws IOException {
        try (var files = Files.list(partition)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.comparing(Path::getFileName))
                    .orElseThrow(() -> new IOException(partition + " holds no segment of a log"));
        }
    }

    private static List<Batch> batches(Path segment, FileChannel log) throws IOException {
        List<Batch> batches = new ArrayList<>();
        long position = 0;
        while (position < log.size()) {
            ByteBuffer header = header(segment, log, position);
            int magic = header.get(MAGIC_AT);
            long length = NOT_IN_LENGTH + (long) header.getInt(LENGTH_AT);
            if (magic != MAGIC || length < HEADER_BYTES || position + length > log.size()) {
                throw new IOException(segment + " holds no whole batch of format " + MAGIC + " at " + position
                        + ": format " + magic + ", " + length + " bytes");
            }
            long firstOffset = header.getLong(0);
            boolean control = (header.getShort(ATTRIBUTES_AT) & CONTROL_BATCH) != 0;
            batches.add(new Batch(
                    position,
                    firstOffset,
                    firstOffset + header.getInt(LAST_OFFSET_DELTA_AT),
                    control ? 0 : header.getInt(RECORDS_AT),
                    control));
            position += length;
        }
        return batches;
    }

    private static ByteBuffer header(Path segment, FileChannel log, long position) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        while (header.hasRemaining()) {
            if (log.read(header, position + header.position()) < 0) {
                throw new EOFException(segment + " ends within the header of a batch at " + position);
            }
        }
        return header;
    }

    private static void deleteDerived(Path partition, String segment, long end) throws IOException {
        for (String index : List.of(".index", ".timeindex", ".txnindex")) {
            Files.deleteIfExists(partition.resolve(segment + index));
        }
        List<Path> snapshots;
        try (var files = Files.list(partition)) {
            snapshots = files.filter(file -> file.toString().endsWith(".snapshot"))
                    .filter(file -> Long.parseLong(nameWithout(file, ".snapshot")) > end)
                    .toList();
        }
        for (Path snapshot : snapshots) {
            Files.delete(snapshot);
        }
    }

    private static String nameWithout(Path file, String ending) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ending.length());
    }
}
