package dev.serai.operate.explain;

import org.jspecify.annotations.Nullable;

/** How far an event has come. Exhaustively switched, so that a new kind does not compile until it has a text and an advice. */
public sealed interface Standing {
    /** For machines. */
    default String label() {
        return switch (this) {
            case Started started -> started.answer().repeated() ? "answered_again" : "answered";
            case Ended ended -> "ended";
            case Failed failed -> failed.letter() == null ? "failed" : "dead_letter";
            case Expired expired -> "expired";
            case Cancelled cancelled -> "cancelled";
            case Replayed replayed -> "replayed";
            case Waiting waiting -> waiting.held().kind().equals("call") ? "called" : "waiting";
            case NotCommitted notCommitted -> "not_committed";
            case ReplyHeldBack heldBack -> "reply_held_back";
            case ReplyGone gone -> "answered_reply_gone";
            case Unread unread -> "not_read";
            case Unseen unseen -> "not_answered";
        };
    }

    /** A room is open, or was. */
    record Started(FoundReply answer) implements Standing {}

    /** An end event that has had its turn. */
    record Ended(FoundReply answer) implements Standing {}

    /**
     * It came to nothing.
     *
     * @param answer null if nobody could have recognized one
     * @param letter null if there is none
     */
    record Failed(@Nullable FoundReply answer, @Nullable Rejection letter) implements Standing {}

    /** Its deadline came first. As {@link Failed}. */
    record Expired(@Nullable FoundReply answer, @Nullable Rejection letter) implements Standing {}

    /**
     * An end event came before its room.
     *
     * @param by that event; null if it cannot be seen
     */
    record Cancelled(FoundReply answer, @Nullable String by) implements Standing {}

    /** Its dead letter was published again. */
    record Replayed(Rejection letter) implements Standing {}

    /**
     * A service has read it and holds it.
     *
     * @param service its address
     * @param ahead what it waits behind in its lane, as that service says it; null if that is nothing
     */
    record Waiting(String service, Held held, @Nullable Held ahead) implements Standing {}

    /**
     * No service can see it yet.
     *
     * @param by null if Kafka does not say which transaction that is
     */
    record NotCommitted(@Nullable OpenTransaction by) implements Standing {}

    /** It is done with, and its reply is probably behind that. */
    record ReplyHeldBack(OpenTransaction by) implements Standing {}

    /** It is done with, and nothing tells what it came to. */
    record ReplyGone(String why) implements Standing {}

    /**
     * No service has read it.
     *
     * @param why the rest of a sentence that begins with it
     * @param remedy what to do
     */
    record Unread(GroupSeen group, String why, String remedy) implements Standing {}

    /** It is not answered, and what it waits for could not be asked. */
    record Unseen(String why, String remedy) implements Standing {}
}
