package dev.serai.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionMemoryTest {
    private final SessionMemory sessions = new SessionMemory();

    @Test
    void unknownConversation_hasNoSession() {
        assertThat(sessions.latest("conversation-1", "character-1")).isEmpty();
    }

    @Test
    void rememberedSession_isTheLatest() {
        sessions.remember("conversation-1", "character-1", "session-1");
        sessions.remember("conversation-1", "character-1", "session-2");

        assertThat(sessions.latest("conversation-1", "character-1")).contains("session-2");
    }

    @Test
    void sessions_areOfOneConversationWithOneCharacter() {
        sessions.remember("conversation-1", "character-1", "session-1");

        assertThat(sessions.latest("conversation-1", "character-2")).isEmpty();
        assertThat(sessions.latest("conversation-2", "character-1")).isEmpty();
        assertThat(sessions.latest("character-1", "conversation-1")).isEmpty();
    }

    @Test
    void forgottenSession_isGone_andOthersStay() {
        sessions.remember("conversation-1", "character-1", "session-1");
        sessions.remember("conversation-1", "character-2", "session-2");

        sessions.forget("conversation-1", "character-1");
        sessions.forget("conversation-1", "never remembered");

        assertThat(sessions.latest("conversation-1", "character-1")).isEmpty();
        assertThat(sessions.latest("conversation-1", "character-2")).contains("session-2");
    }

    @Test
    void forgottenSession_canBeRememberedAnew() {
        sessions.remember("conversation-1", "character-1", "session-1");
        sessions.forget("conversation-1", "character-1");

        sessions.remember("conversation-1", "character-1", "session-2");

        assertThat(sessions.latest("conversation-1", "character-1")).contains("session-2");
    }

    @Test
    void emptyKey_isAConversationLikeAnyOther() {
        sessions.remember("", "character-1", "session-1");

        assertThat(sessions.latest("", "character-1")).contains("session-1");
    }
}
