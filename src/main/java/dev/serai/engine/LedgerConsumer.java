package dev.serai.engine;

import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer that keeps a ledger for each of its partitions: it hands out only what is not complete yet, reads on only
 * while there is room, and brings the ledgers along with the group's rebalances.
 *
 * <p>Nothing of this waits on the consumer's thread for one partition, but for the events that run when partitions are
 * taken away: {@link Arrivals} gets partitions ready, {@link LogRanges} looks at logs, and until then a partition is
 * paused. What Kafka refuses or cannot say is no reason to end: it is said, and tried again.
 *
 * <p>The client itself never decides where to read on ({@code auto.offset.reset=none}): where the log was cut (KIP-320),
 * or has lost its beginning, the ledger has to know.
 *
 * <p>It commits nothing; {@link Committer} does. Not thread-safe, as any consumer.
 */
final class LedgerConsumer extends KafkaConsumer<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerConsumer.class);

    /** While trouble lasts: often enough to be back soon, seldom enough for the broker. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    /** After so long with the same client another one is made. */
    private static final Duration BEGIN_ANEW = Duration.ofSeconds(60);

    private static final Duration METADATA = Duration.ofMillis(200);

    private final StartEventClients.Parts parts;
    private final Assignments assignments;
    private final LostPositions positions;
    private final QuietPartitions quiet;
    private final Rebalances rebalances;
    private final boolean fromBeginning;
    private final LostMembership lostMembership;
    private final RepeatedWarning failing = new RepeatedWarning(LOG);
    private final PausedPartitions pauses = new PausedPartitions(this);

    private final long begunAt = System.nanoTime();
    private long tryAgainAt = begunAt;
    private volatile boolean closed;

    LedgerConsumer(Properties endpoint, StartEventClients.Parts parts) {
        this(StartConsumerProperties.of(endpoint, parts.drain()), parts);
    }

    private LedgerConsumer(StartConsumerProperties properties, StartEventClients.Parts parts) {
        super(properties.own());
        this.parts = parts;
        this.assignments = parts.assignments();
        positions = new LostPositions(assignments.progress(), parts.logs(), parts.listener(), new ThisReading());
        quiet = new QuietPartitions(parts.quiet());
        OwnedShare share = new OwnedShare(
                parts.share(), topic -> partitionsFor(topic, METADATA).size());
        rebalances = new Rebalances(parts, positions, pauses, share, this, this::holdBack);
        fromBeginning = properties.fromBeginning();
        lostMembership = new LostMembership(this, assignments.membership(), parts.intake(), properties.pollInterval());
        parts.intake().owns(0);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        parts.intake().polls(parts.arrivals().pending());
        if (System.nanoTime() - tryAgainAt < 0) {
            assignments.awaitStopping(timeout);
            return ConsumerRecords.empty();
        }
        try {
            ConsumerRecords<byte[], byte[]> admitted = read(timeout);
            if (parts.intake().polledWell()) {
                failing.over("The consumer of " + parts.reads().topic() + " reads again");
            }
            return admitted;
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (OffsetOutOfRangeException e) {
            positions.outOfRange(e);
        } catch (AuthenticationException | AuthorizationException | RetriableException e) {
            met(e);
        } catch (KafkaException e) {
            met(e);
            throw e;
        } catch (RuntimeException | Error e) {
            OutOfMemory.endProcessIf(e);
            LOG.error("A defect of the consumer: it begins anew", e);
            parts.intake().met("a defect of the consumer: " + e);
            // Camel takes exceptions only: an error would end its thread.
            throw new KafkaException("the consumer of " + parts.reads().topic() + " begins anew", e);
        }
        return ConsumerRecords.empty();
    }

    private ConsumerRecords<byte[], byte[]> read(Duration timeout) {
        lostMembership.require(rebalances.owned().isEmpty());
        takeArrived();
        positions.goOn();
        boolean room = assignments.awaitRoom(timeout);
        // Without room it still polls, or else the group would take this consumer for dead.
        pauses.update(room ? assignments.full() : assignment());
        ConsumerRecords<byte[], byte[]> polled = super.poll(room ? timeout : Duration.ZERO);
        assignments.membership().is(groupMetadata());
        ConsumerRecords<byte[], byte[]> admitted = admitted(polled);
        // Its log may have been cut and have grown again to where this consumer is: nothing would come for it to see.
        quiet.among(pauses.readable(rebalances.owned()), polled.partitions()).forEach(this::compareWithLog);
        return admitted;
    }

    /** Has the client find out whether what was read last is still in the log; it says so in a later poll. */
    private void compareWithLog(TopicPartition partition) {
        assignments.progress().readTo(partition).ifPresent(position -> super.seek(partition, position));
    }

    private void met(KafkaException e) {
        String trouble = Refusal.text(e);
        parts.intake().met(trouble);
        if (e instanceof AuthenticationException || e instanceof GroupAuthorizationException) {
            lostMembership.refused();
        }
        failing.met(
                e.getClass().getName(), "No " + parts.reads().events() + " are read, which is tried again: " + trouble);
        tryAgainAt = System.nanoTime() + TRY_AGAIN.toNanos();
        boolean lasting = parts.intake()
                .trouble()
                .filter(met -> met.since().compareTo(BEGIN_ANEW) > 0)
                .isPresent();
        if (lasting && System.nanoTime() - begunAt > BEGIN_ANEW.toNanos()) {
            throw new KafkaException(
                    "no " + parts.reads().events() + " were read for more than " + BEGIN_ANEW.toSeconds() + " s: "
                            + trouble,
                    e);
        }
    }

    private void takeArrived() {
        List<String> ready = new ArrayList<>();
        for (Arrivals.Arrived arrived : parts.arrivals().take()) {
            TopicPartition partition = arrived.partition();
            OffsetAndMetadata committed = arrived.committed();
            if (committed != null) {
                // With its leader epoch: the client finds out whether the log was cut below it.
                super.seek(partition, new OffsetAndMetadata(committed.offset(), committed.leaderEpoch(), ""));
            } else if (fromBeginning) {
                seekToBeginning(Set.of(partition));
            } else {
                seekToEnd(Set.of(partition));
            }
            assignments.assigned(partition, arrived.ledger(), committed == null ? -1 : committed.offset());
            pauses.ready(partition);
            ready.add(partition + " from " + (committed == null ? "where it begins" : committed.offset()));
        }
        if (!ready.isEmpty()) {
            LOG.info("Ready: {}", ready);
        }
    }

    private final class ThisReading implements LostPositions.Reading {
        @Override
        public void goOn(TopicPartition partition, OffsetAndMetadata position) {
            pauses.ready(partition);
            LedgerConsumer.super.seek(partition, position);
        }

        @Override
        public void hold(TopicPartition partition) {
            holdBack(Set.of(partition));
        }

        @Override
        public boolean owns(TopicPartition partition) {
            return rebalances.owned().contains(partition);
        }
    }

    /** Not read until it is ready; a position keeps the client from asking for one on this thread. */
    private void holdBack(Collection<TopicPartition> partitions) {
        pauses.hold(partitions);
        partitions.forEach(partition -> super.seek(partition, 0));
    }

    private ConsumerRecords<byte[], byte[]> admitted(ConsumerRecords<byte[], byte[]> polled) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        Set<TopicPartition> stopped = new HashSet<>();
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> batch = polled.records(partition);
            Admission.Admitted admitted = assignments.admission().admit(partition, batch, parts.committer());
            if (admitted.cutAt() >= 0) {
                positions.cutFound(partition, admitted.cutAt(), admitted.dropped());
            }
            switch (admitted.stop()) {
                case Admission.Stop.None none -> {}
                case Admission.Stop.Full full -> {
                    stopped.add(partition);
                    super.seek(partition, assignments.progress().position(partition, full.offset()));
                }
                case Admission.Stop.NewEpoch begun -> {
                    stopped.add(partition);
                    compareWithLog(partition);
                }
                case Admission.Stop.OtherLog other -> {
                    stopped.add(partition);
                    positions.otherLogFound(partition);
                }
            }
            if (!admitted.records().isEmpty()) {
                records.put(partition, admitted.records());
            }
        }
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>(polled.nextOffsets());
        positions.keySet().removeAll(stopped);
        assignments.progress().readUpTo(positions).forEach(this::compareWithLog);
        return records.isEmpty() && polled.isEmpty() ? polled : new ConsumerRecords<>(records, polled.nextOffsets());
    }

    /** Camel goes back to what is committed when its route is resumed. That may have been cut off since. */
    @Override
    public void seek(TopicPartition partition, long offset) {
        long lowest = Math.min(offset, assignments.progress().lowestIncomplete(partition));
        super.seek(partition, assignments.progress().position(partition, lowest));
    }

    @Override
    public void subscribe(Collection<String> topics) {
        subscribe(topics, Rebalances.NO_OTHER);
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, rebalances.andThen(listener));
    }

    /** A client that the group did not answer would wait for that answer once more, 30 s. */
    @Override
    public void close() {
        try {
            if (lostMembership.isFound()) {
                super.close(CloseOptions.timeout(TRY_AGAIN));
            } else {
                super.close();
            }
        } finally {
            rebalances.leaveAll();
            assignments.membership().left();
            closed = true;
        }
    }

    /** For any thread. */
    boolean isClosed() {
        return closed;
    }
}
