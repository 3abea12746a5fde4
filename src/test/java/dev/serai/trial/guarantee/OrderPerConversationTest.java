package dev.serai.trial.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OrderPerConversationTest {

    @Test
    void orderOfEvents_isFine() {
        assertThat(breaches(new SampleHistory().published("a-1", "a-2", "a-3").started("a-1", "a-2", "a-3")))
                .isEmpty();
    }

    @Test
    void otherConversations_mayOvertake() {
        assertThat(breaches(new SampleHistory().published("a-1", "b-1", "a-2").started("b-1", "a-1", "a-2")))
                .isEmpty();
    }

    @Test
    void failedReply_isPartOfTheOrder() {
        assertThat(breaches(new SampleHistory()
                        .published("a-1", "a-2")
                        .started("a-2")
                        .failed("a-1")))
                .containsExactly("a: a-1 was answered after a-2");
    }

    @Test
    void missingReply_isNotItsBusiness() {
        assertThat(breaches(new SampleHistory().published("a-1", "a-2", "a-3").started("a-1", "a-3")))
                .isEmpty();
    }

    @Test
    void repetitionFromTheStart_isNotItsBusiness() {
        assertThat(breaches(new SampleHistory().published("a-1", "a-2").started("a-1", "a-2", "a-1", "a-2")))
                .isEmpty();
    }

    @Test
    void overtakenEvents_areEachABreach() {
        assertThat(breaches(new SampleHistory().published("a-1", "a-2", "a-3").started("a-3", "a-1", "a-2")))
                .containsExactly("a: a-1 was answered after a-3", "a: a-2 was answered after a-3");
    }

    private static List<String> breaches(SampleHistory run) {
        return new OrderPerConversation().breaches(run.history());
    }
}
