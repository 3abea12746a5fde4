package dev.serai.engine;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One event in this process, from its poll to its commit: its place in its partition's ledger and the records that
 * it sends. {@link #begin} when its turn comes, {@link #commit} when it is done, {@link #end} in any case.
 *
 * <p>A delivery is revoked when its partition is to go to another owner, or the service stops. Then it must not begin,
 * waits are over, and nothing that costs is begun; what was begun already may still be committed, for a while.
 *
 * <p>A delivery is cancelled when nobody wants what it would come to any more. It still has to be answered: waits that serve
 * the event itself are over, see {@link #awaitWanted}; those of its answer go on.
 *
 * <p>Thread-safe: it runs on one thread and is revoked by another.
 */
public final class Delivery extends RevocableEvent implements KafkaManualCommit {
    private static final String PROPERTY = "serai.delivery";

    private final Outbox outbox = new Outbox();
    private final Committer committer;
    private final Assignment assignment;
    private final long offset;
    private final long weight;
    private final Completes completes;

    private final ReentrantLock lock = new ReentrantLock();
    private boolean ended;
    private boolean begun;
    private boolean committed;
    private volatile boolean takenOver;

    /** What goes with the records when a delivery is committed. */
    enum Completes {
        /** Its offset, for the first time. */
        OFFSET,
        /** Its offset once more: the event was complete before, for this process. */
        OFFSET_AGAIN,
        /** Nothing: its offset is committed already. */
        NOTHING
    }

    /** @param weight bytes of its record */
    Delivery(String name, Committer committer, Assignment assignment, long offset, long weight, Completes completes) {
        super(name);
        this.committer = committer;
        this.assignment = assignment;
        this.offset = offset;
        this.weight = weight;
        this.completes = completes;
    }

    /**
     * What is to be committed once more of this event, which was committed and is not any more.
     *
     * @param offsetCommitted whether the offset is committed nevertheless; if not, that is the business of whoever owns the
     *     partition, and so is the event
     */
    Delivery again(List<ProducerRecord<byte[], byte[]>> records, boolean offsetCommitted) {
        Completes left = offsetCommitted ? Completes.NOTHING : Completes.OFFSET_AGAIN;
        Delivery part = new Delivery(toString(), committer, assignment, offset, 0, left);
        records.forEach(part.outbox::add);
        return part;
    }

    /** Whether its event was complete before, for this process: see {@link #again}. */
    boolean isAgain() {
        return completes != Completes.OFFSET;
    }

    /** Whether its commit takes its offset along; if not, its records may go out whoever owns the partition by now. */
    boolean completesOffset() {
        return completes != Completes.NOTHING;
    }

    /** Makes the exchange work on this event. */
    public void attachTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }

    /** What the exchange works on; null if it is no event of a topic that is read event by event. */
    public static @Nullable Delivery find(Exchange exchange) {
        // Asked for at every step: without Camel's look at type converters.
        return (Delivery) exchange.getProperty(PROPERTY);
    }

    /** Where this event's sends are collected. */
    public Outbox outbox() {
        return outbox;
    }

    /**
     * The event's turn has come.
     *
     * @return whether to run it; if not, only {@link #end} it
     */
    public boolean begin() {
        return assignment.begin(this);
    }

    /**
     * Returns if records for this topic will be taken, as far as is known; to be asked before something is done that costs,
     * and whose result goes there.
     *
     * @throws RecordRefusedException if they will not
     */
    public void requireWritable(String topic) {
        committer.requireWritable(topic);
    }

    /**
     * How many partitions a topic has that this event may send to; 0 if that is not known now.
     *
     * @param wanted where there seem to be fewer, Kafka is asked again
     */
    public int partitions(String topic, int wanted) {
        return committer.partitions(topic, wanted);
    }

    /** As {@link #commit(Instant)}, whenever that is. */
    @Override
    public void commit() {
        commit(Instant.MAX);
    }

    /**
     * Sends the outbox and completes the offset, both or neither, and returns when Kafka has committed it. While Kafka
     * is away it waits.
     *
     * @param notAfter from then on it is not to be published any more; looked at whenever a transaction is planned
     * @throws DeliveryRevokedException if the partition has another owner, or the service has stopped; nothing was sent,
     *     unless the exception says that it may have been
     * @throws RecordRefusedException if Kafka will not take a record of the outbox; nothing was sent
     * @throws CommitTooLateException if {@code notAfter} has come; nothing was sent
     */
    public void commit(Instant notAfter) {
        committer.commit(this, notAfter);
        lock.lock();
        try {
            committed = true;
        } finally {
            lock.unlock();
        }
    }

    /** The event is through, however it ended. */
    public void end() {
        boolean wasCommitted;
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
            wasCommitted = committed;
        } finally {
            lock.unlock();
        }
        assignment.end(this, hasBegun(), wasCommitted);
    }

    /** Somebody sees to it that {@link #end} is called: the delivery is in good hands. */
    public void takeOver() {
        takenOver = true;
    }

    /** Whether {@link #takeOver} was called. */
    boolean isTakenOver() {
        return takenOver;
    }

    /** Whether {@link #begin} let it run. */
    public boolean hasBegun() {
        lock.lock();
        try {
            return begun;
        } finally {
            lock.unlock();
        }
    }

    void noteBegun() {
        lock.lock();
        try {
            begun = true;
        } finally {
            lock.unlock();
        }
    }

    Assignment assignment() {
        return assignment;
    }

    long offset() {
        return offset;
    }

    /** Bytes of its record. */
    long weight() {
        return weight;
    }

    /** @param perhapsPublished see {@link DeliveryRevokedException#isPerhapsPublished} */
    DeliveryRevokedException revokedException(boolean perhapsPublished) {
        return new DeliveryRevokedException(toString(), perhapsPublished);
    }
}
