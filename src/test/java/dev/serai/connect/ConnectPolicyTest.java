package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.connect.ConnectPolicy.Decision;
import dev.serai.connect.ConnectPolicy.Situation;
import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.answer.ConnectAnswer;
import dev.serai.connect.gate.Spread;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.SampleRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class ConnectPolicyTest {
    private static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");
    private static final JsonNode DETAIL = TextNode.valueOf("why");
    private static final int ATTEMPTS = 4;
    /** Draws the longest pause, but for a rounding error: 100, 200, 400, 500, 500, … ms. */
    private static final RandomGenerator HIGHEST = () -> -1L;

    private static final ConnectPolicy POLICY =
            new ConnectPolicy(ATTEMPTS, true, new Backoff(Duration.ofMillis(100), Duration.ofMillis(500), HIGHEST));

    private enum Session {
        NONE,
        REMEMBERED,
        NAMED_BY_EVENT,
        /** Remembered, found gone, and left out of the last request. */
        LEFT_OUT,
        /** Remembered, and left out of the last request to learn whether it was refused. */
        DOUBTED,
        /** Likewise, and named by the event. */
        NAMED_BY_EVENT_AND_DOUBTED,
        /** Only among the options. */
        AMONG_OPTIONS
    }

    private static final Failure DOUBT = new Failure(ErrorCategory.FORBIDDEN, 403, DETAIL);

    private record Standing(
            int attempts,
            Session session,
            Instant deadline,
            Spread spread,
            @Nullable OneRoom room) implements Situation {
        Standing(int attempts, Session session, Instant deadline) {
            this(attempts, session, deadline, Spread.THIS_EVENT);
        }

        Standing(int attempts, Session session, Instant deadline, Spread spread) {
            this(attempts, session, deadline, spread, null);
        }

        @Override
        public int failures() {
            return attempts;
        }

        @Override
        public boolean sessionSent() {
            return session == Session.REMEMBERED || session == Session.NAMED_BY_EVENT;
        }

        @Override
        public boolean sessionNamedByEvent() {
            return session == Session.NAMED_BY_EVENT || session == Session.NAMED_BY_EVENT_AND_DOUBTED;
        }

        @Override
        public boolean optionsNameSession() {
            return session == Session.AMONG_OPTIONS;
        }

        @Override
        public @Nullable Failure doubt() {
            return session == Session.DOUBTED || session == Session.NAMED_BY_EVENT_AND_DOUBTED ? DOUBT : null;
        }
    }

    private static Situation after(int attempts) {
        return new Standing(attempts, Session.NONE, NOW.plusSeconds(3600));
    }

    private static Decision decide(CallOutcome outcome, Situation situation) {
        return POLICY.decide(outcome, situation, NOW);
    }

    private static Decision fail(ErrorCategory category, int status) {
        return new Decision.Fail(new Failure(category, status, DETAIL));
    }

    static Stream<Situation> situations() {
        return Stream.of(Session.values()).flatMap(session -> Stream.of(1, ATTEMPTS, ATTEMPTS + 1)
                .flatMap(attempts -> Stream.of(NOW.minusSeconds(1), NOW, NOW.plusMillis(1), NOW.plusSeconds(60))
                        .map(deadline -> new Standing(attempts, session, deadline))));
    }

    /** Also when the deadline has passed meanwhile: that is looked at once more before the reply. */
    @ParameterizedTest
    @MethodSource("situations")
    void connected_succeeds(Situation situation) throws Exception {
        ConnectAnswer answer = ConnectAnswer.of(SampleRecords.answer());

        assertThat(decide(new CallOutcome.Connected(answer), situation))
                .isEqualTo(
                        ((Standing) situation).session() == Session.NAMED_BY_EVENT_AND_DOUBTED
                                ? new Decision.Discard(answer, new Failure(ErrorCategory.SESSION_INVALID, 403, DETAIL))
                                : new Decision.Succeed(answer));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void doubtedSession_isLeftOutAtOnce(Situation situation) {
        assertThat(decide(new CallOutcome.SessionDoubted(DOUBT), situation))
                .isEqualTo(new Decision.RepeatDoubtingSession(DOUBT));
    }

    /** It is between two events, whoever else fails or is answered. */
    @Test
    void conflict_isRepeatedForAFewAttempts_thenRejected() {
        Failure failure = new Failure(ErrorCategory.SESSION_CONFLICT, 409, DETAIL);
        CallOutcome conflict = new CallOutcome.Conflict(409, DETAIL, null);
        for (Spread spread : Spread.values()) {
            assertThat(ConnectPolicy.isAttempt(conflict, spread)).isTrue();
            Instant deadline = NOW.plusSeconds(3600);
            assertThat(decide(conflict, new Standing(2, Session.NONE, deadline, spread)))
                    .isEqualTo(new Decision.Repeat(Duration.ofMillis(200), failure));
            assertThat(decide(conflict, new Standing(ATTEMPTS, Session.NONE, deadline, spread)))
                    .isEqualTo(new Decision.Fail(failure));
        }
        assertThat(decide(new CallOutcome.Conflict(409, DETAIL, Duration.ofSeconds(2)), after(1)))
                .isEqualTo(new Decision.Repeat(Duration.ofSeconds(2), failure));
        assertThat(decide(conflict, new Standing(1, Session.NONE, NOW.plusMillis(30))))
                .isEqualTo(new Decision.Repeat(Duration.ofMillis(30), failure));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void outcomesThatNoCallCanChange_fail(Situation situation) {
        Failure rejected = new Failure(ErrorCategory.SPEAKER_LIMIT, 429, DETAIL);

        assertThat(decide(new CallOutcome.Rejected(rejected), situation)).isEqualTo(new Decision.Fail(rejected));
        assertThat(decide(new CallOutcome.ProtocolError(200, "why"), situation))
                .isEqualTo(fail(ErrorCategory.PROTOCOL_ERROR, 200));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void sessionGone_isLeftOutOnlyIfRemembered(Situation situation) {
        Decision decision = decide(new CallOutcome.SessionGone(400, DETAIL), situation);

        assertThat(decision)
                .isEqualTo(
                        switch (((Standing) situation).session()) {
                            case REMEMBERED -> new Decision.RepeatWithoutSession();
                            case NAMED_BY_EVENT, NAMED_BY_EVENT_AND_DOUBTED, AMONG_OPTIONS ->
                                fail(ErrorCategory.SESSION_INVALID, 400);
                            case NONE, LEFT_OUT, DOUBTED -> fail(ErrorCategory.INVALID_REQUEST, 400);
                        });
    }

    static Stream<Arguments> transients() {
        return Stream.of(
                arguments(
                        new CallOutcome.Unavailable(503, DETAIL, null), fail(ErrorCategory.PROVIDER_UNAVAILABLE, 503)),
                arguments(
                        new CallOutcome.NotSent("why", false),
                        new Decision.Fail(Failure.of(ErrorCategory.PROVIDER_UNAVAILABLE, "why"))),
                arguments(
                        new CallOutcome.NotSent("why", true),
                        new Decision.Fail(Failure.of(ErrorCategory.PROVIDER_UNAVAILABLE, "why"))),
                arguments(
                        new CallOutcome.Unknown("why"),
                        new Decision.Fail(Failure.of(ErrorCategory.OUTCOME_UNKNOWN, "why"))));
    }

    @ParameterizedTest
    @MethodSource("transients")
    void transientOutcome_isRepeatedWhileAttemptsAreLeft(CallOutcome outcome, Decision failure) {
        Failure ifNever = ((Decision.Fail) failure).failure();
        assertThat(decide(outcome, after(0))).isEqualTo(new Decision.Repeat(Duration.ofMillis(100), ifNever));
        assertThat(decide(outcome, after(1))).isEqualTo(new Decision.Repeat(Duration.ofMillis(100), ifNever));
        assertThat(decide(outcome, after(2))).isEqualTo(new Decision.Repeat(Duration.ofMillis(200), ifNever));
        assertThat(decide(outcome, after(3))).isEqualTo(new Decision.Repeat(Duration.ofMillis(400), ifNever));
        assertThat(decide(outcome, after(ATTEMPTS))).isEqualTo(failure);
        assertThat(decide(outcome, after(ATTEMPTS + 1))).isEqualTo(failure);
    }

    @ParameterizedTest
    @MethodSource("transients")
    void transientOutcome_isRepeatedWhateverTheSession(CallOutcome outcome, Decision failure) {
        for (Session session : Session.values()) {
            assertThat(decide(outcome, new Standing(1, session, NOW.plusSeconds(60))))
                    .isEqualTo(new Decision.Repeat(Duration.ofMillis(100), ((Decision.Fail) failure).failure()));
            assertThat(decide(outcome, new Standing(ATTEMPTS, session, NOW.plusSeconds(60))))
                    .isEqualTo(failure);
        }
    }

    /** Until then it waits: its failure is said at its deadline. */
    @ParameterizedTest
    @MethodSource("transients")
    void transientOutcome_isNotRepeatedBeyondTheDeadline(CallOutcome outcome, Decision failure) {
        Failure failed = ((Decision.Fail) failure).failure();
        for (long millis : new long[] {101, 100, 99, 0, -1000}) {
            assertThat(decide(outcome, new Standing(1, Session.NONE, NOW.plusMillis(millis))))
                    .isEqualTo(new Decision.Repeat(Duration.ofMillis(Math.clamp(millis, 0, 100)), failed));
        }
    }

    /** However many attempts it has had. */
    @ParameterizedTest
    @MethodSource("transients")
    void whatFailsForOthersToo_isRepeatedUntilTheDeadline(CallOutcome outcome, Decision failure) {
        Failure failed = ((Decision.Fail) failure).failure();
        for (int attempts : new int[] {1, ATTEMPTS, 10 * ATTEMPTS}) {
            for (long millis : new long[] {60_000, 100, 1, 0, -1000}) {
                Instant deadline = NOW.plusMillis(millis);
                Duration pause = POLICY.backoff().after(attempts);
                Duration half = Duration.ofMillis(Math.max(0, millis)).dividedBy(2);
                assertThat(decide(outcome, new Standing(attempts, Session.NONE, deadline, Spread.OTHERS_TOO)))
                        .isEqualTo(new Decision.Repeat(pause.compareTo(half) < 0 ? pause : half, failed));
                assertThat(decide(outcome, new Standing(attempts, Session.NONE, deadline, Spread.EVERYBODY)))
                        .as("the gate says when")
                        .isEqualTo(new Decision.Repeat(Duration.ZERO, failed));
            }
        }
    }

    @Test
    void unusableAnswer_isRepeatedOnlyIfOthersGetItToo() {
        CallOutcome unusable = new CallOutcome.ProtocolError(200, "why");
        ConnectPolicy careful = new ConnectPolicy(ATTEMPTS, false, POLICY.backoff());

        for (Spread spread : new Spread[] {Spread.OTHERS_TOO, Spread.EVERYBODY}) {
            Situation situation = new Standing(1, Session.NONE, NOW.plusSeconds(60), spread);
            assertThat(decide(unusable, situation)).isInstanceOf(Decision.Repeat.class);
            assertThat(careful.decide(unusable, situation, NOW)).isEqualTo(fail(ErrorCategory.PROTOCOL_ERROR, 200));
        }
    }

    @ParameterizedTest
    @CsvSource({"PT0S, PT0.1S", "PT0.099S, PT0.1S", "PT0.1S, PT0.1S", "PT0.101S, PT0.101S", "PT60S, PT60S"})
    void pause_isTheLongerOfRetryAfterAndBackoff(Duration retryAfter, Duration pause) {
        assertThat(decide(new CallOutcome.Unavailable(503, DETAIL, retryAfter), after(1)))
                .isEqualTo(new Decision.Repeat(pause, new Failure(ErrorCategory.PROVIDER_UNAVAILABLE, 503, DETAIL)));
    }

    @Test
    void refusalOfThisEventAlone_endsItByItsAttempts() {
        Failure refused = new Failure(ErrorCategory.FORBIDDEN, 403, DETAIL);
        CallOutcome outcome = new CallOutcome.CredentialsRefused(refused);

        assertThat(ConnectPolicy.isAttempt(outcome, Spread.THIS_EVENT)).isTrue();
        assertThat(ConnectPolicy.isAttempt(outcome, Spread.EVERYBODY)).isFalse();
        assertThat(decide(outcome, after(1))).isEqualTo(new Decision.Repeat(Duration.ofMillis(100), refused));
        assertThat(decide(outcome, after(ATTEMPTS))).isEqualTo(new Decision.Fail(refused));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void whatNoEventIsToBlameFor_isRepeatedFirst(Situation situation) {
        Failure refused = new Failure(ErrorCategory.UNAUTHORIZED, 401, DETAIL);

        Standing standing = (Standing) situation;
        Situation everybodys =
                new Standing(standing.attempts(), standing.session(), standing.deadline(), Spread.EVERYBODY);
        assertThat(decide(new CallOutcome.CredentialsRefused(refused), everybodys))
                .isEqualTo(new Decision.RepeatFirst(refused));
        Failure usedUp = new Failure(ErrorCategory.QUOTA_EXHAUSTED, 429, DETAIL);
        assertThat(decide(new CallOutcome.QuotaExhausted(usedUp), everybodys))
                .isEqualTo(new Decision.RepeatFirst(usedUp));
        assertThat(ConnectPolicy.isAttempt(new CallOutcome.QuotaExhausted(usedUp), Spread.EVERYBODY))
                .isFalse();
        assertThat(decide(new CallOutcome.Busy(429, DETAIL, Duration.ofSeconds(30)), situation))
                .isEqualTo(new Decision.RepeatFirst(new Failure(ErrorCategory.PROVIDER_BUSY, 429, DETAIL)));
    }

    @Test
    void unknownOutcome_failsIfItIsNotToBeRepeated() {
        ConnectPolicy careful = new ConnectPolicy(ATTEMPTS, false, POLICY.backoff());

        assertThat(careful.decide(new CallOutcome.Unknown("why"), after(1), NOW))
                .isEqualTo(new Decision.Fail(Failure.of(ErrorCategory.OUTCOME_UNKNOWN, "why")));
        assertThat(careful.decide(new CallOutcome.NotSent("why", false), after(1), NOW))
                .isInstanceOf(Decision.Repeat.class);
    }

    @Test
    void attempts_areWhatTheEventIsToBlameFor() {
        for (Spread spread : Spread.values()) {
            boolean blamed = spread == Spread.THIS_EVENT;
            assertThat(ConnectPolicy.isAttempt(new CallOutcome.Unavailable(503, DETAIL, null), spread))
                    .isEqualTo(blamed);
            assertThat(ConnectPolicy.isAttempt(new CallOutcome.NotSent("why", false), spread))
                    .isEqualTo(blamed);
            assertThat(ConnectPolicy.isAttempt(new CallOutcome.Unknown("why"), spread))
                    .isEqualTo(blamed);
            assertThat(ConnectPolicy.isAttempt(new CallOutcome.ProtocolError(200, "why"), spread))
                    .isEqualTo(blamed);
            assertThat(ConnectPolicy.isAttempt(new CallOutcome.Busy(429, DETAIL, null), spread))
                    .isFalse();
            assertThat(ConnectPolicy.isAttempt(new CallOutcome.SessionGone(404, DETAIL), spread))
                    .isFalse();
        }
    }

    @Test
    void singleAttempt_isNeverRepeated() {
        ConnectPolicy once = new ConnectPolicy(1, true, POLICY.backoff());

        assertThat(once.decide(new CallOutcome.NotSent("why", false), after(1), NOW))
                .isInstanceOf(Decision.Fail.class);
    }

    /** However often the session and the provider fail, no event is called for endlessly. */
    @ParameterizedTest
    @EnumSource
    void callsOfOneEvent_areBounded(Session first) {
        Random random = new Random(11);
        for (int run = 0; run < 1_000; run++) {
            Session session = first;
            int attempts = 0;
            int calls = 0;
            Decision decision;
            do {
                calls++;
                attempts++;
                CallOutcome outcome = random.nextBoolean()
                        ? new CallOutcome.SessionGone(404, DETAIL)
                        : new CallOutcome.Unknown("why");
                decision = decide(outcome, new Standing(attempts, session, NOW.plusSeconds(60)));
                if (decision instanceof Decision.RepeatWithoutSession) {
                    session = Session.LEFT_OUT;
                    attempts--;
                }
            } while (!(decision instanceof Decision.Fail));

            assertThat(calls).isLessThanOrEqualTo(ATTEMPTS + 1);
        }
    }

    @Test
    void toString_showsNothingOfTheAnswer() throws Exception {
        ConnectAnswer answer = ConnectAnswer.of(SampleRecords.answer());

        assertThat(new Decision.Succeed(answer).toString()).doesNotContain(SampleRecords.PRIVATE);
    }

    /** Contract, section 4: whoever finds the key in use joins; nobody opens a second room while the first may be there. */
    private static Decision ofRoom(OneRoom room, CallOutcome outcome, Session session) {
        return decide(outcome, new Standing(1, session, NOW.plusSeconds(3600), Spread.THIS_EVENT, room));
    }

    private static OneRoom repeatedFor(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.RepeatForRoom.class);
        return ((Decision.RepeatForRoom) decision).room();
    }

    private static final CallOutcome CONFLICT = new CallOutcome.Conflict(409, DETAIL, null);
    private static final CallOutcome NOT_FOUND =
            new CallOutcome.Rejected(new Failure(ErrorCategory.CHARACTER_NOT_FOUND, 404, DETAIL));
    private static final CallOutcome SESSION_GONE = new CallOutcome.SessionGone(404, DETAIL);

    @Test
    void takenKey_isJoinedAtOnce() {
        Decision decision = ofRoom(new OneRoom("event", 1, false, 0), CONFLICT, Session.NONE);

        assertThat(decision)
                .isEqualTo(new Decision.RepeatForRoom(
                        new OneRoom("event", 1, true, 0),
                        Duration.ZERO,
                        new Failure(ErrorCategory.SESSION_CONFLICT, 409, DETAIL)));
    }

    @Test
    void roomThatCannotBeJoined_isCreatedAndJoinedInTurns_beforeItsKeyIsGivenUp() {
        OneRoom room = new OneRoom("event", 1, false, 0);
        List<String> asked = new ArrayList<>();
        Decision last = null;
        for (int call = 0; call < 100 && !(last instanceof Decision.Fail); call++) {
            asked.add((room.join() ? "join " : "create ") + room.key());
            last = ofRoom(room, room.join() ? NOT_FOUND : CONFLICT, Session.NONE);
            if (last instanceof Decision.RepeatForRoom repeat) {
                room = repeat.room();
            }
        }

        List<String> turns = Stream.of("event", "event-2", "event-3")
                .flatMap(key -> Stream.of("create ", "join ", "create ", "join ", "create ", "join ")
                        .map(mode -> mode + key))
                .toList();
        assertThat(asked).isEqualTo(turns);
        assertThat(last).isEqualTo(fail(ErrorCategory.CHARACTER_NOT_FOUND, 404));
    }

    @Test
    void pausesBetweenTurns_grow_andEndWithTheDeadline() {
        OneRoom joining = new OneRoom("event", 1, true, 1);
        Situation late = new Standing(1, Session.NONE, NOW.plusMillis(30), Spread.THIS_EVENT, joining);

        assertThat(((Decision.RepeatForRoom) ofRoom(joining, NOT_FOUND, Session.NONE)).pause())
                .isEqualTo(Duration.ofMillis(400));
        assertThat(((Decision.RepeatForRoom) decide(NOT_FOUND, late)).pause()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void sessionThatIsGone_isLeftOut_andTheRoomStillJoined() {
        OneRoom joining = new OneRoom("event", 1, true, 0);

        assertThat(ofRoom(joining, SESSION_GONE, Session.REMEMBERED)).isEqualTo(new Decision.RepeatWithoutSession());
        assertThat(repeatedFor(ofRoom(joining, SESSION_GONE, Session.LEFT_OUT)))
                .isEqualTo(new OneRoom("event", 1, false, 1));
    }

    @Test
    void rejectionOfTheCallThatCreates_isFinal() {
        assertThat(ofRoom(new OneRoom("event", 1, false, 0), NOT_FOUND, Session.NONE))
                .isEqualTo(fail(ErrorCategory.CHARACTER_NOT_FOUND, 404));
    }
}
