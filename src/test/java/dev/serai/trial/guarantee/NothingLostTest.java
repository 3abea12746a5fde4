package dev.serai.trial.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NothingLostTest {

    @Test
    void answeredEvents_areFine() {
        assertThat(breaches(new SampleHistory().published("a-1", "a-2").started("a-2", "a-1")))
                .isEmpty();
    }

    @Test
    void failedEventWithDeadLetter_isFine() {
        assertThat(breaches(new SampleHistory().published("a-1").failed("a-1").deadLetter("a-1")))
                .isEmpty();
    }

    @Test
    void repeatedReply_isNotItsBusiness() {
        assertThat(breaches(new SampleHistory().published("a-1").started("a-1", "a-1")))
                .isEmpty();
    }

    @Test
    void unansweredEvent_isABreach() {
        assertThat(breaches(new SampleHistory().published("a-1", "a-2").started("a-1")))
                .containsExactly("a-2 has no reply");
    }

    @Test
    void deadLetterWithoutReply_isABreach() {
        assertThat(breaches(new SampleHistory().published("a-1").deadLetter("a-1")))
                .containsExactly("a-1 has no reply");
    }

    @Test
    void failedEventWithoutDeadLetter_isABreach() {
        assertThat(breaches(new SampleHistory().published("a-1").failed("a-1")))
                .containsExactly("a-1 failed and has no dead letter");
    }

    @Test
    void unansweredEventThatWasCutOff_isFine() {
        assertThat(breaches(new SampleHistory()
                        .published("a-1", "a-2")
                        .cutOff("a-2")
                        .started("a-1")))
                .isEmpty();
    }

    @Test
    void eventBesideOneThatWasCutOff_isABreach() {
        assertThat(breaches(new SampleHistory().published("a-1", "a-2").cutOff("a-2")))
                .containsExactly("a-1 has no reply");
    }

    @Test
    void failedEventThatWasCutOff_withoutDeadLetter_isABreach() {
        assertThat(breaches(new SampleHistory().published("a-1").cutOff("a-1").failed("a-1")))
                .containsExactly("a-1 failed and has no dead letter");
    }

    private static List<String> breaches(SampleHistory run) {
        return new NothingLost().breaches(run.history());
    }
}
