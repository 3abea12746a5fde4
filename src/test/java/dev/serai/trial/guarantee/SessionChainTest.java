package dev.serai.trial.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SessionChainTest {

    @Test
    void resumedSession_isFine() {
        assertThat(breaches(new SampleHistory()
                        .published("a-1", "a-2", "a-3")
                        .startedAs("a-1", "new", "s1")
                        .startedAs("a-2", "resumed", "s1")
                        .startedAs("a-3", "resumed", "s1")))
                .isEmpty();
    }

    @Test
    void otherCharacter_hasAChainOfItsOwn() {
        assertThat(breaches(new SampleHistory()
                        .publishedFor("guide", "a-1")
                        .publishedFor("guard", "a-2")
                        .publishedFor("guide", "a-3")
                        .startedAs("a-1", "new", "s1")
                        .startedAs("a-2", "new", "s2")
                        .startedAs("a-3", "resumed", "s1")))
                .isEmpty();
    }

    @Test
    void freshEvent_beginsAnew() {
        assertThat(breaches(withAFreshOneBetween().startedAs("a-2", "new", "s2").startedAs("a-3", "resumed", "s2")))
                .isEmpty();
    }

    @Test
    void failedEvent_leavesTheChainAsItIs() {
        assertThat(breaches(withAFreshOneBetween().failed("a-2").startedAs("a-3", "resumed", "s1")))
                .isEmpty();
    }

    @Test
    void firstThatIsResumed_isABreach() {
        assertThat(breaches(new SampleHistory().published("a-1").startedAs("a-1", "resumed", "s1")))
                .containsExactly("a-1 is the first and was resumed");
    }

    @Test
    void laterOneThatIsNew_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .published("a-1", "a-2")
                        .startedAs("a-1", "new", "s1")
                        .startedAs("a-2", "new", "s2")))
                .containsExactly("a-2 follows a-1 and was new");
    }

    @Test
    void laterOneThatIsRestarted_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .published("a-1", "a-2")
                        .startedAs("a-1", "new", "s1")
                        .startedAs("a-2", "restarted", "s2")))
                .containsExactly("a-2 follows a-1 and was restarted");
    }

    @Test
    void resumptionOfAnOlderSession_isABreach() {
        assertThat(breaches(withAFreshOneBetween().startedAs("a-2", "new", "s2").startedAs("a-3", "resumed", "s1")))
                .containsExactly("a-3 resumed another session than that of a-2");
    }

    @Test
    void freshEventThatGoesOn_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .published("a-1")
                        .publishedFresh("a-2")
                        .publishedFresh("a-3")
                        .startedAs("a-1", "new", "s1")
                        .startedAs("a-2", "resumed", "s1")
                        .startedAs("a-3", "new", "s1")))
                .containsExactly(
                        "a-2 asked to be fresh and was resumed", "a-3 asked to be fresh and has the session of a-2");
    }

    /** An event, one that asks to be fresh, and another; the first has session s1. */
    private static SampleHistory withAFreshOneBetween() {
        return new SampleHistory()
                .published("a-1")
                .publishedFresh("a-2")
                .published("a-3")
                .startedAs("a-1", "new", "s1");
    }

    private static List<String> breaches(SampleHistory run) {
        return new SessionChain().breaches(run.history());
    }
}
