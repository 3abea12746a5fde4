package dev.serai.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.session.OpenSessions.Bounds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OpenSessionsTest {
    private static final Instant BEGIN = Instant.parse("2026-01-31T10:00:00Z");
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final byte[] KEY = "caller-1".getBytes(UTF_8);

    private final SteppedClock clock = new SteppedClock(BEGIN);
    private final List<String> fewer = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private final OpenSessions open = open(new Bounds(1000, 1 << 20));

    private OpenSessions open(Bounds bounds) {
        OpenSessions table = new OpenSessions(IDLE, clock, bounds);
        table.listen(new OpenSessionsListener() {
            @Override
            public void fewer(String tenant) {
                fewer.add(tenant + " " + table.lastOpen(tenant));
            }

            @Override
            public void lost(Lost why, int sessions) {
                lost.add(why.label() + " " + sessions);
            }
        });
        table.open(3);
        return table;
    }

    @BeforeEach
    void openAnother() {
        open.open(4);
    }

    private OpenSession session(String eventId, @Nullable Duration closeAfter) {
        return SampleSessions.open(eventId, clock.now, closeAfter == null ? null : clock.now.plus(closeAfter));
    }

    private static List<String> ids(List<OpenSession> sessions) {
        return sessions.stream().map(OpenSession::eventId).toList();
    }

    @Test
    void nextOver_isTheFirstOfTheTenant_thatIsToBeEndedOrHasIdled() {
        assertThat(open.nextOver("default")).isEmpty();
        open.opened(3, KEY, session("e1", null));
        assertThat(open.nextOver("default")).contains(BEGIN.plus(IDLE));
        assertThat(open.nextOver("acme")).isEmpty();

        OpenSession closed = session("e2", Duration.ofMinutes(2));
        open.opened(3, KEY, closed);
        assertThat(open.nextOver("default")).contains(BEGIN.plus(Duration.ofMinutes(2)));

        assertThat(open.ended(3, KEY, closed)).isTrue();
        assertThat(open.nextOver("default")).contains(BEGIN.plus(IDLE));
    }

    @Test
    void openedSession_isOfItsConversation_untilItWasEnded() {
        OpenSession session = session("e1", null);
        open.opened(3, KEY, session);
        open.opened(3, KEY, session("e2", null));

        assertThat(ids(open.of(3, KEY.clone()))).containsExactly("e1", "e2");
        assertThat(open.of(4, KEY)).isEmpty();
        assertThat(open.open("default")).isEqualTo(2);

        assertThat(open.ended(3, KEY, session.withoutReply())).isTrue();
        assertThat(open.ended(3, KEY, session)).isFalse();

        assertThat(ids(open.of(3, KEY))).containsExactly("e2");
        assertThat(open.open("default")).isEqualTo(1);
        assertThat(fewer).containsExactly("default 1");
    }

    /** What ends it at its time may fail: an end event that comes meanwhile must neither miss it nor bring it back. */
    @Test
    void sessionThatIsBeingEndedAtItsTime_isStillToBeEnded_andOnceOnly() {
        open.opened(3, KEY, session("left", Duration.ofSeconds(10)));
        open.opened(3, KEY, session("over", Duration.ofSeconds(10)));
        open.recorded(3, KEY);
        clock.now = BEGIN.plusSeconds(10);
        List<DueSession> due = open.takeDue();
        assertThat(due).hasSize(2);

        assertThat(ids(open.toEnd(3, KEY))).containsExactly("left", "over");
        assertThat(ids(open.of(3, KEY))).as("of those that nobody is ending").isEmpty();
        assertThat(open.open("default")).isEqualTo(2);

        assertThat(open.ended(3, KEY, due.get(1).session())).isTrue();
        due.forEach(open::left);

        assertThat(open.open("default")).isEqualTo(1);
        assertThat(ids(open.toEnd(3, KEY))).containsExactly("left");
        assertThat(ids(open.of(3, KEY))).containsExactly("left");
        due.forEach(open::over);
        assertThat(open.toEnd(3, KEY)).isEmpty();
        assertThat(open.open("default")).isZero();
    }

    /** Whoever talks for twenty minutes and hangs up is found by the end event. */
    @Test
    void session_countsAsOverAfterTheIdleTime_andIsKnownForADay() {
        OpenSession session = session("e1", null);
        open.opened(3, KEY, session);
        open.opened(3, KEY, session("e2", null));
        open.opened(3, KEY, session("e3", Duration.ofMinutes(10)));

        clock.now = BEGIN.plus(IDLE);

        assertThat(open.open("default")).isEqualTo(1);
        assertThat(fewer).containsExactly("default 1");
        clock.now = BEGIN.plus(OpenSession.KNOWN).minusMillis(1);
        assertThat(ids(open.of(3, KEY))).containsExactly("e1", "e2");
        assertThat(open.open("default")).isZero();

        assertThat(open.ended(3, KEY, session)).isTrue();
        assertThat(ids(open.of(3, KEY))).containsExactly("e2");
        clock.now = BEGIN.plus(OpenSession.KNOWN);
        assertThat(open.of(3, KEY)).isEmpty();
        assertThat(fewer).containsExactly("default 1", "default 0");
        assertThat(lost).isEmpty();
    }

    /** So that a restart does not end once more all that was ended at its time in a day. */
    @Test
    void sessionThatHasATime_isKnownAsLongAsItCounts() {
        open.opened(3, KEY, session("e1", OpenSession.KNOWN));
        open.opened(3, KEY, session("e2", Duration.ofSeconds(10)));

        clock.now = BEGIN.plusSeconds(10).plus(IDLE);
        assertThat(ids(open.of(3, KEY))).containsExactly("e1");
        clock.now = BEGIN.plus(OpenSession.KNOWN).plus(IDLE).minusMillis(1);
        assertThat(ids(open.of(3, KEY))).containsExactly("e1");
        clock.now = BEGIN.plus(OpenSession.KNOWN).plus(IDLE);
        assertThat(open.of(3, KEY)).isEmpty();
    }

    /** Without one nobody can ask for its end. */
    @Test
    void sessionWithoutAKey_isKnownAsLongAsItCounts() {
        OpenSessions small = open(new Bounds(1, 0));
        small.opened(3, null, session("e1", null));
        clock.now = BEGIN.plus(IDLE);

        small.opened(3, KEY, session("e2", null));

        assertThat(ids(small.of(3, KEY))).containsExactly("e2");
        assertThat(lost).isEmpty();
    }

    /** Where there are many, those that count as over make room: nobody has to be told. */
    @Test
    void sessionThatCountsAsOver_isDroppedFirst_andIsNotLost() {
        OpenSessions small = open(new Bounds(2, 0));
        small.opened(3, KEY, session("late", Duration.ofMinutes(20)));
        small.opened(3, "other".getBytes(UTF_8), session("over", null));
        clock.now = BEGIN.plus(IDLE);

        small.opened(3, KEY, session("new", null));

        assertThat(ids(small.of(3, KEY))).containsExactly("late", "new");
        assertThat(small.of(3, "other".getBytes(UTF_8))).isEmpty();
        assertThat(lost).isEmpty();
    }

    /** A topic has all that a day has brought; so much must not be in memory while it is read. */
    @Test
    void load_keepsWhatWasWrittenLast_asFarAsThereIsRoom() {
        SessionSealer sealer = new SessionSealer(SealingKeys.of(SampleSessions.KEY_A));
        OpenSessions small = open(new Bounds(10, 0));
        OpenLoad load = small.load(3);
        OpenLoad abandoned = small.load(4);
        for (int number = 0; number < 100; number++) {
            byte[] key = ("caller-" + number).getBytes(UTF_8);
            load.put(key, List.of(sealer.seal(key, session("e" + number, null).withoutReply())));
        }
        assertThat(lost.stream()
                        .mapToInt(line -> Integer.parseInt(line.substring("too_many ".length())))
                        .sum())
                .isBetween(85, 95);
        assertThat(load.open(sealer).open()).isTrue();
        load.giveUp();
        abandoned.giveUp();

        assertThat(ids(small.of(3, "caller-99".getBytes(UTF_8)))).containsExactly("e99");
        assertThat(small.open("default")).isBetween(5L, 10L);
        // What the first has read is given back.
        OpenLoad second = small.load(3);
        byte[] key = "caller-7".getBytes(UTF_8);
        second.put(key, List.of(sealer.seal(key, session("e7", null).withoutReply())));
        assertThat(second.open(sealer).open()).isTrue();
        assertThat(ids(small.of(3, key))).containsExactly("e7");
    }

    @Test
    void dueSessions_areTakenOnce_theEarliestFirst() {
        open.opened(3, KEY, session("late", Duration.ofSeconds(20)));
        open.opened(4, null, session("early", Duration.ofSeconds(10)));
        open.opened(3, KEY, session("never", null));

        assertThat(open.takeDue()).isEmpty();
        clock.now = BEGIN.plusSeconds(20);

        assertThat(open.takeDue()).extracting(due -> due.session().eventId()).containsExactly("early", "late");
        assertThat(open.takeDue()).isEmpty();
        assertThat(ids(open.of(3, KEY))).containsExactly("never");
    }

    /** Somebody is ending it, and until then it takes its slot of the plan. */
    @Test
    void dueSession_countsUntilItIsOver_orHasIdledOut() {
        open.opened(3, KEY, session("recorded", Duration.ofSeconds(10)));
        open.recorded(3, KEY);
        open.opened(3, KEY, session("not-recorded", Duration.ofSeconds(10)));
        open.opened(3, KEY, session("left", Duration.ofSeconds(10)));
        clock.now = BEGIN.plusSeconds(10);

        List<DueSession> due = open.takeDue();

        assertThat(open.of(3, KEY)).isEmpty();
        assertThat(open.open("default")).isEqualTo(3);
        assertThat(open.isRecordLate(3, KEY)).isTrue();
        open.recorded(3, KEY);
        assertThat(open.isRecordLate(3, KEY)).isFalse();
        assertThat(open.open("default")).isEqualTo(3);

        open.over(due.get(0));
        open.over(due.get(1));
        open.over(due.get(1));

        assertThat(open.open("default")).isEqualTo(1);
        assertThat(fewer).containsExactly("default 2", "default 1");
        clock.now = BEGIN.plusSeconds(10).plus(IDLE);
        assertThat(open.open("default")).isZero();
        assertThat(fewer).hasSize(3).last().isEqualTo("default 0");
        open.over(due.get(2));
        assertThat(open.open("default")).isZero();
    }

    @Test
    void fewerSessions_areToldOf_wheneverTheyGo_andNotWhenOneTakesAnothersPlace() {
        open.opened(3, KEY, session("e1", null));
        open.opened(4, KEY, session("e2", null));

        open.forget(3, KEY);
        assertThat(fewer).isEmpty();
        open.close(Set.of(3));
        open.load(4);

        assertThat(fewer).containsExactly("default 1", "default 0");
    }

    @Test
    void partitionThatIsClosed_takesItsSessionsWithIt_andTellsOfThoseThatNobodyEnds() {
        open.opened(3, KEY, session("e1", Duration.ofSeconds(10)));
        open.opened(3, KEY, session("e2", null));

        assertThat(open.close(Set.of(3, 4))).isEqualTo(1);

        clock.now = BEGIN.plusSeconds(20);
        assertThat(open.takeDue()).isEmpty();
        assertThat(open.open("default")).isZero();
        assertThat(lost).containsExactly("handed_over 1");
        open.opened(3, KEY, session("e3", null));
        assertThat(open.of(3, KEY)).isEmpty();
    }

    @Test
    void recordedSessions_areTheNextOwners() {
        open.opened(3, KEY, session("e1", Duration.ofSeconds(10)));
        open.recorded(3, KEY);

        assertThat(open.close(Set.of(3))).isZero();
        assertThat(lost).isEmpty();
    }

    @Test
    void recordIsLate_fromTheEndOfASessionThatItNames_toTheNextRecord() {
        OpenSession session = session("e1", Duration.ofSeconds(10));
        open.opened(3, KEY, session);
        open.opened(3, KEY, session("e2", null));
        open.recorded(3, KEY);
        assertThat(open.isRecordLate(3, KEY)).isFalse();

        open.ended(3, KEY, session);

        assertThat(open.isRecordLate(3, KEY)).isTrue();
        assertThat(ids(open.of(3, KEY))).containsExactly("e2");
        open.recorded(3, KEY);
        assertThat(open.isRecordLate(3, KEY)).isFalse();
        clock.now = BEGIN.plusSeconds(20);
        assertThat(open.takeDue()).isEmpty();
    }

    @Test
    void forgottenConversation_hasNoSessions_andTheyAreEndedAtTheirTime() {
        open.opened(3, KEY, session("e1", Duration.ofSeconds(10)));
        open.recorded(3, KEY);

        open.forget(3, KEY);

        assertThat(open.of(3, KEY)).isEmpty();
        assertThat(open.replyBytes()).isZero();
        clock.now = BEGIN.plusSeconds(10);
        assertThat(open.takeDue()).singleElement().satisfies(due -> {
            assertThat(due.session().sessionIds()).containsExactly("live-session-of-e1");
            assertThat(due.session().eventId() + due.session().characterId()).isEmpty();
        });
    }

    @Test
    void conversation_keepsItsLastSixteen() {
        for (int number = 0; number < 20; number++) {
            open.opened(3, KEY, session("e" + number, null));
        }

        assertThat(ids(open.of(3, KEY)))
                .isEqualTo(
                        IntStream.range(4, 20).mapToObj(number -> "e" + number).toList());
        assertThat(open.open("default")).isEqualTo(16);
        assertThat(lost).hasSize(4).containsOnly("too_many 1");
    }

    @Test
    void bounds_areKept_theEarliestAreDroppedFirst() {
        int reply = Objects.requireNonNull(session("e1", null).reply()).length;
        OpenSessions small = open(new Bounds(3, 2L * reply));

        for (int number = 1; number <= 4; number++) {
            small.opened(3, ("caller-" + number).getBytes(UTF_8), session("e" + number, null));
            clock.now = clock.now.plusMillis(1);
        }

        assertThat(small.open("default")).isEqualTo(3);
        assertThat(small.replyBytes()).isEqualTo(2L * reply);
        assertThat(small.of(3, "caller-1".getBytes(UTF_8))).isEmpty();
        assertThat(small.of(3, "caller-2".getBytes(UTF_8)))
                .singleElement()
                .satisfies(session -> assertThat(session.reply()).isNull());
        assertThat(small.of(3, "caller-4".getBytes(UTF_8)))
                .singleElement()
                .satisfies(session -> assertThat(session.reply()).isNotNull());
        assertThat(lost).containsExactly("too_many 1");
    }

    @Test
    void loadThatWasOvertaken_isVoid() {
        OpenLoad load = open.load(3);
        open.close(Set.of(3));

        assertThat(load.open(new SessionSealer(SealingKeys.NONE)).open()).isFalse();
        open.opened(3, KEY, session("e1", null));
        assertThat(open.of(3, KEY)).isEmpty();
    }

    /** Whatever is done at the same time, sums and content agree in the end. */
    @Test
    void manyThreads_leaveNothingBehind() throws Exception {
        List<Callable<Object>> all = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            byte[] key = ("caller-" + thread % 3).getBytes(UTF_8);
            String name = "t" + thread;
            all.add(Executors.callable(() -> {
                for (int number = 0; number < 200; number++) {
                    OpenSession session = session(name + "-" + number, number % 2 == 0 ? null : Duration.ofSeconds(1));
                    open.opened(3, key, session);
                    open.recorded(3, key);
                    open.of(3, key);
                    open.ended(3, key, session);
                    open.takeDue().forEach(open::over);
                }
            }));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Object> one : threads.invokeAll(all)) {
                one.get();
            }
        }
        clock.now = BEGIN.plus(OpenSession.KNOWN).plusSeconds(3600);

        assertThat(open.open("default")).isZero();
        assertThat(open.replyBytes()).isZero();
        assertThat(open.takeDue()).isEmpty();
    }
}
