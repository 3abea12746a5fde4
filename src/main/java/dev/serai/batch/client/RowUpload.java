package dev.serai.batch.client;

import dev.serai.batch.JobRow;
import dev.serai.batch.JobUpload;
import dev.serai.batch.file.PreparedRows;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** Brings a job's rows to their topic. Stateless. */
public final class RowUpload {
    private static final int MOST_ROWS = 1_000;
    private static final int MOST_BYTES = 2 << 20;

    private RowUpload() {}

    /**
     * Uploads what is not uploaded yet.
     *
     * @param listener is told how many rows are, after each transaction
     * @return false if it was stopped before the last row
     * @throws org.apache.kafka.common.KafkaException as {@link JobUpload} does
     */
    public static boolean of(
            PreparedRows rows, JobUpload upload, InstantSource clock, BooleanSupplier isStopped, LongConsumer listener)
            throws IOException {
        if (upload.uploaded().complete()) {
            return true;
        }
        Iterator<JobRow> left = rows.from(upload.uploaded().rows()).iterator();
        while (!isStopped.getAsBoolean()) {
            List<JobRow> chunk = new ArrayList<>();
            for (int bytes = 0; left.hasNext() && chunk.size() < MOST_ROWS && bytes < MOST_BYTES; ) {
                JobRow next = left.next();
                chunk.add(next);
                bytes += next.event().length;
            }
            upload.add(chunk, !left.hasNext(), clock);
            listener.accept(upload.uploaded().rows());
            if (upload.uploaded().complete()) {
                return true;
            }
        }
        return false;
    }
}
