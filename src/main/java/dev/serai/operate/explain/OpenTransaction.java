package dev.serai.operate.explain;

import dev.serai.loop.Elapsed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that is not decided, and holds a partition back: nothing behind its first record is seen by who reads what is
 * committed.
 *
 * @param at its first record there
 * @param id the transactional id; null if no coordinator names it
 * @param idle since it last wrote there
 */
public record OpenTransaction(Position at, @Nullable String id, long producerId, Duration idle) {
    /** Producers of Serai end theirs within ten seconds, others mostly within a minute. */
    private static final Duration HANGS = Duration.ofMinutes(1);

    boolean hangs() {
        return idle.compareTo(HANGS) > 0;
    }

    String text() {
        return "an open transaction" + (id == null ? " of no known transactional id" : " of " + id) + " (producer "
                + producerId + ") holds " + at.topic() + "-" + at.partition() + " back from offset " + at.offset()
                + " on, and has written nothing for " + Elapsed.text(idle);
    }

    String remedy() {
        return "restart the program that has begun it, under its transactional id, or wait for its"
                + " transaction.timeout.ms; one that hangs for longer ends with: kafka-transactions.sh --bootstrap-server"
                + " … abort --topic " + at.topic() + " --partition " + at.partition() + " --start-offset "
                + at.offset();
    }
}
