package dev.serai.engine;

import dev.serai.engine.ledger.LeaderEpochs;
import dev.serai.engine.ledger.PartitionLedger;
import dev.serai.engine.ledger.Restored;
import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that this process was given and that are not ready to be read yet. What each needs, its committed offset and
 * its part of {@link PartitionState}, is fetched on threads beside the consumer's, again and again until it is there: a
 * partition that cannot be taken over, because a transaction holds its offset or a right is missing, holds up itself only.
 *
 * <p>Thread-safe. A partition that is given back and comes again waits until nothing of its earlier arrival runs any more.
 */
public final class Arrivals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

    /** Between two looks at an offset that is not decided. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final CommittedOffsets committed;
    private final PartitionState state;
    private final RepeatedWarning failing = new RepeatedWarning(LOG);
    private final AtomicInteger threads = new AtomicInteger();
    private final Map<TopicPartition, Arrival> current = new HashMap<>();
    private final List<Arrived> ready = new ArrayList<>();
    private boolean closed;

    /**
     * A partition that is ready.
     *
     * @param committed null if nothing was ever committed
     */
    record Arrived(TopicPartition partition, @Nullable OffsetAndMetadata committed, PartitionLedger ledger) {}

    /** A partition that is not ready, what it waits for, and how long it has. */
    record Pending(TopicPartition partition, String waitsFor, Duration since) {}

    private static final class Arrival {
        final TopicPartition partition;
        final @Nullable Arrival before;
        final long begunAt = System.nanoTime();
        final CountDownLatch ended = new CountDownLatch(1);
        volatile @Nullable Thread thread;
        volatile boolean wanted = true;
        volatile String waitsFor = "its committed offset";

        Arrival(TopicPartition partition, @Nullable Arrival before) {
            this.partition = partition;
            this.before = before;
        }
    }

    public Arrivals(CommittedOffsets committed, PartitionState state) {
        this.committed = committed;
        this.state = state;
    }

    /** Begins to get these partitions ready; does not wait. */
    void begin(Collection<TopicPartition> partitions) {
        Set<Arrival> begun = new HashSet<>();
        synchronized (this) {
            for (TopicPartition partition : partitions) {
                Arrival arrival = new Arrival(partition, cancel(partition));
                current.put(partition, arrival);
                begun.add(arrival);
            }
        }
        run(begun, () -> fetch(begun));
    }

    /** These partitions are no longer wanted; does not wait. */
    synchronized void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(this::cancel);
    }

    private @Nullable Arrival cancel(TopicPartition partition) {
        ready.removeIf(arrived -> arrived.partition().equals(partition));
        Arrival arrival = current.get(partition);
        if (arrival == null) {
            return null;
        }
        arrival.wanted = false;
        Thread thread = arrival.thread;
        if (thread != null) {
            // Others that the thread works for go on after a look at what is still wanted.
            thread.interrupt();
        }
        return arrival;
    }

    /** Those that have become ready since they were asked for last. */
    synchronized List<Arrived> take() {
        if (ready.isEmpty()) {
            return List.of();
        }
        List<Arrived> taken = List.copyOf(ready);
        ready.clear();
        taken.forEach(arrived -> current.remove(arrived.partition()));
        return taken;
    }

    /** Those that are not ready, in no order. */
    synchronized List<Pending> pending() {
        return current.values().stream()
                .filter(arrival -> arrival.wanted)
                .map(arrival -> new Pending(
                        arrival.partition, arrival.waitsFor, Duration.ofNanos(System.nanoTime() - arrival.begunAt)))
                .toList();
    }

    private void run(Set<Arrival> arrivals, Runnable work) {
        Thread thread = Thread.ofVirtual()
                .name("serai-arrival-" + threads.incrementAndGet())
                .unstarted(() -> {
                    try {
                        work.run();
                    } catch (RuntimeException | Error e) {
                        OutOfMemory.endProcessIf(e);
                        LOG.error("A defect: partitions {} are not got ready, and are tried again", names(arrivals), e);
                        again(arrivals);
                    }
                });
        arrivals.forEach(arrival -> arrival.thread = thread);
        thread.start();
    }

    private void again(Set<Arrival> arrivals) {
        Set<Arrival> left = new HashSet<>(arrivals);
        removeUnwanted(left);
        if (!left.isEmpty()) {
            run(left, () -> {
                pause(TRY_AGAIN);
                fetch(left);
            });
        }
    }

    private void fetch(Set<Arrival> arrivals) {
        Set<Arrival> waiting = new HashSet<>(arrivals);
        while (removeUnwanted(waiting)) {
            Map<TopicPartition, @Nullable OffsetAndMetadata> stable;
            try {
                stable = committed.stable(partitions(waiting));
            } catch (InterruptedException | InterruptException e) {
                continue;
            } catch (RuntimeException e) {
                met(waiting, "its committed offset, which cannot be had: " + Refusal.text(e), e);
                pause(TRY_AGAIN);
                continue;
            }
            Set<Arrival> next = waiting.stream()
                    .filter(arrival -> stable.containsKey(arrival.partition))
                    .collect(Collectors.toSet());
            waiting.removeAll(next);
            if (!next.isEmpty()) {
                run(next, () -> restore(next, stable));
            }
            if (!waiting.isEmpty()) {
                waiting.forEach(arrival -> arrival.waitsFor = "a transaction that holds its committed offset");
                pause(LOOK_AGAIN);
            }
        }
    }

    private void restore(Set<Arrival> arrivals, Map<TopicPartition, @Nullable OffsetAndMetadata> offsets) {
        Map<Integer, Arrival> left = new HashMap<>();
        arrivals.forEach(arrival -> left.put(arrival.partition.partition(), arrival));
        while (true) {
            Set<Arrival> wanted = new HashSet<>(left.values());
            removeUnwanted(wanted);
            left.values().retainAll(wanted);
            if (left.isEmpty()) {
                return;
            }
            try {
                awaitEarlier(wanted);
                wanted.forEach(arrival -> arrival.waitsFor = "its conversations' sessions");
                state.restore(Set.copyOf(left.keySet()), number -> {
                    Arrival arrival = left.remove(number);
                    if (arrival != null) {
                        finish(arrival, offsets.get(arrival.partition));
                    }
                });
            } catch (InterruptedException | InterruptException e) {
                LOG.debug("Interrupted: {} may no longer be wanted", names(wanted));
            } catch (RuntimeException e) {
                met(
                        new HashSet<>(left.values()),
                        "its conversations' sessions, which cannot be read: " + Refusal.text(e),
                        e);
                pause(TRY_AGAIN);
            }
        }
    }

    private static void awaitEarlier(Set<Arrival> arrivals) throws InterruptedException {
        for (Arrival arrival : arrivals) {
            Arrival before = arrival.before;
            if (before != null) {
                before.ended.await();
            }
        }
    }

    private void finish(Arrival arrival, @Nullable OffsetAndMetadata offset) {
        PartitionLedger ledger = ledger(arrival.partition, offset);
        synchronized (this) {
            if (arrival.wanted && !closed) {
                ready.add(new Arrived(arrival.partition, offset, ledger));
                failing.over("Partitions that were not ready can be taken over: " + arrival.partition);
            } else {
                current.remove(arrival.partition, arrival);
                state.drop(Set.of(arrival.partition.partition()));
            }
        }
        arrival.ended.countDown();
    }

    private static PartitionLedger ledger(TopicPartition partition, @Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            return PartitionLedger.empty(partition.toString(), 0);
        }
        int epoch = committed.leaderEpoch().orElse(LeaderEpochs.UNKNOWN);
        return switch (PartitionLedger.restore(partition.toString(), committed.offset(), epoch, committed.metadata())) {
            case Restored.Whole whole -> whole.ledger();
            case Restored.MetadataUnused unused -> {
                LOG.warn(
                        "The metadata of offset {} of {} is not used: {}. Events above it that were answered already run"
                                + " again",
                        committed.offset(),
                        partition,
                        unused.reason());
                yield unused.ledger();
            }
        };
    }

    /** Whether some are left. */
    private boolean removeUnwanted(Set<Arrival> arrivals) {
        // An interrupt was a call to come here.
        Thread.interrupted();
        synchronized (this) {
            arrivals.removeIf(arrival -> {
                boolean unwanted = closed || !arrival.wanted;
                if (unwanted) {
                    arrival.ended.countDown();
                    current.remove(arrival.partition, arrival);
                }
                return unwanted;
            });
        }
        return !arrivals.isEmpty();
    }

    private void met(Set<Arrival> arrivals, String trouble, RuntimeException e) {
        arrivals.forEach(arrival -> arrival.waitsFor = trouble);
        failing.met(e.getClass().getName(), "Partitions " + names(arrivals) + " wait, others go on: " + trouble);
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            LOG.debug("Woken");
        }
    }

    private static Set<TopicPartition> partitions(Set<Arrival> arrivals) {
        return arrivals.stream().map(arrival -> arrival.partition).collect(Collectors.toSet());
    }

    private static String names(Collection<Arrival> arrivals) {
        return arrivals.stream()
                .map(arrival -> arrival.partition.toString())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Ends everything; does not wait. */
    @Override
    public synchronized void close() {
        closed = true;
        Set.copyOf(current.keySet()).forEach(this::cancel);
    }
}
