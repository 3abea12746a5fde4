package dev.serai.conversation;

import dev.serai.session.ConversationState;
import dev.serai.session.SessionRecord;
import dev.serai.session.SessionTable;
import dev.serai.wire.ForgetCommand;
import dev.serai.wire.OriginalRecord;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What an event changes of what is remembered of its conversation: on the session topic, and in memory once that is
 * committed. Immutable.
 *
 * @param key the conversation's, not copied
 * @param after what is remembered from now on; null if the conversation is forgotten
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed over and never compared
record SessionChange(int partition, byte[] key, @Nullable ConversationState after) {

    /** Of an event as its routes have left it; empty if its session record stays as it is. */
    static Optional<SessionChange> of(Conversation conversation, Instant now) {
        OriginalRecord original = conversation.original();
        if (original.conversationKey() == null) {
            return Optional.empty();
        }
        if (ForgetCommand.isIn(original)) {
            return Optional.of(new SessionChange(original, null));
        }
        if (!conversation.isDecoded()) {
            return Optional.empty();
        }
        ConversationSession session = conversation.session();
        ConversationState next = session.next(conversation.event().characterId());
        // Only a room is not to be opened twice: who publishes a failed event again wants it tried again.
        if (conversation.hasRoom() && conversation.isNamed()) {
            return Optional.of(new SessionChange(original, next.answered(conversation.eventId(), now)));
        }
        return conversation.hasRoom() || !next.equals(session.remembered())
                ? Optional.of(new SessionChange(original, next.asOf(now)))
                : Optional.empty();
    }

    private SessionChange(OriginalRecord original, @Nullable ConversationState after) {
        this(original.partition(), Objects.requireNonNull(original.key()), after);
    }

    ProducerRecord<byte[], byte[]> record(String sessionTopic) {
        return new ProducerRecord<>(sessionTopic, partition, key, after == null ? null : SessionRecord.encode(after));
    }

    void applyTo(SessionTable sessions) {
        if (after == null) {
            sessions.forget(partition, key);
        } else {
            sessions.put(partition, key, after);
        }
    }
}
