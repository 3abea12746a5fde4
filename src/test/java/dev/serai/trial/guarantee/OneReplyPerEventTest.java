package dev.serai.trial.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OneReplyPerEventTest {

    @Test
    void oneReplyEach_isFine() {
        assertThat(breaches(new SampleHistory()
                        .published("a-1", "b-1")
                        .failed("b-1")
                        .deadLetter("b-1")
                        .started("a-1")))
                .isEmpty();
    }

    @Test
    void unansweredEvent_isNotItsBusiness() {
        assertThat(breaches(new SampleHistory().published("a-1"))).isEmpty();
    }

    @Test
    void secondReply_isABreach() {
        assertThat(breaches(new SampleHistory().published("a-1").started("a-1", "a-1")))
                .containsExactly("a-1 has 2 replies");
    }

    @Test
    void replyOfEachKind_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .published("a-1")
                        .failed("a-1")
                        .deadLetter("a-1")
                        .started("a-1")))
                .containsExactly("a-1 has 2 replies");
    }

    @Test
    void secondDeadLetter_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .published("a-1")
                        .failed("a-1")
                        .deadLetter("a-1")
                        .deadLetter("a-1")))
                .containsExactly("a-1 has 2 dead letters");
    }

    @Test
    void roomWithDeadLetter_isABreach() {
        assertThat(breaches(new SampleHistory().published("a-1").started("a-1").deadLetter("a-1")))
                .containsExactly("a-1 has a room and a dead letter");
    }

    @Test
    void answerToNothing_isABreach() {
        assertThat(breaches(new SampleHistory().started("x-1").deadLetter("x-2")))
                .containsExactly(
                        "x-1 was answered and never published", "x-2 has a dead letter and was never published");
    }

    @Test
    void replyInAnotherConversation_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .published("a-1")
                        .reply(new SeenReply("a-1", "b", true, "session", "new", 1, false))))
                .containsExactly("a-1 of a was answered in b");
    }

    @Test
    void oneReplyToAnEventThatWasCutOff_isFine() {
        assertThat(breaches(new SampleHistory().published("a-1").cutOff("a-1").started("a-1")))
                .isEmpty();
    }

    @Test
    void secondReplyToAnEventThatWasCutOff_isABreach() {
        assertThat(breaches(new SampleHistory().published("a-1").cutOff("a-1").started("a-1", "a-1")))
                .containsExactly("a-1 has 2 replies");
    }

    private static List<String> breaches(SampleHistory run) {
        return new OneReplyPerEvent().breaches(run.history());
    }
}
