package dev.serai.ledger;

import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one transaction after another on the transactional id of this process, and says what became of each: nothing in
 * between.
 *
 * <p>The order within a transaction is what keeps it apart from the next one, as Kafka Streams does it: all records are
 * sent, and Kafka's answer about each is looked at; only then are the offsets given to the transaction, and then it is
 * committed. The client keeps offsets that were given to it and not answered, also when the transaction is aborted, and
 * sends them with its next transaction: a producer whose transaction failed after that is never used again. The next one
 * ends the transaction (the broker completes or aborts it when its id is taken over), and then the group's committed
 * offsets tell which of the two it was.
 *
 * <p>For one thread, but for {@link #close}.
 */
public final class Transactions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    /** Longer than a transaction takes, short enough that a killed process's partitions are not stuck for long. */
    static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration BLOCK = Duration.ofSeconds(5);

    /** Of {@link #BLOCK} each: after that the broker has ended the transaction itself, by its time-out. */
    private static final int PATIENT_CALLS = 2;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final Map<String, Object> properties;
    private final String groupId;
    private final String startTopic;
    private final CommittedOffsets committed;
    private final OutgoingTopics topics;
    private final Producers producers;
    private final RepeatedWarning away = new RepeatedWarning(LOG);
    private final RepeatedWarning replaced = new RepeatedWarning(LOG);
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable String trouble;

    /** Makes producers. */
    @FunctionalInterface
    interface Producers {
        Producer<byte[], byte[]> make(Map<String, Object> properties);
    }

    /** What became of a transaction. */
    sealed interface Result {
        /** All of it. */
        record Committed() implements Result {}

        /**
         * Nothing of it.
         *
         * @param label for metrics
         * @param groupMovedOn whether to wait for the group's next generation before the next attempt
         */
        record Aborted(String label, String reason, boolean groupMovedOn) implements Result {}

        /** Nothing of it, and there never will be with these deliveries in it. */
        record Refused(Map<Delivery, RecordRefusedException> culprits) implements Result {}
    }

    /**
     * @param kafkaProperties of any client; what transactions need is set here
     * @param groupId of the consumers whose offsets are committed
     * @param startTopic which they are of
     * @param instanceId names this process, and no other of the group; the same after a restart
     * @param interceptor a producer interceptor for what is sent
     */
    public Transactions(
            Map<String, Object> kafkaProperties,
            String groupId,
            String startTopic,
            String instanceId,
            Class<?> interceptor,
            CommittedOffsets committed,
            OutgoingTopics topics) {
        this(
                properties(kafkaProperties, groupId + "-" + instanceId, interceptor),
                groupId,
                startTopic,
                committed,
                topics,
                all -> new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    Transactions(
            Map<String, Object> producerProperties,
            String groupId,
            String startTopic,
            CommittedOffsets committed,
            OutgoingTopics topics,
            Producers producers) {
        properties = producerProperties;
        this.groupId = groupId;
        this.startTopic = startTopic;
        this.committed = committed;
        this.topics = topics;
        this.producers = producers;
    }

    static Map<String, Object> properties(
            Map<String, Object> kafkaProperties, String transactionalId, Class<?> interceptor) {
        Map<String, Object> all = new HashMap<>(kafkaProperties);
        all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(TRANSACTION_TIMEOUT.toMillis()));
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, interceptor.getName());
        // Records of one transaction come within this time, and are waited for before the offsets go out.
        all.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        // A transaction that follows closely on another is told to come again while the other's markers are written.
        all.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK.toMillis());
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        // Whatever the start topic took must fit into a dead letter: no bound of the producer's own below the brokers'.
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 128L << 20);
        return all;
    }

    /**
     * Takes over the transactional id.
     *
     * @throws TransactionsForbiddenException if the cluster refuses
     */
    void open() {
        try {
            while (!openOnce()) {
                LOG.warn("Kafka does not answer: waiting for it to begin with transactions");
            }
        } catch (AuthorizationException | UnsupportedVersionException e) {
            throw new TransactionsForbiddenException(transactionalId(), e);
        }
    }

    private String transactionalId() {
        return String.valueOf(properties.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG));
    }

    /** False if Kafka did not answer in time. */
    private boolean openOnce() {
        Producer<byte[], byte[]> fresh = producers.make(properties);
        try {
            fresh.initTransactions();
            endLeftovers(fresh);
            producer = fresh;
            return true;
        } catch (TimeoutException e) {
            fresh.close(Duration.ZERO);
            return false;
        } catch (RuntimeException | Error e) {
            fresh.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Offsets of an earlier transaction of this id whose end never got to the group's coordinator keep the partitions from
     * being taken over. The end of any later transaction of the same producer that has to do with the group is the end of
     * those, too: so here is one, and it is aborted.
     */
    private void endLeftovers(Producer<byte[], byte[]> fresh) {
        fresh.beginTransaction();
        try {
            fresh.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(startTopic, 0), new OffsetAndMetadata(0)), noMember());
        } catch (TimeoutException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.debug("Group {} takes no offsets from outside: nothing of it is left to end", groupId, e);
        }
        fresh.abortTransaction();
    }

    /** Kafka's other way to such an object is a consumer, which would have to be made for this alone. */
    @SuppressWarnings("removal")
    private ConsumerGroupMetadata noMember() {
        return new ConsumerGroupMetadata(groupId);
    }

    /** What the last attempt to get a producer came to; null if there is one. */
    @Nullable
    String trouble() {
        return trouble;
    }

    Result commit(Assignments.Plan plan) throws InterruptedException {
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            return reopen()
                    ? commit(plan)
                    : new Result.Aborted("kafka_away", trouble == null ? "Kafka does not answer" : trouble, false);
        }
        ConsumerGroupMetadata group = plan.group();
        boolean hasOffsets = !plan.offsets().isEmpty();
        if (hasOffsets && (group == null || group.generationId() < 0)) {
            // The broker would take them without looking at whose partitions they are of.
            return new Result.Aborted("rebalance", "the consumer is not a member of its group now", true);
        }
        boolean deciding = false;
        try {
            current.beginTransaction();
            Sends sends = new Sends(topics);
            sends.send(current, plan.deliveries());
            switch (sends.await()) {
                case Sends.Outcome.AllTaken taken -> {}
                case Sends.Outcome.Refused refused -> {
                    if (refused.pending() || !abort(current)) {
                        endProducer(current);
                    }
                    return new Result.Refused(refused.culprits());
                }
                case Sends.Outcome.Failed failed -> {
                    if (!abort(current)) {
                        replaced(failed.reason());
                        endProducer(current);
                    }
                    return new Result.Aborted("error", Refusal.text(failed.reason()), false);
                }
            }
            if (hasOffsets && group != null) {
                current.sendOffsetsToTransaction(plan.offsets(), group);
            }
            deciding = true;
            commit(current);
            replaced.over("Transactions get through again");
            return new Result.Committed();
        } catch (InterruptException | InterruptedException e) {
            throw e;
        } catch (CommitFailedException e) {
            // This is the coordinator's answer about the offsets: the client has let go of them.
            if (!abort(current)) {
                endProducer(current);
            }
            return new Result.Aborted("rebalance", "the consumer group has moved on", true);
        } catch (Throwable e) {
            OutOfMemory.endProcessIf(e);
            replaced(e);
            endProducer(current);
            return deciding && awaitCommitted(plan)
                    ? new Result.Committed()
                    : new Result.Aborted("producer_replaced", Refusal.text(e), false);
        }
    }

    private void replaced(Throwable reason) {
        replaced.met(
                reason.getClass().getName(),
                "The transactional producer " + transactionalId()
                        + " cannot go on and is replaced. If this repeats, another"
                        + " process uses the same serai.instance-id: give each replica its own. " + reason);
        if (!(reason instanceof KafkaException)) {
            LOG.error("A defect in a transaction, which is tried again with another producer", reason);
        }
    }

    private void endProducer(Producer<byte[], byte[]> broken) {
        producer = null;
        broken.close(Duration.ZERO);
    }

    /**
     * The client goes on with a commit that has timed out when it is called again.
     *
     * @throws TimeoutException if it has timed out {@value #PATIENT_CALLS} times: then another producer finds out what
     *     became of it. A client that was refused for a while can wait for ever (seen after tokens had run out)
     */
    private void commit(Producer<byte[], byte[]> current) throws InterruptedException {
        for (int call = 1; true; call++) {
            try {
                current.commitTransaction();
                away.over("Kafka answers again");
                return;
            } catch (TimeoutException e) {
                away.met("commit", "Kafka does not answer about the commit of a transaction, and is asked again");
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (call == PATIENT_CALLS) {
                    throw e;
                }
            }
        }
    }

    /** Whether the broker has confirmed that nothing of the transaction will ever be seen. */
    private boolean abort(Producer<byte[], byte[]> current) throws InterruptedException {
        for (int call = 1; call <= PATIENT_CALLS; call++) {
            try {
                current.abortTransaction();
                away.over("Kafka answers again");
                return true;
            } catch (TimeoutException e) {
                away.met("abort", "Kafka does not answer about the abort of a transaction, and is asked again");
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException | IllegalStateException e) {
                LOG.debug("The producer cannot abort", e);
                return false;
            }
        }
        return false;
    }

    private boolean reopen() throws InterruptedException {
        try {
            boolean opened = openOnce();
            trouble = opened ? null : "Kafka does not answer";
            if (opened) {
                away.over("There is a transactional producer again");
            } else {
                away.met(
                        "open",
                        "Kafka does not answer: no transactional producer can be had, and nothing is published");
            }
            return opened;
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            OutOfMemory.endProcessIf(e);
            trouble = e instanceof TransactionalIdAuthorizationException
                    ? new TransactionsForbiddenException(transactionalId(), e).getMessage()
                    : Refusal.text(e);
            away.met(
                    e.getClass().getName(),
                    "No transactional producer can be had, and nothing is published, which is tried again: " + trouble);
            Thread.sleep(TRY_AGAIN);
            return false;
        }
    }

    /** Ends what an ended producer has left behind, and then says whether it was committed. */
    private boolean awaitCommitted(Assignments.Plan plan) throws InterruptedException {
        while (!reopen()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return !plan.offsets().isEmpty() && isCommitted(plan, stable(plan));
    }

    /** A transaction is there as a whole or not at all: one of its offsets says it of all of them. */
    private static boolean isCommitted(
            Assignments.Plan plan, Map<TopicPartition, @Nullable OffsetAndMetadata> offsets) {
        boolean any = plan.offsets().entrySet().stream()
                .anyMatch(planned -> planned.getValue().equals(offsets.get(planned.getKey())));
        // Of a partition that has another owner by now, that one may have committed more since.
        return any || plan.deliveries().stream().allMatch(delivery -> isComplete(delivery, offsets));
    }

    private static boolean isComplete(Delivery delivery, Map<TopicPartition, @Nullable OffsetAndMetadata> committed) {
        Assignment assignment = delivery.assignment();
        OffsetAndMetadata last = assignment == null ? null : committed.get(assignment.partition);
        if (assignment == null || last == null) {
            return false;
        }
        if (delivery.offset() < last.offset()) {
            return true;
        }
        PartitionLedger ledger = PartitionLedger.restore(
                        assignment.partition.toString(), last.offset(), LeaderEpochs.UNKNOWN, last.metadata())
                .ledger();
        return ledger.opened(delivery.offset(), LeaderEpochs.UNKNOWN) == Opening.ALREADY_COMPLETE;
    }

    /**
     * Which partitions of a plan that was committed have other offsets now; empty if all are as planned.
     *
     * @param owned those that no other process can have committed since
     */
    Map<TopicPartition, @Nullable OffsetAndMetadata> differing(Assignments.Plan plan, Set<TopicPartition> owned)
            throws InterruptedException {
        Map<TopicPartition, @Nullable OffsetAndMetadata> differing = new HashMap<>();
        Map<TopicPartition, @Nullable OffsetAndMetadata> now = stable(plan);
        plan.offsets().forEach((partition, planned) -> {
            if (owned.contains(partition) && !planned.equals(now.get(partition))) {
                differing.put(partition, now.get(partition));
            }
        });
        return differing;
    }

    private Map<TopicPartition, @Nullable OffsetAndMetadata> stable(Assignments.Plan plan) throws InterruptedException {
        while (true) {
            try {
                Map<TopicPartition, @Nullable OffsetAndMetadata> offsets =
                        committed.stable(plan.offsets().keySet());
                if (offsets.keySet().containsAll(plan.offsets().keySet())) {
                    away.over("Kafka says again what is committed");
                    return offsets;
                }
                Thread.sleep(LOOK_AGAIN);
            } catch (KafkaException e) {
                away.met("offsets", "Kafka does not say what is committed, and is asked again: " + e);
                Thread.sleep(TRY_AGAIN);
            }
        }
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> last = producer;
        if (last != null) {
            last.close(Duration.ofSeconds(1));
        }
    }
}
