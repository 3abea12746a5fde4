package dev.serai.conversation;

import dev.serai.session.ConversationState;
import dev.serai.wire.StartConversation;
import org.jspecify.annotations.Nullable;

/**
 * Sessions as one event sees and leaves them. Immutable.
 *
 * @param remembered what was known of the conversation before the event; null until it was recalled
 * @param resumed the session to go on with: the one that the event names, else a remembered one, else null
 * @param gone whether the provider no longer knows the remembered session
 * @param opened the session that the event's call came to, or null
 */
record ConversationSession(
        @Nullable ConversationState remembered,
        @Nullable String resumed,
        boolean gone,
        @Nullable String opened) {

    static final ConversationSession NONE = new ConversationSession(null, null, false, null);

    static ConversationSession namedBy(StartConversation event) {
        return new ConversationSession(null, event.characterSessionId(), false, null);
    }

    ConversationSession withRemembered(ConversationState state) {
        return new ConversationSession(state, resumed, gone, opened);
    }

    ConversationSession resuming(String characterSessionId) {
        return new ConversationSession(remembered, characterSessionId, gone, opened);
    }

    ConversationSession withoutTheOneThatIsGone() {
        return new ConversationSession(remembered, null, true, opened);
    }

    ConversationSession opened(String characterSessionId) {
        return new ConversationSession(remembered, resumed, gone, characterSessionId);
    }

    /** What is known of the conversation after the event, but for the event itself, if that was known before it. */
    ConversationState after(ConversationState before, String characterId) {
        if (opened != null) {
            return before.withSession(characterId, opened);
        }
        return gone ? before.withoutSession(characterId) : before;
    }
}
