package dev.serai.operate.letters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.kafka.WriteRefusedException;
import dev.serai.operate.letters.ReplayTransactions.Event;
import dev.serai.operate.letters.Verdict.Leave;
import dev.serai.operate.letters.Verdict.Publish;
import dev.serai.operate.letters.Verdict.Why;
import dev.serai.wire.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the events of dead letters again, each letter's once: in transactions that also mark the letters, so that
 * whoever is killed in the middle, or replays the same letters at the same time, changes nothing of that. Letters that a
 * replay leaves, or did not come to, are there for the next. Within each partition of the letters their order is kept.
 *
 * <p>For one thread.
 */
public final class Replay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    private static final int MOST_EVENTS = 200;
    private static final int MOST_BYTES = 1 << 20;
    private static final long SLICE_MILLIS = 50;
    private static final double NANOS = 1e9;

    private final DeadLetters letters;
    private final ReplayOrder order;
    private final InstantSource clock;
    private final ReplayTransactions transactions;
    private final ReplayMarks marks;
    private final ToIntFunction<String> partitions;
    private final ReplayTally done = new ReplayTally();
    private final List<Event> batch = new ArrayList<>();
    private final int most;
    private long bytes;
    private long nextNanos = System.nanoTime();

    private Replay(
            Map<String, Object> kafka,
            DeadLetters letters,
            ReplayOrder order,
            InstantSource clock,
            ReplayTransactions transactions) {
        this.letters = letters;
        this.order = order;
        this.clock = clock;
        this.transactions = transactions;
        partitions = ReplayRules.partitionsOf(kafka);
        marks = ReplayMarks.read(kafka, letters);
        most = order.perSecond() == 0 ? MOST_EVENTS : Math.clamp(order.perSecond(), 1, MOST_EVENTS);
    }

    /** What a replay would do now; changes nothing. */
    public static ReplayTally plan(
            Map<String, Object> kafka,
            DeadLetters letters,
            LetterFilter filter,
            ReplayRules rules,
            InstantSource clock) {
        ReplayMarks marks = ReplayMarks.read(kafka, letters);
        ToIntFunction<String> partitions = ReplayRules.partitionsOf(kafka);
        ReplayTally tally = new ReplayTally();
        letters.read(
                letter -> {
                    if (filter.matches(letter)) {
                        switch (rules.of(letter, marks, partitions, clock.instant())) {
                            case Publish publish -> {
                                tally.publish(letter);
                                if (rules.republication(letter).keepsDeadline()) {
                                    tally.keepsDeadline();
                                }
                            }
                            case Leave leave -> tally.leave(leave.why());
                        }
                    }
                },
                () -> false);
        return tally;
    }

    /**
     * Takes over from any other replay of these letters, and reads what is marked.
     *
     * @param kafka the topic of the marks must be there
     */
    public static Replay open(Map<String, Object> kafka, DeadLetters letters, ReplayOrder order, InstantSource clock) {
        ReplayTransactions transactions = ReplayTransactions.open(kafka, ReplayMarks.topic(letters.topic()));
        try {
            return new Replay(kafka, letters, order, clock, transactions);
        } catch (RuntimeException e) {
            transactions.close();
            throw e;
        }
    }

    /**
     * Goes through the letters; to be called once.
     *
     * @param isStopped looked at before each letter: what is published then is marked, and the rest stays
     * @param progress is told after each letter how far this is; quick
     * @throws org.apache.kafka.common.errors.ProducerFencedException if another replay took over, or the like; what was
     *     published is marked
     */
    public ReplayTally run(BooleanSupplier isStopped, Consumer<ReplayTally> progress) {
        letters.read(
                letter -> {
                    if (order.filter().matches(letter)) {
                        take(letter, isStopped);
                        progress.accept(done);
                    }
                },
                isStopped);
        publishBatch(isStopped);
        try {
            transactions.publish(List.of(), mark(), order.id(), record(isStopped.getAsBoolean() ? "stopped" : "done"));
        } catch (WriteRefusedException e) {
            throw new IllegalStateException("the record of replay " + order.id() + " was refused", e);
        }
        return done;
    }

    /** What is done so far. */
    public ReplayTally done() {
        return done;
    }

    private void take(Letter letter, BooleanSupplier isStopped) {
        switch (order.rules().of(letter, marks, partitions, clock.instant())) {
            case Leave leave -> done.leave(leave.why());
            case Publish publish -> {
                Republication republication = order.rules().republication(letter);
                if (republication.keepsDeadline()) {
                    done.keepsDeadline();
                }
                byte[] value = republication.value();
                batch.add(new Event(ReplayMarks.key(letters, letter), letter, publish, republication));
                bytes += value == null ? 0 : value.length;
                if (batch.size() >= most || bytes >= MOST_BYTES) {
                    publishBatch(isStopped);
                }
            }
        }
    }

    private void publishBatch(BooleanSupplier isStopped) {
        List<Event> events = List.copyOf(batch);
        batch.clear();
        bytes = 0;
        if (!events.isEmpty() && awaitTurn(events.size(), isStopped)) {
            publish(events);
        }
    }

    /** False if it is to stop. */
    private boolean awaitTurn(int events, BooleanSupplier isStopped) {
        while (order.perSecond() > 0 && System.nanoTime() < nextNanos && !isStopped.getAsBoolean()) {
            try {
                Thread.sleep(SLICE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        nextNanos = System.nanoTime() + (order.perSecond() == 0 ? 0 : (long) (NANOS * events / order.perSecond()));
        return !isStopped.getAsBoolean();
    }

    /** Finds the one that is refused by trying each. */
    private void publish(List<Event> events) {
        events.forEach(event -> done.publish(event.letter()));
        try {
            transactions.publish(events, mark(), order.id(), record("running"));
        } catch (WriteRefusedException e) {
            events.forEach(event -> done.takeBack(event.letter()));
            if (events.size() > 1) {
                events.forEach(event -> publish(List.of(event)));
                return;
            }
            Event refused = events.getFirst();
            LOG.warn(
                    "Letter {} stays: {} does not take its event: {}",
                    refused.letter().position(),
                    refused.to().topic(),
                    e.getMessage());
            done.leave(Why.REFUSED);
        } catch (RuntimeException e) {
            events.forEach(event -> done.takeBack(event.letter()));
            throw e;
        }
    }

    private ObjectNode mark() {
        return Json.MAPPER
                .createObjectNode()
                .put("schema_version", 1)
                .put(ReplayMarks.REPLAY_ID, order.id())
                .put("replayed_at", clock.instant().toString());
    }

    private ObjectNode record(String state) {
        return order.json(letters.topic(), clock.instant(), state, done);
    }

    @Override
    public void close() {
        transactions.close();
    }
}
