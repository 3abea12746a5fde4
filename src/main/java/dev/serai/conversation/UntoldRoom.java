package dev.serai.conversation;

import dev.serai.connect.answer.SessionId;
import dev.serai.connect.gate.RoomSlot;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The room that an event's calls have come to, as long as no reply has told of it: somebody has to see to it until then. Not
 * thread-safe: it belongs to its exchange.
 */
final class UntoldRoom {
    private @Nullable UnpublishedRoom room;

    /** That will tell of it, before the steps behind it have changed it; null until it is written. */
    private byte @Nullable [] writtenReply;

    /**
     * A call has come to a room. If an earlier one has come to it, too, and no client could be told of that, what is known to end
     * it is kept together.
     */
    void opened(UnpublishedRoom another) {
        room = room == null
                ? another
                : new UnpublishedRoom(
                        Stream.concat(room.sessions().stream(), another.sessions().stream())
                                .distinct()
                                .toList(),
                        another.oneRoom(),
                        another.slot());
    }

    /** What ends the session of a room that no reply has told of, and that is about to; empty without one. */
    List<String> sessionIds() {
        return room == null
                ? List.of()
                : room.sessions().stream().map(SessionId::value).toList();
    }

    /**
     * A reply has told of the room.
     *
     * @return the slot that the room takes, to be settled once its session is counted as open; null if there is no room, or one
     *     whose session nobody can name and count
     */
    @Nullable
    RoomSlot published() {
        UnpublishedRoom published = take();
        return published == null || published.sessions().isEmpty() ? null : published.slot();
    }

    /** Who gets the event next comes to its room, and counts it. */
    void leaveToNextOwner() {
        if (room != null) {
            room.slot().settle();
        }
    }

    /** @param value the reply that will tell of the room; not copied, never to be changed */
    void replyWritten(byte[] value) {
        writtenReply = value;
    }

    /**
     * The reply that is to tell of the room, as it was written: what a user's steps make of it they make of its repetition, too.
     * Null if there is no such room, or none of the routes has written it.
     */
    byte @Nullable [] writtenReply() {
        return writtenReply;
    }

    /** Whether there is a room that no reply has told of. */
    boolean isThere() {
        return room != null;
    }

    /** The sessions of a room that no reply has told of, for whoever sees to them; null if there is none, as the next time. */
    @Nullable
    UnpublishedRoom take() {
        UnpublishedRoom taken = room;
        room = null;
        writtenReply = null;
        return taken;
    }

    /** Whether the event comes to its room, of which no reply has told, again when it runs again. */
    boolean isThereWhenRunAgain() {
        return room != null && room.oneRoom() != null;
    }
}
