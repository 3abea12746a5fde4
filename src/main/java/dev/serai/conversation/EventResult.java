package dev.serai.conversation;

import dev.serai.connect.answer.ConnectAnswer;
import dev.serai.wire.Failure;
import dev.serai.wire.Reply.SessionContinuity;
import org.jspecify.annotations.Nullable;

/** What the event comes to, as of now. */
sealed interface EventResult {
    /** Not known yet. */
    record Open() implements EventResult {}

    /**
     * A room.
     *
     * @param answer null once the reply is made, and with it its part of the memory
     */
    record Room(@Nullable ConnectAnswer answer, SessionContinuity continuity, DecodingBudget.Part part)
            implements EventResult {
        Room withoutAnswer() {
            part.close();
            return new Room(null, continuity, DecodingBudget.Part.NONE);
        }
    }

    /** The room that the event was answered with before. */
    record Repeated(KeptReply reply) implements EventResult {}

    record Failed(Failure failure) implements EventResult {}

    /** Of an end event: how many sessions are over because of it, and how many may not be. */
    record Ended(int sessions, int left) implements EventResult {}
}
