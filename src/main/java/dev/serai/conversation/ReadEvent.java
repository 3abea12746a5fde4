package dev.serai.conversation;

import dev.serai.wire.ConnectionType;
import dev.serai.wire.EndConversation;
import dev.serai.wire.IgnoredFields;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Reply.Identity;
import dev.serai.wire.Secrets;
import dev.serai.wire.StartConversation;
import dev.serai.wire.event.Decoded;
import org.jspecify.annotations.Nullable;

/**
 * What could be read of an event's record: all of it once it is decoded, and what its reply names it by also if it cannot
 * be.
 *
 * <p>Not thread-safe: it belongs to its {@link EventInFlight}.
 */
final class ReadEvent {
    private final OriginalRecord original;
    private String eventId;
    private @Nullable String characterId;
    private @Nullable ConnectionType connectionType;
    private IgnoredFields ignored = IgnoredFields.NONE;
    private @Nullable EventContent content;
    private @Nullable EndConversation end;
    private boolean namesDeadline;

    ReadEvent(OriginalRecord original) {
        this.original = original;
        eventId = original.position();
    }

    /**
     * The decoded event, with its enrichment set to what it says itself.
     *
     * @param part of the memory for decoded events, until {@link EventContent#drop}
     */
    void accept(Decoded.Accepted decoded, DecodingBudget.Part part) {
        StartConversation accepted = decoded.event();
        content = new EventContent(accepted, part);
        namesDeadline = decoded.namesDeadline();
        ignored = masked(decoded.ignored());
        eventId = accepted.eventId();
        characterId = accepted.characterId();
        connectionType = accepted.connectionType();
    }

    /** The decoded event, which ends its conversation. */
    void accept(EndConversation accepted, IgnoredFields unknown) {
        end = accepted;
        ignored = masked(unknown);
        eventId = accepted.eventId();
        characterId = accepted.characterId();
    }

    /** Keeps what could be read of an event that is not decoded, so that its reply can name it. */
    void refuse(Decoded.Refused refused) {
        eventId = refused.eventId();
        characterId = refused.characterId();
        connectionType = refused.connectionType();
        ignored = masked(refused.ignored());
    }

    /** A publisher may have a value where the name of a field belongs. */
    private static IgnoredFields masked(IgnoredFields unknown) {
        return unknown.notes().isEmpty()
                ? unknown
                : new IgnoredFields(unknown.notes().stream().map(Secrets::mask).toList(), unknown.count());
    }

    /** The position of its record if it has none, or as long as that is not known. */
    String eventId() {
        return eventId;
    }

    /** Whether the event has an id of its own, and not only the position of its record. */
    boolean isNamed() {
        return !eventId.equals(original.position());
    }

    /** Whether the event says itself until when it is wanted; false before it is decoded. */
    boolean namesDeadline() {
        return namesDeadline;
    }

    /**
     * What the decoded start event says.
     *
     * @throws IllegalStateException before it is decoded
     */
    EventContent content() {
        return known(content, "decode-event");
    }

    /** Whether it is a start event that was decoded. */
    boolean isDecoded() {
        return content != null;
    }

    /** Whether it is a start event for which was looked up what it asks for. */
    boolean isEnriched() {
        return content != null && content.isEnriched();
    }

    /** Whether it is a decoded event that ends its conversation. */
    boolean isEnd() {
        return end != null;
    }

    /**
     * The decoded event that ends its conversation.
     *
     * @throws IllegalStateException if it is none
     */
    EndConversation end() {
        return known(end, "decode-event, of an end event");
    }

    private static <T> T known(@Nullable T value, String step) {
        if (value == null) {
            throw new IllegalStateException("not known before the step " + step);
        }
        return value;
    }

    /**
     * Which event a reply answers.
     *
     * @param tenant null where it names none that there is, or cannot be read
     */
    Identity identity(@Nullable String tenant, int attempts, boolean possibleDuplicateSession, boolean standIn) {
        return new Identity(
                eventId,
                original.conversationKey(),
                tenant,
                characterId,
                connectionType,
                attempts,
                possibleDuplicateSession,
                ignored.notes(),
                standIn);
    }
}
