package dev.serai.source.kind;

import dev.serai.wire.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each source is tried once when the service starts, so that a wrong host, password or table is seen before the first event
 * needs it. Nothing is looked up: a web service is connected to, a database looks at the query. A file has been read by
 * then, a topic is being read and tells of its own troubles, and a route of a user's own is not called, as nobody knows
 * what it does. Stateless.
 */
public final class SourceTrials {
    private static final Logger LOG = LoggerFactory.getLogger(SourceTrials.class);

    /** Of a connection; the first of a process takes longer than those that events wait for. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Of a trial: name services and TLS have time-outs of their own. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Finds out what is wrong with a source; empty if nothing is. Ends when it is interrupted, or soon by itself. */
    interface Probe {
        Optional<String> trouble();
    }

    /**
     * A source that can be tried.
     *
     * @param place what and where it is, for whoever reads of it
     * @param required whether events that need it wait for it
     */
    public record Trial(String source, String place, boolean required, Probe probe) {
        private String warning(String trouble) {
            return "Source %s (%s) cannot be used now: %s. Until it can be, events that look something up there %s"
                    .formatted(
                            source,
                            place,
                            trouble,
                            required ? "wait for it, and are rejected at their deadlines" : "go on without it");
        }
    }

    /**
     * What came of a trial.
     *
     * @param warning what is wrong, and what comes of it; empty if nothing is
     */
    public record Tried(Trial trial, Optional<String> warning) {}

    private SourceTrials() {}

    /** Begins to try them, and warns of those with which something is wrong; does not wait. To be closed at the end. */
    static AutoCloseable begin(List<Trial> trials) {
        List<Thread> threads = new ArrayList<>();
        AtomicBoolean closed = new AtomicBoolean();
        for (Trial trial : trials) {
            threads.add(
                    Thread.ofVirtual().name("source-trial-" + trial.source()).start(() -> {
                        Tried tried = tried(trial);
                        // What fails because the service stops is no trouble of the source's.
                        if (!closed.get()) {
                            tried.warning().ifPresent(warning -> LOG.warn("{}", warning));
                        }
                    }));
        }
        return () -> {
            closed.set(true);
            threads.forEach(Thread::interrupt);
        };
    }

    /** Tries all at once, and waits until all have been tried, or their time is over. */
    public static List<Tried> all(List<Trial> trials) throws InterruptedException {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<Tried>> running = threads.invokeAll(
                    trials.stream()
                            .map(trial -> (Callable<Tried>) () -> tried(trial))
                            .toList(),
                    LIMIT.toMillis(),
                    TimeUnit.MILLISECONDS);
            List<Tried> all = new ArrayList<>();
            for (int i = 0; i < trials.size(); i++) {
                all.add(result(trials.get(i), running.get(i)));
            }
            return all;
        } finally {
            // What does not end is left alone: the process does not wait for it.
            threads.shutdownNow();
        }
    }

    private static Tried result(Trial trial, Future<Tried> running) throws InterruptedException {
        try {
            return running.get();
        } catch (CancellationException e) {
            return new Tried(trial, Optional.of(trial.warning("no answer within " + LIMIT.toSeconds() + " s")));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a trial failed", e.getCause());
        }
    }

    /** A probe that has a defect must not look as if all were well. */
    private static Tried tried(Trial trial) {
        Optional<String> trouble;
        try {
            trouble = trial.probe().trouble();
        } catch (RuntimeException e) {
            LOG.debug("The trial of source {} failed", trial.source(), e);
            trouble = Optional.of("it could not be tried (" + e.getClass().getSimpleName() + ")");
        }
        return new Tried(trial, trouble.map(text -> trial.warning(Secrets.mask(text))));
    }
}
