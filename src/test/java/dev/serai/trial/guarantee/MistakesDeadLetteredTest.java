package dev.serai.trial.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MistakesDeadLetteredTest {

    @Test
    void rejectedEventWithOneDeadLetter_isFine() {
        assertThat(breaches(
                        new SampleHistory().publishedFlawed("a-1").failed("a-1").deadLetter("a-1")))
                .isEmpty();
    }

    @Test
    void rejectedEventWithout_isABreach() {
        assertThat(breaches(new SampleHistory().publishedFlawed("a-1").failed("a-1")))
                .containsExactly("a-1 has a mistake and 0 dead letters");
    }

    @Test
    void rejectedEventWithTwo_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .publishedFlawed("a-1")
                        .failed("a-1")
                        .deadLetter("a-1")
                        .deadLetter("a-1")))
                .containsExactly("a-1 has a mistake and 2 dead letters");
    }

    @Test
    void roomForAMistake_isABreach() {
        assertThat(breaches(new SampleHistory().publishedFlawed("a-1").started("a-1")))
                .containsExactly("a-1 has a mistake and was given a room");
    }

    @Test
    void rejectionWithoutAMistake_isABreach_unlessTheProviderFails() {
        SampleHistory run = new SampleHistory().published("a-1").failed("a-1").deadLetter("a-1");

        assertThat(breaches(run)).containsExactly("a-1 has no mistake and was rejected");
        assertThat(new MistakesDeadLettered(true).breaches(run.history())).isEmpty();
    }

    private static List<String> breaches(SampleHistory run) {
        return new MistakesDeadLettered(false).breaches(run.history());
    }
}
