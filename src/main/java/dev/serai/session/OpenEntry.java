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

    /** From then on it is not known any more; not before it counts as over. */
    final Instant forgottenAt;

    /** When its state ends that it is in now; changed by {@link OpenOrder} only, whose order it is. */
    Instant until;

    OpenSession session;

    /** Whether it counts as open, until it is known to be over or its time is; else it is known, so that it can be ended. */
    boolean counts;

    /** Whether the conversation's session record names it. */
    boolean recorded;

    /** Whether nobody has to end it any more; it is here only because the record may still name it, or it still counts. */
    boolean ended;

    OpenEntry(
            int partition,
            @Nullable RecordKey key,
            long number,
            Instant overAt,
            Instant forgottenAt,
            OpenSession session) {
        this.partition = partition;
        this.key = key;
        this.number = number;
        this.overAt = overAt;
        this.forgottenAt = forgottenAt;
        until = forgottenAt;
        this.session = session;
    }

    /** Whether it may be open: nobody has ended it, or somebody is about to. */
    boolean mayBeEnded() {
        return !ended || counts;
    }

    int replyBytes() {
        byte[] reply = session.reply();
        return reply == null ? 0 : reply.length;
    }
}
