package dev.serai.engine;

import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches whether the transactions that Kafka has told are committed get their ends: those that have are forgotten, and
 * those that have not in time are doubtful. A broker that was taken for gone for a moment loses no connection, so nothing
 * but the logs tells.
 *
 * <p>Looks beside the committer, which waits for it only before it aborts something. For one thread.
 */
final class EndsWatch {
    private static final Logger LOG = LoggerFactory.getLogger(EndsWatch.class);

    /** Between two looks, and from a commit to the first one. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** The ends come within milliseconds; what is doubted in vain is looked at once more, and no harm is done. */
    private static final Duration IN_TIME = Duration.ofSeconds(2);

    /** Under load the offsets of the next transaction look the same, now and then at each glance of a look. */
    private static final Duration OFFSETS_IN_TIME = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A transaction waits to be aborted, and has a time limit. */
    private static final Duration PATIENCE_BEFORE_ABORT = Duration.ofSeconds(2);

    /** While a broker is gone nothing is known, and this only comes before a longer look. */
    private static final Duration PATIENCE_IN_DOUBT = Duration.ofSeconds(1);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final TransactionEnds ends;
    private final Acknowledged acknowledged;
    private final RepeatedWarning missing = new RepeatedWarning(LOG);
    private @Nullable Look underWay;
    private long lastLook = System.nanoTime();

    private record Look(
            List<AcknowledgedTransaction> transactions, CompletableFuture<TransactionEnds.Missing> answer) {}

    EndsWatch(TransactionEnds ends, Acknowledged acknowledged) {
        this.ends = ends;
        this.acknowledged = acknowledged;
    }

    /** Takes what the last look has found, and begins another one if it is time. Does not wait. */
    void look() {
        Look look = underWay;
        if (look != null && look.answer().isDone()) {
            underWay = null;
            found(look.transactions(), look.answer().join());
        } else if (look == null && System.nanoTime() - lastLook > PAUSE.toNanos()) {
            List<AcknowledgedTransaction> transactions = acknowledged.toldBefore(PAUSE);
            if (!transactions.isEmpty()) {
                lastLook = System.nanoTime();
                underWay = begun(transactions);
            }
        }
    }

    /**
     * Looks at all of them, and waits for it. What is known of them afterwards is no longer true after the next abort.
     *
     * @return whether all have their ends
     */
    boolean allEnded() throws InterruptedException {
        underWay = null;
        List<AcknowledgedTransaction> transactions = acknowledged.toldBefore(Duration.ZERO);
        if (transactions.isEmpty()) {
            return true;
        }
        TransactionEnds.Missing found = ends.missing(written(transactions), PATIENCE_BEFORE_ABORT);
        if (!found.open().isEmpty()) {
            warn(found.open());
        }
        acknowledged.ended(transactions, found.all());
        return found.isNone();
    }

    /**
     * Looks at all of them, and waits for it, while there is reason to doubt them; whether all have their ends. Ends that Kafka
     * knows to be missing may be on their way: these are waited for, for {@link #IN_TIME}.
     */
    boolean haveEnded() throws InterruptedException {
        underWay = null;
        TransactionEnds.Written written = written(acknowledged.toldBefore(Duration.ZERO));
        long until = System.nanoTime() + IN_TIME.toNanos();
        TransactionEnds.Missing found = ends.missing(written, PATIENCE_IN_DOUBT);
        while (!found.isNone() && found.unknown().isEmpty() && System.nanoTime() < until) {
            Thread.sleep(LOOK_AGAIN);
            found = ends.missing(written, PATIENCE_IN_DOUBT);
        }
        return found.isNone();
    }

    private Look begun(List<AcknowledgedTransaction> transactions) {
        TransactionEnds.Written written = written(transactions);
        CompletableFuture<TransactionEnds.Missing> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("serai-transaction-ends").start(() -> {
            try {
                answer.complete(ends.missing(written, PATIENCE));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                answer.complete(unknown(written));
            } catch (Throwable e) {
                OutOfMemory.endProcessIf(e);
                LOG.debug("Whether the last transactions have their ends is not known", e);
                answer.complete(unknown(written));
            }
        });
        return new Look(transactions, answer);
    }

    private void found(List<AcknowledgedTransaction> transactions, TransactionEnds.Missing found) {
        acknowledged.ended(transactions, found.all());
        boolean areOpen = acknowledged.areOlder(transactions, found.open(), IN_TIME);
        if (areOpen || acknowledged.areOlder(transactions, found.unsettled(), OFFSETS_IN_TIME)) {
            warn(areOpen ? found.open() : found.unsettled());
            acknowledged.doubt();
        } else if (found.isNone()) {
            missing.over("The ends of transactions come again");
        }
    }

    private void warn(Set<TopicPartition> open) {
        missing.met(
                "ends",
                "Kafka has told that transactions were committed, and their ends are not written on " + open
                        + ", as when a broker was taken for gone for a moment: it is found out what became of them"
                        + " before anything else is published");
    }

    private static TransactionEnds.Written written(List<AcknowledgedTransaction> transactions) {
        return new TransactionEnds.Written(
                transactions.stream()
                        .flatMap(one -> one.placed().stream())
                        .collect(Collectors.toMap(Sends.Placed::partition, Sends.Placed::offset, EndsWatch::last)),
                transactions.stream().flatMap(one -> one.offsets().stream()).collect(Collectors.toSet()));
    }

    private static long last(long one, long other) {
        return one < 0 || other < 0 ? -1 : Math.max(one, other);
    }

    private static TransactionEnds.Missing unknown(TransactionEnds.Written written) {
        Set<TopicPartition> all = new HashSet<>(written.records().keySet());
        all.addAll(written.offsets());
        return new TransactionEnds.Missing(Set.of(), Set.of(), all);
    }
}
