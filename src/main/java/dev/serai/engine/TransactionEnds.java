package dev.serai.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether transactions of this process's transactional id that Kafka has told are committed have their ends
 * wherever they wrote: whether nothing of them is still open for those who read what is committed.
 *
 * <p>The last stable offset says so of nearly all, and whoever may write to a topic may ask for it. Where it lies below, a
 * transaction of somebody else may be open, too: then the partition's leader is asked whose it is, which takes the right to
 * READ the topic. Thread-safe, as the admin client.
 */
final class TransactionEnds {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionEnds.class);

    /** Under load, offsets are between their commit and its end more than half of the time; each look is another chance. */
    private static final Duration OFFSETS_SETTLE_WITHIN = Duration.ofSeconds(1);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /**
     * States of an id of which nothing was aborted since its last commit. In any other one its process or its coordinator, at the
     * time limit, has aborted a transaction, or another producer has taken the id, which aborts what is open.
     */
    private static final Set<TransactionState> NOTHING_ABORTED =
            Set.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.COMPLETE_COMMIT);

    private final Admin admin;
    private final String transactionalId;
    private final CommittedOffsets committed;

    /**
     * What transactions wrote.
     *
     * @param records the last offset on each partition; -1 where Kafka has not told
     * @param offsets partitions of the start topic whose offsets went with them
     */
    record Written(Map<TopicPartition, Long> records, Set<TopicPartition> offsets) {}

    /**
     * Where ends are missing; all empty if they are all there.
     *
     * @param open where they are known to
     * @param unsettled partitions of the start topic of whose offsets some are not decided, be it those of later transactions
     * @param unknown where Kafka does not say
     */
    record Missing(Set<TopicPartition> open, Set<TopicPartition> unsettled, Set<TopicPartition> unknown) {
        boolean isNone() {
            return all().isEmpty();
        }

        Set<TopicPartition> all() {
            return Stream.of(open, unsettled, unknown).flatMap(Set::stream).collect(Collectors.toSet());
        }
    }

    TransactionEnds(Admin admin, String transactionalId, CommittedOffsets committed) {
        this.admin = admin;
        this.transactionalId = transactionalId;
        this.committed = committed;
    }

    /**
     * Where the ends are missing. If a transaction of the id was aborted after these, or another producer has taken the id,
     * that is everywhere: their ends cannot be told from its own.
     *
     * @param patience for each of four questions
     */
    Missing missing(Written written, Duration patience) throws InterruptedException {
        Missing missing = new Missing(new HashSet<>(), new HashSet<>(), new HashSet<>());
        ofRecords(written.records(), patience, missing);
        try {
            missing.unsettled().addAll(unsettled(written.offsets(), patience));
        } catch (KafkaException e) {
            LOG.debug("Kafka does not say which offsets are committed for good", e);
            missing.unknown().addAll(written.offsets());
        }
        // At last: an abort that came meanwhile looks like an end.
        try {
            if (!NOTHING_ABORTED.contains(Answers.describeTransactions(admin, transactionalId, patience)
                    .state())) {
                missing.open().addAll(written.records().keySet());
                missing.open().addAll(written.offsets());
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Kafka does not describe the transactions of {}", transactionalId, e);
            missing.unknown().addAll(written.records().keySet());
            missing.unknown().addAll(written.offsets());
        }
        return missing;
    }

    private void ofRecords(Map<TopicPartition, Long> last, Duration patience, Missing missing)
            throws InterruptedException {
        Map<TopicPartition, Long> undecided = new HashMap<>(last);
        var stable = admin.listOffsets(
                last.keySet().stream().collect(Collectors.toMap(partition -> partition, any -> OffsetSpec.latest())),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs((int) patience.toMillis()));
        long until = System.nanoTime() + patience.toNanos();
        for (Map.Entry<TopicPartition, Long> written : last.entrySet()) {
            try {
                long offset = Answers.await(stable.partitionResult(written.getKey()), left(until))
                        .offset();
                if (written.getValue() >= 0 && offset > written.getValue()) {
                    undecided.remove(written.getKey());
                }
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("Kafka does not say up to where {} is decided", written.getKey(), e);
                missing.unknown().add(written.getKey());
            }
        }
        undecided.keySet().removeAll(missing.unknown());
        if (!undecided.isEmpty()) {
            own(undecided, patience, missing);
        }
    }

    /** Which of them are held up by a transaction of this id that began no later than there. */
    private void own(Map<TopicPartition, Long> undecided, Duration patience, Missing missing)
            throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        Set<TopicPartition> asked = new HashSet<>(undecided.keySet());
        try {
            long id = Answers.describeTransactions(admin, transactionalId, left(until))
                    .producerId();
            var described = admin.describeProducers(undecided.keySet());
            for (Map.Entry<TopicPartition, Long> written : undecided.entrySet()) {
                OptionalLong begin = Answers.openSince(described, written.getKey(), id, left(until));
                asked.remove(written.getKey());
                if (begin.isPresent() && begin.getAsLong() <= written.getValue()) {
                    missing.open().add(written.getKey());
                } else if (written.getValue() < 0) {
                    missing.unknown().add(written.getKey());
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Kafka does not say whose transactions are open on {}", asked, e);
            missing.unknown().addAll(asked);
        }
    }

    private Set<TopicPartition> unsettled(Set<TopicPartition> offsets, Duration patience) throws InterruptedException {
        Set<TopicPartition> unsettled = new HashSet<>(offsets);
        long until = System.nanoTime() + OFFSETS_SETTLE_WITHIN.toNanos();
        while (!unsettled.isEmpty()) {
            unsettled.removeAll(committed.stable(unsettled, patience).keySet());
            if (unsettled.isEmpty() || System.nanoTime() > until) {
                break;
            }
            Thread.sleep(LOOK_AGAIN);
        }
        return unsettled;
    }

    private static Duration left(long until) {
        return Duration.ofNanos(Math.max(0, until - System.nanoTime()));
    }
}
