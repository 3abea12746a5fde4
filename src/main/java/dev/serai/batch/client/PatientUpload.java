package dev.serai.batch.client;

import dev.serai.batch.JobUpload;
import dev.serai.batch.file.PreparedRows;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Brings a job's rows to their topic, also past an outage of Kafka: what is not uploaded then is uploaded when Kafka is there
 * again, by another upload of the same job, which ends what the former one has left undecided. For one thread.
 */
public final class PatientUpload {
    /** Without a row that gets on: longer than brokers that are restarted one after another take. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

    private final PreparedRows rows;
    private final Supplier<JobUpload> again;
    private final InstantSource clock;
    private final BooleanSupplier isStopped;
    private final Listener listener;

    /** Is told how far it is. */
    public interface Listener {
        /** So many rows are uploaded, of all of the job. */
        void uploaded(long rows);

        /** Kafka does not take rows, for that reason, and is asked again and again; once in each outage. */
        void waits(String why);
    }

    /**
     * @param again opens another upload of the job, and may throw what {@link JobUpload#open} does; what it opens is closed here
     * @param isStopped is asked ten times a second and more
     */
    public PatientUpload(
            PreparedRows rows,
            Supplier<JobUpload> again,
            InstantSource clock,
            BooleanSupplier isStopped,
            Listener listener) {
        this.rows = rows;
        this.again = again;
        this.clock = clock;
        this.isStopped = isStopped;
        this.listener = listener;
    }

    /**
     * Uploads what is not uploaded yet.
     *
     * @param first the job's upload, which its owner closes
     * @return false if it was stopped before the last row
     * @throws RetriableException if Kafka took no row for five minutes
     * @throws org.apache.kafka.common.KafkaException as {@link JobUpload} does for what another try would not mend
     */
    public boolean of(JobUpload first) throws IOException {
        JobUpload upload = first;
        try {
            Outage outage = new Outage();
            while (true) {
                try {
                    if (upload == null) {
                        upload = again.get();
                    }
                    return RowUpload.of(rows, upload, clock, isStopped, uploaded -> {
                        outage.over();
                        listener.uploaded(uploaded);
                    });
                } catch (RetriableException e) {
                    outage.met(e);
                    closeUnless(first, upload);
                    upload = null;
                    if (!pauses()) {
                        return false;
                    }
                }
            }
        } finally {
            closeUnless(first, upload);
        }
    }

    private static void closeUnless(JobUpload first, @Nullable JobUpload upload) {
        if (upload != null && upload != first) {
            upload.close();
        }
    }

    private boolean pauses() {
        long end = System.nanoTime() + PAUSE.toNanos();
        while (!isStopped.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return true;
            }
            try {
                Thread.sleep(LOOK_INTERVAL);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
        return false;
    }

    /** Since the last row that got on. */
    private final class Outage {
        private boolean isSaid;
        private long begun = System.nanoTime();

        void over() {
            isSaid = false;
            begun = System.nanoTime();
        }

        void met(RetriableException failure) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw failure;
            }
            if (!isSaid) {
                isSaid = true;
                listener.waits(String.valueOf(failure.getMessage()));
            }
        }
    }
}
