package dev.serai.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ConversationStateTest {
    private static final Instant NOW = Instant.parse("2026-01-31T10:00:00.123Z");

    @Test
    void empty_knowsNothing() {
        assertThat(ConversationState.EMPTY.session("guide")).isEmpty();
        assertThat(ConversationState.EMPTY.hasAnswered("e1")).isFalse();
        assertThat(ConversationState.EMPTY.end("default")).isEmpty();
        assertThat(ConversationState.EMPTY.updatedAt()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void session_isTheLatestOfItsCharacter() {
        var state = ConversationState.EMPTY
                .withSession("guide", "s1")
                .withSession("clerk", "s2")
                .withSession("guide", "s3");

        assertThat(state.session("guide")).contains("s3");
        assertThat(state.session("clerk")).contains("s2");
    }

    @Test
    void withoutSession_keepsOtherCharacters() {
        var state = ConversationState.EMPTY
                .withSession("guide", "s1")
                .withSession("clerk", "s2")
                .withoutSession("guide");

        assertThat(state.sessions()).containsOnlyKeys("clerk");
    }

    @Test
    void seventeenthCharacter_takesThePlaceOfTheLeastRecentlyUsed() {
        var state = characters(16).withSession("c0", "again").withSession("c16", "s16");

        assertThat(state.sessions()).hasSize(16).containsKeys("c0", "c16").doesNotContainKey("c1");
    }

    @Test
    void seventeenthEvent_takesThePlaceOfTheFirst() {
        var state = ConversationState.EMPTY;
        for (int event = 0; event < 17; event++) {
            state = state.answered("e" + event, NOW);
        }

        assertThat(state.eventIds()).hasSize(16).endsWith("e16");
        assertThat(state.hasAnswered("e0")).isFalse();
        assertThat(state.hasAnswered("e1")).isTrue();
    }

    @Test
    void eventThatIsAnsweredAgain_isRememberedOnce() {
        var state =
                ConversationState.EMPTY.answered("e1", NOW).answered("e2", NOW).answered("e1", NOW);

        assertThat(state.eventIds()).containsExactly("e2", "e1");
    }

    @Test
    void conversation_isEndedForGood_byTheFirstEndOfEachTenant_andKeepsWhatElseIsKnown() {
        FinalEnd first = new FinalEnd("end-1", NOW);
        var before = ConversationState.EMPTY.withSession("guide", "s1").answered("e1", NOW.minusSeconds(60));

        var state = before.ended("default", first);

        assertThat(state.end("default")).contains(first);
        assertThat(state.end("acme")).isEmpty();
        assertThat(state.updatedAt()).isEqualTo(NOW);
        assertThat(state.session("guide")).contains("s1");
        assertThat(state.ended("default", new FinalEnd("end-2", NOW.plusSeconds(1))))
                .isSameAs(state);
        var ofBoth = state.ended("acme", new FinalEnd("end-3", NOW.plusSeconds(2)))
                .withSession("guide", "s2")
                .withoutSession("guide")
                .answered("e2", NOW.plusSeconds(3))
                .asOf(NOW.plusSeconds(4));
        assertThat(ofBoth.ends()).containsOnlyKeys("default", "acme");
    }

    @Test
    void seventeenthTenantsEnd_takesThePlaceOfTheFirst() {
        var state = ConversationState.EMPTY;
        for (int tenant = 0; tenant < 17; tenant++) {
            state = state.ended("t" + tenant, new FinalEnd("e" + tenant, NOW));
        }

        assertThat(state.ends()).hasSize(16);
        assertThat(state.end("t0")).isEmpty();
        assertThat(state.end("t16")).isPresent();
    }

    @Test
    void answered_setsTheTimeInMilliseconds() {
        var state = ConversationState.EMPTY.answered("e1", NOW.plusNanos(456_789));

        assertThat(state.updatedAt()).isEqualTo(NOW);
    }

    @Test
    void toString_namesNoIds() {
        var state = ConversationState.EMPTY
                .withSession("guide", "secret-1")
                .answered("e1", NOW)
                .ended("default", new FinalEnd("e2", NOW));

        assertThat(state).hasToString("ConversationState[1 sessions, 1 events, 1 ends, 2026-01-31T10:00:00.123Z]");
        assertThat(state.end("default").orElseThrow()).hasToString("FinalEnd[2026-01-31T10:00:00.123Z]");
    }

    static ConversationState characters(int count) {
        return IntStream.range(0, count)
                .boxed()
                .reduce(
                        ConversationState.EMPTY,
                        (state, character) -> state.withSession("c" + character, "s" + character),
                        (one, other) -> other);
    }
}
