package dev.serai.trial.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NoSecondRoomUnsaidTest {

    @Test
    void oneRoomEach_isFine() {
        assertThat(breaches(new SampleHistory()
                        .opened("p", "a-1", 0, "room-1")
                        .opened("p", "a-2", 20, "room-2")
                        .started("a-1", "a-2")))
                .isEmpty();
    }

    @Test
    void secondRoomThatTheReplyOwnsUpTo_isFine() {
        SampleHistory run = new SampleHistory()
                .opened("p", "a-1", 0, null)
                .opened("p", "a-1", 20, "room-2")
                .startedDoubtfully("a-1");

        assertThat(breaches(run)).isEmpty();
        assertThat(NoSecondRoomUnsaid.surplus(run.history())).isEqualTo(1);
    }

    @Test
    void secondRoomThatIsKeptQuiet_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .opened("p", "a-1", 0, null)
                        .opened("p", "a-1", 20, "room-2")
                        .started("a-1")))
                .containsExactly("a-1 was given 2 sessions by p, p, and its reply does not say so");
    }

    @Test
    void roomOfAKilledProcess_isFine() {
        assertThat(breaches(new SampleHistory()
                        .opened("p", "a-1", 0, "room-1")
                        .killed("p", 15)
                        .opened("q", "a-1", 20, "room-2")
                        .started("a-1")))
                .isEmpty();
    }

    @Test
    void roomOfAProcessThatLivedOn_isABreach() {
        assertThat(breaches(new SampleHistory()
                        .opened("p", "a-1", 0, "room-1")
                        .killed("q", 30)
                        .opened("q", "a-1", 20, "room-2")
                        .started("a-1")))
                .containsExactly("a-1 was given 2 sessions by p, q, and its reply does not say so");
    }

    @Test
    void roomOfAFrozenProcess_isFine() {
        assertThat(breaches(new SampleHistory()
                        .opened("p", "a-1", 0, "room-1")
                        .interrupted("p", 5, 12_000)
                        .opened("q", "a-1", 11_000, "room-2")
                        .started("a-1")))
                .isEmpty();
    }

    @Test
    void lostAnswerOfAnEventThatWentToAnother_isFine() {
        assertThat(breaches(new SampleHistory()
                        .opened("p", "a-1", 0, null)
                        .opened("q", "a-1", 20, "room-2")
                        .started("a-1")))
                .isEmpty();
    }

    @Test
    void secondRoom_withOneRoomPerEvent_isABreachWhateverHappened() {
        SampleHistory run = new SampleHistory()
                .opened("p", "a-1", 0, "room-1")
                .killed("p", 15)
                .opened("q", "a-1", 20, "room-2")
                .startedDoubtfully("a-1");

        assertThat(new NoSecondRoomUnsaid(true).breaches(run.history()))
                .containsExactly("a-1 has the rooms room-1, room-2");
    }

    @Test
    void secondSessionInTheSameRoom_withOneRoomPerEvent_isFine() {
        SampleHistory run = new SampleHistory()
                .opened("p", "a-1", 0, "room-1")
                .killed("p", 15)
                .opened("q", "a-1", 20, "room-1")
                .started("a-1");

        assertThat(new NoSecondRoomUnsaid(true).breaches(run.history())).isEmpty();
    }

    private static List<String> breaches(SampleHistory run) {
        return new NoSecondRoomUnsaid(false).breaches(run.history());
    }
}
