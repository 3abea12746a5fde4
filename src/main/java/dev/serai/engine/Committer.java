package dev.serai.engine;

import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what events came to: each event's records and its offset in one transaction, and as many events as have
 * finished meanwhile in the same one. While one transaction is under way, the next one's events gather.
 *
 * <p>A transaction that fails is tried again until it is decided: committed, or its events are no longer this process's.
 * Nothing is sent twice, because a transaction counts as failed only when it is known not to be committed. What Kafka
 * refuses for one event's sake is that event's failure; the others are committed without it. A transaction is bounded by
 * bytes and by events, and by half of its events after it failed.
 *
 * <p>Thread safety: events are handed over from any thread, all transactions run on the committer's own.
 */
public final class Committer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** Bounds the time of one transaction; more than is ever in flight by default. */
    private static final int MOST_EVENTS = 2_000;

    /**
     * Bounds the size of one transaction, but for that of its first event: a small part of what the producer holds
     * (128 MiB), sent within its delivery time-out (8 s) at 2 MB/s.
     */
    private static final long MOST_BYTES = 16L << 20;

    /**
     * From the end of a transaction to the next one. Meanwhile the broker writes the markers of the first, and would
     * refuse the records of the second (CONCURRENT_TRANSACTIONS) to be sent again; and more events gather.
     */
    private static final Duration GATHER = Duration.ofMillis(10);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Assignments assignments;
    private final Transactions transactions;
    private final OutgoingTopics topics;
    private final TransactionListener listener;
    private final Clock clock;
    private final LinkedBlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
    private final RepeatedWarning failing = new RepeatedWarning(LOG);
    private final Thread thread;

    private volatile @Nullable Attempt attempt;
    private volatile boolean closed;
    private int mostEvents = MOST_EVENTS;
    private Duration pause = PAUSE;

    /** An event that waits for its transaction. */
    private record Finished(Delivery delivery, Instant notAfter, CompletableFuture<Void> done) {
        void failed(Throwable reason) {
            done.completeExceptionally(reason);
        }
    }

    /**
     * A transaction that is under way, or is tried again and again.
     *
     * @param since by {@link System#nanoTime}
     * @param reason why it was aborted, or null as long as it was not
     */
    private record Attempt(long since, @Nullable String reason) {}

    /** A transaction that does not get through, and why it was aborted; no reason if Kafka does not answer at all. */
    public record Stalled(Duration since, Optional<String> reason) {}

    public Committer(
            Assignments assignments,
            Transactions transactions,
            OutgoingTopics topics,
            TransactionListener listener,
            Clock clock) {
        this.assignments = assignments;
        this.transactions = transactions;
        this.topics = topics;
        this.listener = listener;
        this.clock = clock;
        thread = Thread.ofPlatform().name("serai-committer").unstarted(this::run);
    }

    /**
     * Takes over the transactional id, which ends whatever an earlier process of this name has left open, and begins to
     * commit.
     *
     * @throws TransactionsForbiddenException if the cluster does not let this process use transactions
     */
    public void start() {
        transactions.open();
        thread.start();
    }

    /** See {@link Delivery#commit(Instant)}. */
    void commit(Delivery delivery, Instant notAfter) {
        requireWritable(delivery);
        Finished event = new Finished(delivery, notAfter, new CompletableFuture<>());
        finished.add(event);
        if (closed) {
            drop(takeAll());
        }
        try {
            event.done().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void requireWritable(Delivery delivery) {
        uninterrupted(() -> topics.requireWritable(delivery.outbox().records()));
    }

    /** See {@link Delivery#requireWritable}. */
    void requireWritable(String topic) {
        uninterrupted(() -> topics.requireWritable(topic));
    }

    /** See {@link Delivery#partitions}. */
    int partitions(String topic, int wanted) {
        int[] found = {0};
        uninterrupted(() -> found[0] = topics.partitions(topic, wanted));
        return found[0];
    }

    @FunctionalInterface
    private interface Look {
        void run() throws InterruptedException;
    }

    /** Whoever interrupts wants the event to end, and goes on to what is the end of it. */
    private static void uninterrupted(Look look) {
        try {
            look.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The transaction that is under way, if it has been for as long as that. */
    public Optional<Stalled> stalledFor(Duration least) {
        Attempt now = attempt;
        if (now == null) {
            return Optional.empty();
        }
        Duration since = Duration.ofNanos(System.nanoTime() - now.since());
        return since.compareTo(least) < 0
                ? Optional.empty()
                : Optional.of(new Stalled(since, Optional.ofNullable(now.reason())));
    }

    /** Whether its thread runs, as it does from the start to the end. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Commits what is waiting if Kafka is there, drops the rest, and ends. */
    @Override
    public void close() {
        closed = true;
        if (thread.getState() != Thread.State.NEW) {
            thread.interrupt();
            try {
                thread.join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        drop(takeAll());
        transactions.close();
    }

    private void run() {
        long notBefore = System.nanoTime();
        List<Finished> undecided = new ArrayList<>();
        try {
            while (!closed) {
                if (undecided.isEmpty()) {
                    Finished first = finished.poll(CommitPlans.BEHIND.toMillis(), TimeUnit.MILLISECONDS);
                    if (first != null) {
                        undecided.add(first);
                    }
                }
                Thread.sleep(Duration.ofNanos(Math.max(0, notBefore - System.nanoTime())));
                finished.drainTo(undecided);
                commitSome(undecided);
                notBefore = System.nanoTime() + GATHER.toNanos();
            }
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("The committer ends");
        }
        // What is undecided is decided by the broker, and by the ledger of whoever owns the partition next.
        drop(undecided);
    }

    private void commitSome(List<Finished> undecided) throws InterruptedException {
        try {
            commitOnce(undecided);
        } catch (InterruptedException | InterruptException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            OutOfMemory.endProcessIf(e);
            aborted("defect", "a defect of the committer: " + e);
            LOG.error("A defect of the committer, which tries again", e);
            Thread.sleep(pause);
        }
    }

    /** Tries to commit some; takes out what is decided. */
    private void commitOnce(List<Finished> undecided) throws InterruptedException {
        failLate(undecided);
        if (!isSound(undecided)) {
            return;
        }
        List<Finished> batch = batch(undecided);
        CommitPlan plan =
                assignments.plans().plan(batch.stream().map(Finished::delivery).toList());
        Set<Delivery> revoked = new HashSet<>(plan.revoked());
        if (!revoked.isEmpty()) {
            dropRevoked(undecided, revoked);
            batch.removeIf(event -> revoked.contains(event.delivery()));
        }
        if (batch.isEmpty() && plan.offsets().isEmpty()) {
            attempt = undecided.isEmpty() ? null : attempt;
            return;
        }
        long begun = System.nanoTime();
        boolean triedAgain = attempt != null;
        if (!triedAgain) {
            attempt = new Attempt(begun, null);
        }
        switch (transactions.commit(plan)) {
            case Transactions.Result.Committed ignored -> {
                assignments.plans().completed(plan);
                if (triedAgain && offsetsDiffer(plan)) {
                    listener.offsetsDiffer();
                }
                long again = batch.stream()
                        .map(Finished::delivery)
                        .filter(delivery -> delivery.isAgain()
                                && !delivery.outbox().records().isEmpty())
                        .count();
                listener.publishedAgain((int) again);
                listener.committed(batch.size(), Duration.ofNanos(System.nanoTime() - begun));
                undecided.removeAll(new HashSet<>(batch));
                batch.forEach(event -> event.done().complete(null));
                attempt = null;
                pause = PAUSE;
                mostEvents = Math.min(MOST_EVENTS, 2 * mostEvents);
                failing.over("Transactions are committed again");
            }
            case Transactions.Result.Refused refused -> {
                listener.aborted("record_refused");
                undecided.removeIf(event -> {
                    RecordRefusedException reason = refused.culprits().get(event.delivery());
                    if (reason != null) {
                        event.failed(reason);
                    }
                    return reason != null;
                });
                attempt = null;
            }
            case Transactions.Result.Aborted aborted -> {
                aborted(aborted.label(), aborted.reason());
                if (aborted.groupMovedOn()) {
                    assignments.membership().refused(plan.group());
                    assignments.membership().awaitAfter(plan.group(), PAUSE);
                } else {
                    mostEvents = Math.max(1, batch.size() / 2);
                    Thread.sleep(pause);
                    pause = longer(pause);
                }
            }
        }
    }

    /** Whether the transactions before this one are through; if not, what is to be done again comes first. */
    private boolean isSound(List<Finished> undecided) throws InterruptedException {
        return switch (transactions.recovery().check()) {
            case TransactionRecovery.Check.Sound ignored -> true;
            case TransactionRecovery.Check.Undecided open -> {
                Attempt now = attempt;
                attempt = new Attempt(now == null ? System.nanoTime() : now.since(), open.reason());
                Thread.sleep(pause);
                pause = longer(pause);
                yield false;
            }
            case TransactionRecovery.Check.Lost lost -> {
                undecided.addAll(0, lost.again().stream().map(Committer::again).toList());
                yield false;
            }
        };
    }

    private static Finished again(Delivery delivery) {
        Finished event = new Finished(delivery, Instant.MAX, new CompletableFuture<>());
        var unused = event.done().whenComplete((done, failure) -> {
            boolean runsAgain = failure instanceof DeliveryRevokedException && delivery.completesOffset();
            if (failure != null && !runsAgain) {
                LOG.error("What Kafka has lost of {} after its commit is not published again", delivery, failure);
            }
        });
        return event;
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private void aborted(String label, String reason) {
        listener.aborted(label);
        Attempt now = attempt;
        attempt = new Attempt(now == null ? System.nanoTime() : now.since(), reason);
        failing.met(label, "A transaction was aborted and is tried again: " + reason);
    }

    /** As many as one transaction may have. */
    private List<Finished> batch(List<Finished> undecided) {
        List<Finished> batch = new ArrayList<>();
        long bytes = 0;
        for (Finished next : undecided) {
            bytes += next.delivery().outbox().bytes();
            if (batch.size() == mostEvents || (bytes > MOST_BYTES && !batch.isEmpty())) {
                break;
            }
            batch.add(next);
        }
        return batch;
    }

    private void failLate(List<Finished> undecided) {
        Instant now = clock.instant();
        undecided.removeIf(event -> {
            boolean late = !now.isBefore(event.notAfter());
            if (late) {
                event.failed(new CommitTooLateException(event.delivery().toString(), event.notAfter()));
            }
            return late;
        });
    }

    private void dropRevoked(List<Finished> undecided, Set<Delivery> revoked) {
        listener.dropped(revoked.size());
        LOG.info(
                "Finished events are dropped, because their partitions have another owner or another log: {}",
                revoked.stream().map(Delivery::toString).sorted().collect(Collectors.joining(", ")));
        undecided.removeIf(event -> {
            boolean drop = revoked.contains(event.delivery());
            if (drop) {
                event.failed(event.delivery().revokedException());
            }
            return drop;
        });
    }

    private boolean offsetsDiffer(CommitPlan plan) throws InterruptedException {
        Set<TopicPartition> owned =
                assignments.plans().stillOwned(plan.offsets().keySet());
        return transactions.recovery().offsetsDiffer(plan, owned);
    }

    private List<Finished> takeAll() {
        List<Finished> all = new ArrayList<>();
        finished.drainTo(all);
        return all;
    }

    private static void drop(List<Finished> events) {
        events.forEach(event -> event.failed(event.delivery().revokedException()));
    }
}
