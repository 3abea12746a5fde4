package dev.serai.conversation;

import dev.serai.session.ConversationState;
import dev.serai.session.OpenSession;
import org.jspecify.annotations.Nullable;

/** What an event leaves behind in its conversation's session record, and among the open sessions. */
sealed interface SessionTrace {
    /** Whether a record that its topic takes for too large can be written in a smaller form. */
    default boolean canBeSmaller() {
        return false;
    }

    /**
     * The record stays as it is.
     *
     * @param opened a session that no record names; null if none was opened
     */
    record None(@Nullable OpenSession opened) implements SessionTrace {}

    /** No record any more. */
    record Forgotten() implements SessionTrace {}

    /**
     * Another record.
     *
     * @param opened the session that was opened; null if none was
     * @param names what the record says of open sessions
     */
    record Changed(ConversationState state, @Nullable OpenSession opened, Names names) implements SessionTrace {
        @Override
        public boolean canBeSmaller() {
            return names != Names.NO_SESSIONS;
        }
    }

    /** What a record says of open sessions, from the largest to the smallest. */
    enum Names {
        SESSIONS_AND_REPLIES,
        SESSIONS,
        NO_SESSIONS
    }
}
