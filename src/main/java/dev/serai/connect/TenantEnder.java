package dev.serai.connect;

import dev.serai.connect.DisconnectEndpoint.Outcome;
import dev.serai.connect.gate.Gate;
import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import dev.serai.wire.KnownSecrets;
import dev.serai.wire.TraceContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the sessions of one tenant: each on a virtual thread that waits for its turn, calls, and calls again after what may
 * pass. Wakes the tenant's gate when one is over. Thread-safe.
 */
final class TenantEnder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TenantEnder.class);

    private static final Duration INTERRUPTED = Duration.ofSeconds(1);

    private final String tenant;
    private final DisconnectEndpoint endpoint;
    private final Gate gate;
    private final EndingRules rules;
    private final EndingMetrics metrics;
    private final Semaphore calls;
    private final AtomicInteger waiting = new AtomicInteger();
    private final RepeatedWarning leaving = new RepeatedWarning(LOG);
    private volatile long leftAt;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("serai-disconnect-", 0).factory());

    TenantEnder(String tenant, DisconnectEndpoint endpoint, Gate gate, EndingRules rules, EndingMetrics metrics) {
        this.tenant = tenant;
        this.endpoint = endpoint;
        this.gate = gate;
        this.rules = rules;
        this.metrics = metrics;
        // First come, first served.
        calls = new Semaphore(rules.atOnce(), true);
        metrics.watch(tenant, waiting::get);
    }

    /** See {@link SessionEnder#end}. */
    CompletableFuture<Boolean> end(String sessionId, EndCause cause, Optional<TraceContext> trace) {
        // It may have come from another process.
        KnownSecrets.OF_PROCESS.addHandedOut(sessionId);
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        if (waiting.incrementAndGet() > rules.waiting()) {
            done(over, cause, new Outcome.Refused("more than " + rules.waiting() + " wait to be ended"));
            return over;
        }
        try {
            threads.execute(() -> done(over, cause, outcome(sessionId, trace)));
        } catch (RejectedExecutionException e) {
            done(over, cause, new Outcome.Refused("the service has stopped"));
        }
        return over;
    }

    private Outcome outcome(String sessionId, Optional<TraceContext> trace) {
        try {
            return tries(sessionId, trace);
        } catch (InterruptedException e) {
            return new Outcome.Failed("the service stopped meanwhile");
        } catch (RuntimeException | Error e) {
            OutOfMemory.endProcessIf(e);
            // Its text may quote the request.
            return new Outcome.Failed(
                    "a defect of Serai, report it (" + e.getClass().getName() + ")");
        }
    }

    private Outcome tries(String sessionId, Optional<TraceContext> trace) throws InterruptedException {
        if (!calls.tryAcquire(rules.longestWait().toNanos(), TimeUnit.NANOSECONDS)) {
            return new Outcome.Failed("its turn did not come in "
                    + rules.longestWait().toSeconds() + " s; waiting to be ended: " + waiting.get());
        }
        long until = System.nanoTime() + rules.longestTries().toNanos();
        for (int call = 1; true; call++) {
            Outcome outcome = callInTurn(sessionId, trace);
            if (!(outcome instanceof Outcome.Failed)) {
                return outcome;
            }
            Duration pause = rules.pauses().after(call);
            if (System.nanoTime() + pause.toNanos() - until > 0) {
                return outcome;
            }
            Thread.sleep(pause);
            if (!calls.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return outcome;
            }
        }
    }

    private Outcome callInTurn(String sessionId, Optional<TraceContext> trace) throws InterruptedException {
        long begun = System.nanoTime();
        try {
            Outcome outcome = endpoint.end(sessionId, trace);
            metrics.called(tenant, outcome.label(), Duration.ofNanos(System.nanoTime() - begun));
            return outcome;
        } finally {
            calls.release();
        }
    }

    private void done(CompletableFuture<Boolean> over, EndCause cause, Outcome outcome) {
        waiting.decrementAndGet();
        switch (outcome) {
            case Outcome.Over ended -> {
                metrics.ended(tenant, cause);
                gate.slotFreed();
                if (System.nanoTime() - leftAt > RepeatedWarning.PAUSE.toNanos()) {
                    leaving.over("Sessions of tenant " + gate.name() + " are ended again");
                }
            }
            case Outcome.Refused refused -> left(cause, refused.why());
            case Outcome.Failed failed -> left(cause, failed.why());
        }
        over.complete(outcome instanceof Outcome.Over);
    }

    private void left(EndCause cause, String why) {
        metrics.left(tenant, cause);
        leftAt = System.nanoTime();
        leaving.met(
                "left",
                "A session of tenant " + gate.name() + " could not be ended (" + cause.label() + "): " + why
                        + ". It takes its slot of the plan until the provider ends it because it idles");
    }

    /** What waits is still ended, for some seconds; the rest is left. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(rules.longestStop().toNanos(), TimeUnit.NANOSECONDS)) {
                threads.shutdownNow();
                if (!threads.awaitTermination(INTERRUPTED.toNanos(), TimeUnit.NANOSECONDS)) {
                    LOG.warn("Calls that end sessions of tenant {} do not end", gate.name());
                }
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        endpoint.close();
    }
}
