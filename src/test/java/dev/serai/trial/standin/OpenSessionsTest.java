package dev.serai.trial.standin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.trial.standin.OpenSessions.OpenResult;
import dev.serai.trial.standin.SessionCounts.End;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OpenSessionsTest {

    /** So that the clock's numbers overflow in every test that lets time pass. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

    private final OpenSessions sessions = new OpenSessions(now::get, SessionRules.defaults(), 3);

    @Test
    void slot_isHeldForItsTimeAndNotLonger() {
        sessions.limit(1, Duration.ofNanos(10));
        open(1);

        now.addAndGet(9);
        assertThat(sessions.open(1, alone())).isEqualTo(new OpenResult.LimitReached(1));
        assertThat(sessions.held()).isEqualTo(1);

        now.addAndGet(1);
        assertThat(sessions.held()).isZero();
        open(1);
        assertThat(sessions.counts().ended()).containsExactly(Map.entry(End.HELD, 1L));
    }

    @Test
    void sessionsFromBeforeTheLimit_areNotHeld_norFreeASlotWhenTheyEnd() {
        String before = open(1);

        sessions.limit(1, Duration.ofHours(1));
        open(1);
        sessions.disconnect(before);

        assertThat(sessions.held()).isEqualTo(1);
        assertThat(sessions.open(1, alone())).isEqualTo(new OpenResult.LimitReached(1));
    }

    @Test
    void slots_areThoseOfEachAccount() {
        sessions.limit(1, null);
        open(1);

        open(2);

        assertThat(sessions.counts().slotsByAccount()).isEqualTo(Map.of(1, 1, 2, 1));
        assertThat(sessions.open(2, alone())).isEqualTo(new OpenResult.LimitReached(1));
    }

    @Test
    void sessionThatIdles_endsAtItsTime_andFreesItsSlot() {
        sessions.rules(SessionRules.defaults().withIdleAfter(Duration.ofNanos(10)));
        sessions.limit(1, null);
        open(1);

        now.addAndGet(9);
        assertThat(sessions.counts().openSessions()).isEqualTo(1);

        now.addAndGet(1);
        assertThat(sessions.counts().openSessions()).isZero();
        assertThat(sessions.rooms()).isEmpty();
        assertThat(sessions.counts().ended()).containsExactly(Map.entry(End.IDLE, 1L));
        open(1);
    }

    @Test
    void earlierOfTwoEnds_counts() {
        sessions.rules(SessionRules.defaults().withIdleAfter(Duration.ofNanos(10)));
        sessions.limit(5, Duration.ofNanos(20));
        open(1);
        sessions.limit(5, Duration.ofNanos(5));
        open(1);

        now.addAndGet(5);
        assertThat(sessions.counts().ended()).isEqualTo(Map.of(End.HELD, 1L));
        now.addAndGet(5);
        assertThat(sessions.counts().ended()).isEqualTo(Map.of(End.HELD, 1L, End.IDLE, 1L));
    }

    @Test
    void sessionDisconnectedTwice_endsOnce() {
        sessions.limit(2, null);
        String session = open(1);
        open(1);

        sessions.disconnect(session);
        sessions.disconnect(session);

        assertThat(sessions.held()).isEqualTo(1);
        assertThat(sessions.counts().ended()).containsExactly(Map.entry(End.DISCONNECTED, 1L));
    }

    @Test
    void oldestSession_isDroppedWhenThereAreTooMany() {
        String oldest = open(1);
        open(1);
        open(1);
        assertThat(sessions.accountOf(oldest)).isEqualTo(1);

        open(1);

        assertThat(sessions.accountOf(oldest)).isNull();
        assertThat(sessions.counts().openSessions()).isEqualTo(3);
        assertThat(sessions.counts().openRooms()).isEqualTo(3);
        assertThat(sessions.counts().ended()).containsExactly(Map.entry(End.DROPPED, 1L));
    }

    @Test
    void wishedName_isTakenWhileItIsFree() {
        assertThat(opened(1, wished("atrium")).roomName()).isEqualTo("atrium");
        assertThat(opened(1, wished("atrium")).roomName()).startsWith("room-");
    }

    private String open(int account) {
        return opened(account, alone()).sessionIds().getFirst();
    }

    private OpenResult.Opened opened(int account, RoomWanted wanted) {
        OpenResult opening = sessions.open(account, wanted);
        assertThat(opening).isInstanceOf(OpenResult.Opened.class);
        return (OpenResult.Opened) opening;
    }

    private static RoomWanted alone() {
        return wished(null);
    }

    private static RoomWanted wished(@Nullable String roomName) {
        return new RoomWanted(List.of("ada"), null, null, false, true, roomName, null, null);
    }
}
