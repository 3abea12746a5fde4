package dev.serai.engine;

import dev.serai.loop.OutOfMemory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what events came to: each event's records and its offset in one transaction, and as many events as have
 * finished meanwhile in the same one. While one transaction is under way, the next one's events gather.
 *
 * <p>A transaction that fails is tried again until it is decided: committed, or its events are no longer this process's.
 * Nothing is sent twice, because a transaction counts as failed only when it is known not to be committed. What Kafka
 * refuses for one event's sake is that event's failure; the others are committed without it. What it neither takes nor
 * refuses of one event stops no others. Which events go into one transaction is up to {@link CommitBatches}, how long it is tried
 * is kept by {@link CommitAttempt}.
 *
 * <p>Thread safety: events are handed over from any thread, all transactions run on the committer's own.
 */
public final class Committer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /**
     * From the end of a transaction to the next one. Meanwhile the broker writes the markers of the first, and would
     * refuse the records of the second (CONCURRENT_TRANSACTIONS) to be sent again; and more events gather.
     */
    private static final Duration GATHER = Duration.ofMillis(10);

    /** How long to wait for the group's next generation before a commit is tried again nevertheless. */
    private static final Duration NEXT_GENERATION = Duration.ofMillis(100);

    private final Assignments assignments;
    private final Transactions transactions;
    private final OutgoingTopics topics;
    private final TransactionListener listener;
    private final Clock clock;
    private final LinkedBlockingQueue<FinishedEvent> finished = new LinkedBlockingQueue<>();
    private final CommitAttempt attempt;
    private final CommitBatches undecided = new CommitBatches();
    /** What is in the transaction that is under way. */
    private Set<FinishedEvent> inTransaction = Set.of();

    private final Thread thread;
    private volatile boolean closed;

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
        attempt = new CommitAttempt(listener);
        thread = Thread.ofPlatform().name("serai-committer").unstarted(this::run);
    }

    /**
     * Takes over the transactional id, which ends whatever an earlier process of this name has left open, and begins to
     * commit.
     *
     * @throws TransactionsForbiddenException if the cluster does not let this process use transactions
     * @throws NoTransactionsException if it does not answer
     */
    public void start() {
        transactions.open();
        thread.start();
    }

    /** See {@link Delivery#commit(Instant)}. */
    void commit(Delivery delivery, Instant notAfter) {
        requireWritable(delivery);
        FinishedEvent event = new FinishedEvent(delivery, notAfter);
        finished.add(event);
        if (closed) {
            takeAll().forEach(FinishedEvent::dropped);
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

    /**
     * The transaction that is under way, if it has been for as long as that. While some events do not get through and others
     * do, the attempts to publish those do not count.
     */
    public Optional<Stalled> stalledFor(Duration least) {
        return attempt.stalledFor(least);
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
        takeAll().forEach(FinishedEvent::dropped);
        transactions.close();
    }

    private void run() {
        long notBefore = System.nanoTime();
        try {
            while (!closed) {
                if (!undecided.isDue(System.nanoTime())) {
                    FinishedEvent first = finished.poll(CommitPlans.BEHIND.toMillis(), TimeUnit.MILLISECONDS);
                    if (first != null) {
                        undecided.add(List.of(first));
                    }
                }
                Thread.sleep(Duration.ofNanos(Math.max(0, notBefore - System.nanoTime())));
                undecided.add(takeAll());
                commitSome();
                notBefore = System.nanoTime() + GATHER.toNanos();
            }
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("The committer ends");
        }
        // What is undecided is decided by the broker, and by the ledger of whoever owns the partition next.
        undecided.dropAll(inTransaction);
    }

    private void commitSome() throws InterruptedException {
        try {
            commitOnce();
        } catch (InterruptedException | InterruptException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            OutOfMemory.endProcessIf(e);
            attempt.aborted("defect", "a defect of the committer: " + e);
            LOG.error("A defect of the committer, which tries again", e);
            attempt.pauseLonger();
        }
    }

    /** Tries to commit some; takes out what is decided. */
    private void commitOnce() throws InterruptedException {
        undecided.failLate(clock.instant());
        if (!isSound()) {
            return;
        }
        dropRevoked(assignments.plans().revoked(undecided.aside()));
        List<FinishedEvent> batch = undecided.batch(System.nanoTime());
        CommitPlan plan = assignments
                .plans()
                .plan(batch.stream().map(FinishedEvent::delivery).toList());
        Set<Delivery> revoked = new HashSet<>(plan.revoked());
        dropRevoked(revoked);
        batch.removeIf(event -> revoked.contains(event.delivery()));
        if (batch.isEmpty() && plan.offsets().isEmpty()) {
            if (undecided.isEmpty() || undecided.othersGetThrough()) {
                attempt.over();
            }
            return;
        }
        long begun = System.nanoTime();
        boolean triedAgain = undecided.othersGetThrough() || attempt.begin(begun);
        inTransaction = Set.copyOf(batch);
        Transactions.Result result = transactions.commit(plan);
        inTransaction = Set.of();
        switch (result) {
            case Transactions.Result.Committed ignored -> {
                assignments.plans().completed(plan);
                if (triedAgain && offsetsDiffer(plan)) {
                    listener.offsetsDiffer();
                }
                long again = batch.stream()
                        .map(FinishedEvent::delivery)
                        .filter(delivery -> delivery.isAgain()
                                && !delivery.outbox().records().isEmpty())
                        .count();
                listener.publishedAgain((int) again);
                listener.committed(batch.size(), Duration.ofNanos(System.nanoTime() - begun));
                undecided.committed(batch, System.nanoTime());
                attempt.committed();
            }
            case Transactions.Result.Refused refused -> {
                listener.aborted("record_refused");
                undecided.failRefused(refused.culprits());
                attempt.over();
            }
            case Transactions.Result.Aborted aborted -> {
                if (aborted.groupMovedOn()) {
                    attempt.aborted(aborted.label(), aborted.reason());
                    assignments.membership().refused(plan.group());
                    assignments.membership().awaitAfter(plan.group(), NEXT_GENERATION);
                } else if (undecided.failed(batch, aborted.blamed(), begun, System.nanoTime())) {
                    attempt.abortedAlone(aborted.label(), aborted.reason(), undecided.aside());
                } else {
                    attempt.aborted(aborted.label(), aborted.reason());
                    attempt.pauseLonger();
                }
            }
        }
        if (undecided.aside().isEmpty()) {
            attempt.noneAlone();
        }
    }

    /** Whether the transactions before this one are through; if not, what is to be done again comes first. */
    private boolean isSound() throws InterruptedException {
        return switch (transactions.recovery().check()) {
            case TransactionRecovery.Check.Sound ignored -> true;
            case TransactionRecovery.Check.Undecided open -> {
                attempt.undecided(open.reason());
                attempt.pauseLonger();
                yield false;
            }
            case TransactionRecovery.Check.Lost lost -> {
                undecided.addFirst(lost.again().stream().map(Committer::again).toList());
                yield false;
            }
        };
    }

    private static FinishedEvent again(Delivery delivery) {
        FinishedEvent event = new FinishedEvent(delivery, Instant.MAX);
        var unused = event.done().whenComplete((done, failure) -> {
            boolean runsAgain = failure instanceof DeliveryRevokedException && delivery.completesOffset();
            if (failure != null && !runsAgain) {
                LOG.error("What Kafka has lost of {} after its commit is not published again", delivery, failure);
            }
        });
        return event;
    }

    private void dropRevoked(Set<Delivery> revoked) {
        if (revoked.isEmpty()) {
            return;
        }
        listener.dropped(revoked.size());
        LOG.info(
                "Finished events are dropped, because their partitions have another owner or another log: {}",
                revoked.stream().map(Delivery::toString).sorted().collect(Collectors.joining(", ")));
        undecided.drop(revoked);
    }

    private boolean offsetsDiffer(CommitPlan plan) throws InterruptedException {
        Set<TopicPartition> owned =
                assignments.plans().stillOwned(plan.offsets().keySet());
        return transactions.recovery().offsetsDiffer(plan, owned);
    }

    private List<FinishedEvent> takeAll() {
        List<FinishedEvent> all = new ArrayList<>();
        finished.drainTo(all);
        return all;
    }
}
