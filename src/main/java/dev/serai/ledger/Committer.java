package dev.serai.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits finished events: their outboxes and their offsets in one Kafka transaction, whoever is waiting together in
 * one. At rest a transaction holds one event; while one transaction is under way the next one's events gather.
 *
 * <p>A transaction that fails is tried again until it is decided: committed, or its events are no longer this process's.
 * Nothing is sent twice, because a transaction counts as failed only when it is known not to be committed.
 *
 * <p>Thread safety: events are handed over from any thread, all transactions run on the committer's own.
 */
public final class Committer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** Bounds the time and the size of one transaction; more than is ever in flight by default. */
    private static final int MOST_EVENTS = 2_000;

    /**
     * From the end of a transaction to the next one. Meanwhile the broker writes the markers of the first, and would
     * refuse the records of the second (CONCURRENT_TRANSACTIONS) to be sent again; and more events gather.
     */
    private static final Duration GATHER = Duration.ofMillis(10);

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Assignments assignments;
    private final Transactions transactions;
    private final TransactionListener listener;
    private final LinkedBlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
    private final Thread thread;

    /** Since when the transaction that is under way is, in nanoseconds of {@link System#nanoTime}; 0 if none is. */
    private final AtomicLong busySince = new AtomicLong();

    private volatile boolean closed;

    /** An event that waits for its transaction. */
    private record Finished(Delivery delivery, CompletableFuture<Void> done) {}

    public Committer(Assignments assignments, Transactions transactions, TransactionListener listener) {
        this.assignments = assignments;
        this.transactions = transactions;
        this.listener = listener;
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

    /** A delivery of no partition: what it sends goes out in a transaction, and completes no offset. */
    public Delivery detached(String name) {
        return new Delivery(name, this, null, -1);
    }

    /** See {@link Delivery#commit}. */
    void commit(Delivery delivery) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        finished.add(new Finished(delivery, done));
        if (closed) {
            drop(takeAll());
        }
        try {
            done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** How long the transaction that is under way has been; zero if none is. */
    public Duration busyFor() {
        long since = busySince.get();
        return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Commits what is waiting if Kafka is there, drops the rest, and ends. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        drop(takeAll());
        transactions.close();
    }

    private void run() {
        long notBefore = System.nanoTime();
        try {
            while (!closed) {
                List<Finished> batch = new ArrayList<>();
                batch.add(finished.take());
                Thread.sleep(Duration.ofNanos(Math.max(0, notBefore - System.nanoTime())));
                finished.drainTo(batch, MOST_EVENTS - 1);
                busySince.set(System.nanoTime());
                commit(batch);
                busySince.set(0);
                notBefore = System.nanoTime() + GATHER.toNanos();
            }
        } catch (InterruptedException e) {
            LOG.debug("The committer ends");
        }
    }

    private void commit(List<Finished> batch) {
        List<Finished> undecided = new ArrayList<>(batch);
        try {
            while (!undecided.isEmpty()) {
                commitOnce(undecided);
            }
        } catch (InterruptedException | InterruptException e) {
            // Closing: what is undecided is decided by the broker, and by the ledger of whoever owns the partition
            // next.
            drop(undecided);
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("A defect of the committer: {} events stay uncommitted", undecided.size(), e);
            undecided.forEach(event -> event.done().completeExceptionally(e));
        }
    }

    /** Tries to commit; takes out what is decided. */
    private void commitOnce(List<Finished> undecided) throws InterruptedException {
        Assignments.Plan plan =
                assignments.plan(undecided.stream().map(Finished::delivery).toList());
        dropRevoked(undecided, plan);
        if (undecided.isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        switch (transactions.commit(plan)) {
            case Transactions.Result.Committed ignored -> {
                assignments.completed(plan);
                listener.committed(undecided.size(), Duration.ofNanos(System.nanoTime() - begun));
                undecided.forEach(event -> event.done().complete(null));
                undecided.clear();
            }
            case Transactions.Result.Refused refused -> {
                listener.aborted("record_too_large");
                undecided.removeIf(event -> {
                    boolean culprit = event.delivery() == refused.delivery();
                    return culprit && event.done().completeExceptionally(refused.reason());
                });
            }
            case Transactions.Result.Aborted aborted -> {
                listener.aborted(aborted.label());
                LOG.info(
                        "A transaction of {} events was aborted and is tried again: {}",
                        undecided.size(),
                        aborted.reason());
                if (aborted.groupMovedOn()) {
                    assignments.awaitGroupAfter(plan.group(), PAUSE);
                } else {
                    Thread.sleep(PAUSE);
                }
            }
        }
    }

    private void dropRevoked(List<Finished> undecided, Assignments.Plan plan) {
        if (plan.revoked().isEmpty()) {
            return;
        }
        listener.dropped(plan.revoked().size());
        undecided.removeIf(event -> plan.revoked().contains(event.delivery())
                && event.done().completeExceptionally(event.delivery().revokedException()));
    }

    private List<Finished> takeAll() {
        List<Finished> all = new ArrayList<>();
        finished.drainTo(all);
        return all;
    }

    private static void drop(List<Finished> events) {
        events.forEach(
                event -> event.done().completeExceptionally(event.delivery().revokedException()));
    }
}
