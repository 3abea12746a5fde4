package dev.serai.session;

import dev.serai.kafka.RecordKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A session in {@link OpenSessions}; changed under its lock only. Equal to itself alone. */
final class OpenEntry {
    final int partition;

    /** Null if it belongs to no conversation that is known. */
    final @Nullable RecordKey key;

    /** In the order of their coming. */
    final long number;

    /** From then on it counts as over. */
    final Instant overAt;

    OpenSession session;

    /** Whether the conversation's session record names it. */
    boolean recorded;

    /** Whether nobody has to end it any more; it is here only because the record may still name it, or it still counts. */
    boolean ended;

    /** Whether it counts as open: until it is known to be over. */
    boolean counts = true;

    OpenEntry(int partition, @Nullable RecordKey key, long number, Instant overAt, OpenSession session) {
        this.partition = partition;
        this.key = key;
        this.number = number;
        this.overAt = overAt;
        this.session = session;
    }

    int replyBytes() {
        byte[] reply = session.reply();
        return reply == null ? 0 : reply.length;
    }
}
