package dev.serai.engine;

import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
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
 * ends the transaction (the broker completes or aborts it when its id is taken over), and then the records in the logs tell which
 * of the two it was ({@link TransactionRecovery}).
 *
 * <p>For one thread, but for {@link #close}.
 */
public final class Transactions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    /** Of {@link TransactionalProducers#BLOCK} each: after that the broker has ended the transaction by its time-out. */
    private static final int PATIENT_CALLS = 2;

    private final TransactionalProducers producers;
    private final OutgoingTopics topics;
    private final TransactionRecovery recovery;
    private final RepeatedWarning away = new RepeatedWarning(LOG);
    private final RepeatedWarning replaced = new RepeatedWarning(LOG);

    /** What became of a transaction. */
    sealed interface Result {
        /** All of it. */
        record Committed() implements Result {}

        /**
         * Nothing of it.
         *
         * @param label for metrics
         * @param groupMovedOn whether to wait for the group's next generation before the next attempt
         * @param blamed see {@link Sends.Outcome.Failed}
         */
        record Aborted(String label, String reason, boolean groupMovedOn, Set<Delivery> blamed) implements Result {
            Aborted(String label, String reason, boolean groupMovedOn) {
                this(label, reason, groupMovedOn, Set.of());
            }
        }

        /** Nothing of it, and there never will be with these deliveries in it. */
        record Refused(Map<Delivery, RecordRefusedException> culprits) implements Result {}
    }

    /**
     * @param kafkaProperties of any client; what transactions need is set here
     * @param groupId of the consumers whose offsets are committed
     * @param topic which they are of
     * @param transactionalId of this process, and of no other; the same after a restart
     * @param written topics that are written to again and again
     */
    public Transactions(
            Map<String, Object> kafkaProperties,
            String groupId,
            String topic,
            String transactionalId,
            Admin admin,
            Collection<String> written,
            OutgoingTopics topics) {
        this(
                new TransactionalProducers(
                        TransactionalProducers.properties(kafkaProperties, transactionalId),
                        groupId,
                        topic,
                        admin,
                        written,
                        TransactionalProducers::ofKafka),
                new CommittedOffsets(admin, groupId),
                topics,
                new Visibility(kafkaProperties, topics));
    }

    /** Of that process, and of no other of the group. */
    public static String transactionalId(String groupId, String instanceId) {
        return groupId + "-" + instanceId;
    }

    Transactions(
            TransactionalProducers producers,
            CommittedOffsets committed,
            OutgoingTopics topics,
            Visibility visibility) {
        this.producers = producers;
        this.topics = topics;
        recovery = new TransactionRecovery(
                producers, new CommitComparison(committed), visibility, producers.ends(committed));
    }

    /** See {@link TransactionalProducers#open}. */
    void open() {
        producers.open();
    }

    /** Finds out what became of transactions whose end is not certain. */
    TransactionRecovery recovery() {
        return recovery;
    }

    Result commit(CommitPlan plan) throws InterruptedException {
        Producer<byte[], byte[]> current = producers.current();
        if (current == null) {
            return producers.reopen() ? commit(plan) : new Result.Aborted("kafka_away", producers.trouble(), false);
        }
        ConsumerGroupMetadata group = plan.group();
        boolean hasOffsets = !plan.offsets().isEmpty();
        if (hasOffsets && (group == null || group.generationId() < 0)) {
            // The broker would take them without looking at whose partitions they are of.
            return new Result.Aborted("rebalance", "the consumer is not a member of its group now", true);
        }
        boolean deciding = false;
        Sends sends = new Sends(topics);
        try {
            current.beginTransaction();
            sends.send(current, plan.deliveries());
            switch (sends.await()) {
                case Sends.Outcome.AllTaken taken -> {}
                case Sends.Outcome.Refused refused -> {
                    if (refused.pending() || !abort(current)) {
                        producers.end();
                    }
                    return new Result.Refused(refused.culprits());
                }
                case Sends.Outcome.Failed failed -> {
                    if (!abort(current)) {
                        replaced(failed.reason());
                        producers.end();
                    }
                    return new Result.Aborted("error", Refusal.text(failed.reason()), false, failed.blamed());
                }
            }
            if (hasOffsets && group != null) {
                current.sendOffsetsToTransaction(plan.offsets(), group);
            }
            deciding = true;
            commit(current);
            recovery.committed(plan, sends.placed());
            replaced.over("Transactions get through again");
            return new Result.Committed();
        } catch (InterruptException | InterruptedException e) {
            throw e;
        } catch (CommitFailedException e) {
            // This is the coordinator's answer about the offsets: the client has let go of them.
            if (!abort(current)) {
                producers.end();
            }
            return new Result.Aborted("rebalance", "the consumer group has moved on", true);
        } catch (Throwable e) {
            OutOfMemory.endProcessIf(e);
            replaced(e);
            producers.end();
            return deciding && recovery.awaitCommitted(plan, sends.placed(), e)
                    ? new Result.Committed()
                    : new Result.Aborted("producer_replaced", Refusal.text(e), false);
        }
    }

    private void replaced(Throwable reason) {
        replaced.met(
                reason.getClass().getName(),
                "The transactional producer " + producers.transactionalId()
                        + " cannot go on and is replaced. If this repeats, another"
                        + " process uses the same serai.instance-id: give each replica its own. " + reason);
        if (!(reason instanceof KafkaException)) {
            LOG.error("A defect in a transaction, which is tried again with another producer", reason);
        }
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
        recovery.beforeAbort();
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

    @Override
    public void close() {
        producers.close();
    }
}
