package dev.serai.connect.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.gate.HoldNotice.Line;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the log says of a gate that the provider holds, in time that the test steps. */
@Timeout(120)
class HoldNoticeTest {
    private static final Duration A_LITTLE_LESS = HoldNotice.TOLD_AFTER.minusMillis(1);

    private final AtomicLong nanos = new AtomicLong();
    private final HoldNotice notice = new HoldNotice(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private List<String> due(int waiting) {
        return notice.due(waiting, 3).stream().map(Line::text).toList();
    }

    @Test
    void holdThatIsSoonOver_isNotSaid() {
        notice.holds(HoldReason.OUTAGE, "it answers 503");
        pass(A_LITTLE_LESS);
        assertThat(due(4)).isEmpty();

        notice.opened(1, 4);

        pass(HoldNotice.AGAIN_AFTER);
        assertThat(due(0)).isEmpty();
    }

    @Test
    void holdThatLasts_isSaidOnce_withWhoWaitsThen_andItsEndWithWhoWasHeld() {
        Caller patient = new Caller();
        notice.waits(new Caller());
        notice.holds(HoldReason.OUTAGE, "it answers 503");
        pass(A_LITTLE_LESS);
        for (Caller caller : List.of(patient, new Caller(), patient)) {
            notice.waits(caller);
        }
        notice.holds(HoldReason.OUTAGE, "it answers 502");
        pass(Duration.ofMillis(1));
        assertThat(due(2))
                .containsExactly(
                        "the provider fails, it answers 502, so many in a row: 3, for 5 s now. One call at a time"
                                + " finds out when that is over, the others wait, until their deadlines; waiting for their turn:"
                                + " 2");
        pass(Duration.ofSeconds(60));
        assertThat(due(2)).isEmpty();
        notice.opened(6, 1);
        notice.opened(0, 0);

        assertThat(due(0))
                .containsExactly(
                        "the provider answers again, after 65 s and 6 further calls in vain. Calls go on; events that"
                                + " were held: 2, waiting for their turn: 1");
        assertThat(due(0)).isEmpty();
    }

    @Test
    void nextTimeOfHolding_countsItsOwnEvents() {
        Caller both = new Caller();
        notice.holds(HoldReason.OUTAGE, "it answers 503");
        notice.waits(both);
        notice.waits(new Caller());
        notice.opened(0, 0);
        notice.holds(HoldReason.CREDENTIALS, "it answers 401");
        notice.waits(both);
        pass(HoldNotice.TOLD_AFTER);
        due(1);
        notice.opened(0, 0);

        assertThat(due(0)).singleElement().asString().contains("events that were held: 1,");
    }

    @Test
    void anotherReason_isSaidWhenItHasLastedToo() {
        notice.holds(HoldReason.OUTAGE, "it answers 503");
        pass(HoldNotice.TOLD_AFTER);
        assertThat(due(1)).hasSize(1);
        notice.holds(HoldReason.CREDENTIALS, "it answers 401");
        pass(A_LITTLE_LESS);
        assertThat(due(1)).isEmpty();
        pass(Duration.ofMillis(1));

        assertThat(due(1))
                .singleElement()
                .asString()
                .startsWith("the provider refuses the credentials, it answers 401");
    }

    @Test
    void coolDownThatNobodyWaitsFor_isNotSaid() {
        notice.holds(HoldReason.COOL_DOWN, "it answers 429");
        pass(Duration.ofHours(3));
        assertThat(due(0)).isEmpty();
        assertThat(due(1))
                .singleElement()
                .asString()
                .startsWith("the provider is busy, it answers 429, for 3 h now. One");
        notice.opened(0, 0);

        assertThat(due(0)).singleElement().asString().startsWith("the provider takes calls again, after 3 h");
    }

    /** As with a plan whose sessions are used up, all night. */
    @Test
    void holdThatComesAgainAndAgain_isSaidOnceAMinute() {
        int said = 0;
        for (int time = 0; time < 60; time++) {
            notice.holds(HoldReason.COOL_DOWN, "it answers 429");
            pass(Duration.ofSeconds(9));
            said += due(3).size();
            notice.opened(1, 3);
            pass(Duration.ofSeconds(1));
            said += due(3).size();
        }

        assertThat(said).as("two lines a minute, for ten minutes").isBetween(18, 20);
    }
}
