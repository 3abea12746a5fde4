package dev.serai.ledger;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one transaction after another on the transactional id of this process, and says what became of each: nothing in
 * between. Where the broker's answer to the commit was lost and the producer cannot go on, a new producer first ends
 * the transaction (the broker completes or aborts it when its id is taken over), and then the group's committed offsets
 * tell which of the two it was.
 *
 * <p>For one thread, but for {@link #close}.
 */
public final class Transactions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    /** Longer than a transaction takes, short enough that a killed process's partitions are not stuck for long. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration BLOCK = Duration.ofSeconds(5);

    private final Map<String, Object> properties;
    private final Map<String, Object> adminProperties;
    private final String groupId;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

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

        /** Nothing of it, and there never will be with this delivery in it. */
        record Refused(Delivery delivery, RecordRefusedException reason) implements Result {}
    }

    /** A record that could not be sent. */
    private record Failed(Delivery delivery, String topic, Exception reason) {}

    /**
     * @param kafkaProperties of any client; what transactions need is set here
     * @param instanceId names this process, and no other of the group; the same after a restart
     * @param interceptor a producer interceptor for what is sent
     */
    public Transactions(Map<String, Object> kafkaProperties, String groupId, String instanceId, Class<?> interceptor) {
        this.groupId = groupId;
        adminProperties = Map.copyOf(kafkaProperties);
        Map<String, Object> all = new HashMap<>(kafkaProperties);
        all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, groupId + "-" + instanceId);
        all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(TRANSACTION_TIMEOUT.toMillis()));
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, interceptor.getName());
        // Records of one transaction come within this time; the commit flushes what is left. About as long as the
        // offsets take to be sent meanwhile, so that it delays nothing.
        all.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        // A transaction that follows closely on another is told to come again while the other's markers are written.
        all.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK.toMillis());
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        // Whatever the start topic took must fit into a dead letter: no bound of the producer's own below the brokers'.
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 128L << 20);
        properties = all;
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
            throw new TransactionsForbiddenException(
                    String.valueOf(properties.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG)), e);
        }
    }

    /** False if Kafka did not answer in time. */
    private boolean openOnce() {
        KafkaProducer<byte[], byte[]> fresh =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            fresh.initTransactions();
            producer = fresh;
            return true;
        } catch (TimeoutException e) {
            fresh.close(Duration.ZERO);
            return false;
        } catch (RuntimeException e) {
            fresh.close(Duration.ZERO);
            throw e;
        }
    }

    Result commit(Assignments.Plan plan) throws InterruptedException {
        KafkaProducer<byte[], byte[]> current = producer;
        if (current == null) {
            return reopen() ? commit(plan) : new Result.Aborted("kafka_away", "Kafka does not answer", false);
        }
        ConsumerGroupMetadata group = plan.group();
        if (group == null && !plan.offsets().isEmpty()) {
            return new Result.Aborted("rebalance", "the consumer has not joined its group yet", true);
        }
        AtomicReference<Failed> failed = new AtomicReference<>();
        boolean committing = false;
        try {
            current.beginTransaction();
            for (Delivery delivery : plan.deliveries()) {
                for (ProducerRecord<byte[], byte[]> outgoing : delivery.outbox().records()) {
                    send(current, delivery, outgoing, failed);
                }
            }
            if (group != null && !plan.offsets().isEmpty()) {
                current.sendOffsetsToTransaction(plan.offsets(), group);
            }
            current.flush();
            requireAllTaken(failed.get());
            committing = true;
            commit(current);
            return new Result.Committed();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            if (abort(current)) {
                return result(e, failed.get());
            }
            return endWithANewProducer(current, committing, plan, e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // its callback hears of a failure, and so does the commit
    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            Delivery delivery,
            ProducerRecord<byte[], byte[]> outgoing,
            AtomicReference<Failed> failed) {
        // A copy: interceptors change headers, and this record may have to be sent again.
        ProducerRecord<byte[], byte[]> copy = new ProducerRecord<>(
                outgoing.topic(),
                outgoing.partition(),
                outgoing.timestamp(),
                outgoing.key(),
                outgoing.value(),
                outgoing.headers());
        producer.send(copy, (metadata, exception) -> {
            if (exception != null) {
                failed.compareAndSet(null, new Failed(delivery, outgoing.topic(), exception));
            }
        });
    }

    /** Not left to the client: a commit without one of its records would lose it for ever. */
    private static void requireAllTaken(@Nullable Failed failed) {
        if (failed != null) {
            throw new KafkaException("a record for " + failed.topic() + " was not taken", failed.reason());
        }
    }

    /** The client goes on with a commit that has timed out when it is called again. */
    private static void commit(KafkaProducer<byte[], byte[]> producer) throws InterruptedException {
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                LOG.warn("Kafka does not answer: the commit of a transaction is repeated until it does");
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
    }

    /** Whether the broker has confirmed that nothing of the transaction will ever be seen. */
    private static boolean abort(KafkaProducer<byte[], byte[]> producer) throws InterruptedException {
        while (true) {
            try {
                producer.abortTransaction();
                return true;
            } catch (TimeoutException e) {
                LOG.warn("Kafka does not answer: the abort of a transaction is repeated until it does");
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
    }

    private static Result result(KafkaException e, @Nullable Failed failed) {
        if (failed != null && failed.reason() instanceof RecordTooLargeException) {
            return new Result.Refused(failed.delivery(), new RecordRefusedException(failed.topic(), failed.reason()));
        }
        if (e instanceof CommitFailedException) {
            return new Result.Aborted("rebalance", "the consumer group has moved on", true);
        }
        Exception reason = failed == null ? e : failed.reason();
        return new Result.Aborted("error", reason.toString(), false);
    }

    private Result endWithANewProducer(
            KafkaProducer<byte[], byte[]> broken, boolean committing, Assignments.Plan plan, KafkaException reason)
            throws InterruptedException {
        LOG.warn(
                "The transactional producer {} cannot go on and is replaced. If this repeats, another process uses the"
                        + " same serai.instance-id: give each replica its own. {}",
                properties.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG),
                reason.toString());
        broken.close(Duration.ZERO);
        producer = null;
        while (!reopen()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return committing && isCommitted(plan)
                ? new Result.Committed()
                : new Result.Aborted("producer_replaced", reason.toString(), false);
    }

    private boolean reopen() throws InterruptedException {
        try {
            return openOnce();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.error("No transactional producer can be had, and nothing can be published: {}", e.toString());
            Thread.sleep(BLOCK);
            return false;
        }
    }

    /** Whether the group's committed offsets include what the plan was to commit. */
    private boolean isCommitted(Assignments.Plan plan) throws InterruptedException {
        try (Admin admin = Admin.create(adminProperties)) {
            while (true) {
                try {
                    Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                                    Map.of(
                                            groupId,
                                            new ListConsumerGroupOffsetsSpec()
                                                    .topicPartitions(
                                                            plan.offsets().keySet())),
                                    new ListConsumerGroupOffsetsOptions().requireStable(true))
                            .partitionsToOffsetAndMetadata(groupId)
                            .get(30, TimeUnit.SECONDS);
                    // Left out is what a transaction has not decided yet; what was never committed is there, as null.
                    if (committed.keySet().containsAll(plan.offsets().keySet())) {
                        return plan.deliveries().stream().allMatch(delivery -> isComplete(delivery, committed));
                    }
                    Thread.sleep(100);
                } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
                    LOG.warn("Kafka does not say what is committed, and is asked again: {}", e.toString());
                }
            }
        }
    }

    private static boolean isComplete(Delivery delivery, Map<TopicPartition, OffsetAndMetadata> committed) {
        Assignment assignment = delivery.assignment();
        OffsetAndMetadata last = assignment == null ? null : committed.get(assignment.partition);
        if (assignment == null || last == null) {
            return false;
        }
        if (delivery.offset() < last.offset()) {
            return true;
        }
        PartitionLedger ledger = PartitionLedger.restore(
                        assignment.partition.toString(), last.offset(), last.metadata())
                .ledger();
        return ledger.opened(delivery.offset()) == Opening.ALREADY_COMPLETE;
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> last = producer;
        if (last != null) {
            last.close(Duration.ofSeconds(1));
        }
    }
}
