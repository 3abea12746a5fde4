package dev.serai.trial.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OneCallAtATimeTest {

    @Test
    void callAtTheEndOfTheOneBefore_isFine() {
        assertThat(breaches(new SampleHistory().call("p", "a-1", 0, 20).call("p", "a-2", 20, 40)))
                .isEmpty();
    }

    @Test
    void callsOfTwoConversations_mayOverlap() {
        assertThat(breaches(new SampleHistory().call("p", "a-1", 0, 20).call("p", "b-1", 10, 30)))
                .isEmpty();
    }

    @Test
    void callOfKilledProcess_countsUntilItsEnd() {
        assertThat(breaches(new SampleHistory()
                        .unanswered("p", "a-1", 0, 500)
                        .killed("p", 100)
                        .call("q", "a-1", 100, 120)))
                .isEmpty();
        assertThat(breaches(new SampleHistory()
                        .unanswered("p", "a-1", 0, null)
                        .killed("p", 100)
                        .call("q", "a-1", 99, 120)))
                .hasSize(1);
    }

    @Test
    void repetitionBeforeTheStandInNoticed_isFine() {
        assertThat(breaches(new SampleHistory().unanswered("p", "a-1", 0, 2_050).call("p", "a-1", 2_000, 2_020)))
                .isEmpty();
    }

    /** Seen where the stand-in's process stood still for longer than the calls' time-out, and then answered all of them. */
    @Test
    void repetitionOfACallWhoseAnswerWentToNobody_isLegal() {
        assertThat(breaches(new SampleHistory().call("p", "a-1", 0, 2_100).call("p", "a-1", 2_000, 2_020)))
                .isEmpty();
        assertThat(breaches(new SampleHistory().call("p", "a-1", 0, 2_101).call("p", "a-1", 2_000, 2_020)))
                .hasSize(1);
        assertThat(breaches(new SampleHistory().call("p", "a-1", 0, 2_100).call("q", "a-1", 2_000, 2_020)))
                .hasSize(1);
    }

    @Test
    void repetitionOfACallThatGoesOn_isABreach() {
        assertThat(breaches(new SampleHistory().unanswered("p", "a-1", 0, 2_101).call("p", "a-1", 2_000, 2_020)))
                .hasSize(1);
        assertThat(breaches(new SampleHistory().unanswered("p", "a-1", 0, null).call("p", "a-1", 2_000, 2_020)))
                .hasSize(1);
    }

    @Test
    void overlapInOneProcess_isABreach() {
        assertThat(breaches(new SampleHistory().call("p", "a-1", 0, 20).call("p", "a-2", 19, 40)))
                .singleElement()
                .asString()
                .startsWith("a: the call for a-2 by p came at ")
                .contains("that for a-1 by p");
    }

    @Test
    void overlapOfTwoLivingProcesses_isABreach() {
        assertThat(breaches(new SampleHistory().call("p", "a-1", 0, 20).call("q", "a-1", 10, 30)))
                .hasSize(1);
    }

    @Test
    void overlapWithALongCallBeforeAShortOne_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .call("p", "a-1", 0, 100)
                        .call("p", "a-2", 10, 20)
                        .call("p", "a-3", 30, 40)))
                .hasSize(2);
    }

    @Test
    void callOfAnInterruptedProcess_mayOverlapThatOfTheNextOwner() {
        assertThat(breaches(new SampleHistory()
                        .unanswered("p", "a-1", 0, 20_000)
                        .interrupted("p", 100, 19_000)
                        .call("q", "a-1", 12_000, 12_020)))
                .isEmpty();
    }

    @Test
    void callAfterAnInterruption_mayOverlapUntilTheProcessIsTold() {
        assertThat(breaches(new SampleHistory()
                        .interrupted("p", 100, 19_000)
                        .call("q", "a-1", 19_090, 19_120)
                        .call("p", "a-1", 19_100, 19_130)))
                .isEmpty();
        assertThat(breaches(new SampleHistory()
                        .interrupted("p", 100, 19_000)
                        .call("q", "a-1", 24_090, 24_120)
                        .call("p", "a-1", 24_100, 24_130)))
                .hasSize(1);
    }

    @Test
    void callBeforeAnInterruption_mayNotOverlapAnother() {
        assertThat(breaches(new SampleHistory()
                        .call("p", "a-1", 0, 50)
                        .call("q", "a-1", 20, 70)
                        .interrupted("p", 100, 19_000)))
                .hasSize(1);
    }

    @Test
    void shortInterruption_explainsNoOverlap() {
        assertThat(breaches(new SampleHistory()
                        .unanswered("p", "a-1", 0, 4_900)
                        .interrupted("p", 100, 4_000)
                        .call("q", "a-1", 2_000, 2_020)))
                .hasSize(1);
    }

    @Test
    void overlapOfTwoOthers_isABreachBesideAnInterruptedProcessToo() {
        assertThat(breaches(new SampleHistory()
                        .unanswered("p", "a-1", 0, 20_000)
                        .interrupted("p", 100, 19_000)
                        .call("q", "a-1", 12_000, 12_020)
                        .call("q", "a-2", 12_010, 12_030)))
                .hasSize(1);
    }

    @Test
    void overlapWithinAnInterruptedProcess_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .unanswered("p", "a-1", 0, 20_000)
                        .interrupted("p", 100, 19_000)
                        .call("p", "a-2", 19_010, 19_030)))
                .hasSize(1);
    }

    private static List<String> breaches(SampleHistory run) {
        return new OneCallAtATime().breaches(run.history());
    }
}
