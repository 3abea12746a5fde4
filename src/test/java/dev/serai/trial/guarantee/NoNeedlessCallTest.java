package dev.serai.trial.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NoNeedlessCallTest {
    private static final int IN_FLIGHT = 2;

    @Test
    void oneCallEach_isFine() {
        assertThat(breaches(new SampleHistory()
                        .call("p", "a-1", 0, 20)
                        .call("p", "a-2", 20, 40)
                        .started("a-1", "a-2")))
                .isEmpty();
    }

    @Test
    void repetitionsThatTheReplyOwnsUpTo_areFine() {
        SampleHistory run = new SampleHistory()
                .call("p", "a-1", 0, 20)
                .unanswered("p", "a-1", 30, 40)
                .call("p", "a-1", 50, 60)
                .startedAfter(3, "a-1");

        assertThat(breaches(run)).isEmpty();
        assertThat(NoNeedlessCall.count(run.history()).repeated()).isEqualTo(2);
    }

    @Test
    void attemptThatNeverArrived_isFine() {
        assertThat(breaches(new SampleHistory().call("p", "a-1", 0, 20).startedAfter(2, "a-1")))
                .isEmpty();
    }

    @Test
    void callsOfAKilledProcess_areLostAndFine() {
        SampleHistory run = new SampleHistory()
                .call("p", "a-1", 0, 20)
                .unanswered("p", "a-1", 30, 40)
                .killed("p", 40)
                .call("q", "a-1", 50, 60)
                .started("a-1");

        assertOneIsLost(run);
    }

    @Test
    void moreLostThanWasInFlight_isABreach() {
        SampleHistory run = new SampleHistory().killed("p", 40);
        for (String eventId : List.of("a-1", "b-1", "c-1")) {
            run.call("p", eventId, 0, 20).call("q", eventId, 50, 60).started(eventId);
        }

        assertThat(breaches(run))
                .containsExactly(
                        "3 events of p were called for again after its end or interruption, at most 2 can have been in flight");
    }

    @Test
    void callOfALivingProcess_thatIsRepeatedByAnother_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .call("p", "a-1", 0, 20)
                        .call("q", "a-1", 50, 60)
                        .started("a-1")))
                .containsExactly("a-1 was called for by {p=1, q=1}, and p was neither killed nor interrupted");
    }

    @Test
    void failedCallsOfAProcessThatGaveTheEventBack_areFine() {
        SampleHistory run = new SampleHistory()
                .failed("p", "a-1", 0, 20)
                .failed("p", "a-1", 30, 40)
                .call("q", "a-1", 50, 60)
                .started("a-1");

        assertThat(breaches(run)).isEmpty();
        assertThat(NoNeedlessCall.count(run.history()).repeated()).isEqualTo(2);
    }

    @Test
    void failedCallBesideOneThatSucceeded_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .failed("p", "a-1", 0, 20)
                        .call("p", "a-1", 30, 40)
                        .call("q", "a-1", 50, 60)
                        .started("a-1")))
                .containsExactly("a-1 was called for by {p=2, q=1}, and p was neither killed nor interrupted");
    }

    @Test
    void callThatTheReplyDoesNotKnow_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .call("p", "a-1", 0, 20)
                        .call("p", "a-1", 50, 60)
                        .started("a-1")))
                .containsExactly("a-1 was called for by {p=2}, its reply owns up to 1");
    }

    @Test
    void callsOfAnInterruptedProcess_areLostAndFine() {
        SampleHistory run = new SampleHistory()
                .call("p", "a-1", 0, 20)
                .interrupted("p", 40, 20_000)
                .call("q", "a-1", 12_000, 12_020)
                .started("a-1");

        assertOneIsLost(run);
    }

    @Test
    void interruptedProcessThatGoesOn_isNotTheOneThatAnswered() {
        assertThat(breaches(new SampleHistory()
                        .unanswered("p", "a-1", 0, 20_010)
                        .interrupted("p", 40, 20_000)
                        .call("q", "a-1", 12_000, 12_020)
                        .call("p", "a-1", 20_100, 20_120)
                        .started("a-1")))
                .isEmpty();
    }

    @Test
    void interruptedProcessThatIsGivenTheEventAnew_mayCallAgain() {
        SampleHistory run = new SampleHistory()
                .call("p", "a-1", 0, 20)
                .interrupted("p", 40, 20_000)
                .call("p", "a-1", 30_000, 30_020)
                .started("a-1");

        assertOneIsLost(run);
    }

    @Test
    void callsLongBeforeAnInterruption_areExplainedByNone() {
        assertThat(breaches(new SampleHistory()
                        .call("p", "a-1", 0, 20)
                        .interrupted("p", 30_000, 50_000)
                        .call("q", "a-1", 42_000, 42_020)
                        .started("a-1")))
                .hasSize(1);
    }

    @Test
    void callsLongAfterAnInterruption_areExplainedByNone() {
        assertThat(breaches(new SampleHistory()
                        .interrupted("p", 40, 20_000)
                        .call("p", "a-1", 26_000, 26_020)
                        .call("q", "a-1", 30_000, 30_020)
                        .started("a-1")))
                .hasSize(1);
    }

    @Test
    void shortInterruption_explainsNothing() {
        assertThat(breaches(new SampleHistory()
                        .call("p", "a-1", 0, 20)
                        .interrupted("p", 40, 4_000)
                        .call("q", "a-1", 5_000, 5_020)
                        .started("a-1")))
                .hasSize(1);
    }

    @Test
    void moreLostThanTheInterruptionsAllow_isABreach() {
        SampleHistory run = new SampleHistory().interrupted("p", 40, 20_000).interrupted("p", 60_000, 62_000);
        for (String eventId : List.of("a-1", "b-1", "c-1")) {
            run.call("p", eventId, 0, 20).call("q", eventId, 12_000, 12_020).started(eventId);
        }

        assertThat(breaches(run))
                .containsExactly("3 events of p were called for again after its end or interruption, at most 2 can"
                        + " have been in flight");
    }

    /** One call of process p, and nobody is to blame. */
    private static void assertOneIsLost(SampleHistory run) {
        assertThat(breaches(run)).isEmpty();
        assertThat(NoNeedlessCall.count(run.history()).lost())
                .containsOnlyKeys("p")
                .containsValue(1);
    }

    private static List<String> breaches(SampleHistory run) {
        return new NoNeedlessCall(IN_FLIGHT).breaches(run.history());
    }
}
