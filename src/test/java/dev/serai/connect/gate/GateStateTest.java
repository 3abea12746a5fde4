package dev.serai.connect.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.wire.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** When calls may begin, in a time that the test moves on. */
@Timeout(120)
class GateStateTest {
    private static final Duration COOL_DOWN = Duration.ofSeconds(4);
    private static final Duration CREDENTIALS_PROBE = Duration.ofSeconds(30);
    private static final Duration OUTAGE_PROBE = Duration.ofSeconds(2);
    private static final Duration MAX_OUTAGE_PROBE = Duration.ofSeconds(15);
    private static final int OUTAGE_CALLS = 10;

    private long now;
    private GateState gate = gate(16, 0, 1);

    private GateState gate(int maxConcurrent, double rate, int burst) {
        GateRules rules = new GateRules(
                maxConcurrent, rate, burst, COOL_DOWN, CREDENTIALS_PROBE, OUTAGE_CALLS, OUTAGE_PROBE, MAX_OUTAGE_PROBE);
        return new GateState(rules, () -> now, new Random(7));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Permit begin() {
        return ((GateState.Go) gate.admit(new Caller())).permit();
    }

    private GateState.Wait held() {
        return (GateState.Wait) gate.admit(new Caller());
    }

    private List<Permit> beginAll() {
        List<Permit> permits = new ArrayList<>();
        while (gate.admit(new Caller()) instanceof GateState.Go go) {
            permits.add(go.permit());
        }
        return permits;
    }

    private void call(CallOutcome outcome) {
        end(begin(), outcome);
    }

    private void end(List<Permit> permits, CallOutcome outcome) {
        permits.forEach(permit -> end(permit, outcome));
    }

    /** A call of an event of its own. */
    private void end(Permit permit, CallOutcome outcome) {
        gate.returned(permit, new Caller(), outcome);
    }

    private void fail(int calls) {
        for (int i = 0; i < calls; i++) {
            call(Outcomes.unavailable(503, null));
        }
    }

    @Test
    void limit_beginsAtHalf_andGrowsToTheWholeWhenItIsUsed() {
        assertThat(beginAll()).hasSize(8);
        gate = gate(16, 0, 1);
        for (int round = 0; round < 2; round++) {
            end(beginAll(), Outcomes.connected());
        }
        for (int calls = 0; calls < 100; calls++) {
            call(Outcomes.connected());
        }

        assertThat(gate.limit()).isBetween(8, 16);
        List<Permit> all = beginAll();
        for (int calls = 0; calls < 200; calls++) {
            end(all.removeFirst(), Outcomes.connected());
            all.addAll(beginAll());
        }
        assertThat(all).hasSize(16);
        assertThat(held().why()).isEqualTo(HoldReason.CONCURRENCY);
    }

    @Test
    void busy_coolsDown_thenOneCallFindsOut() {
        List<Permit> permits = beginAll();
        end(permits, Outcomes.busy(null));

        assertThat(gate.limit()).as("halved once for all of them").isEqualTo(4);
        assertThat(held()).matches(wait -> wait.why() == HoldReason.COOL_DOWN && wait.nanos() <= COOL_DOWN.toNanos());
        pass(COOL_DOWN);
        Permit probe = begin();
        assertThat(probe.probe()).isTrue();
        assertThat(held().why()).isEqualTo(HoldReason.COOL_DOWN);
        end(probe, Outcomes.busy(null));
        assertThat(gate.limit()).isEqualTo(2);
        pass(COOL_DOWN);
        call(Outcomes.connected());
        assertThat(beginAll()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"429, PT20S", "503, PT20S", "503, PT0S"})
    void retryAfter_isWaitedFor_byAll(int status, Duration retryAfter) {
        Permit other = begin();
        call(status == 429 ? Outcomes.busy(retryAfter) : Outcomes.unavailable(status, retryAfter));

        if (!retryAfter.isZero()) {
            pass(retryAfter.minusNanos(1));
            assertThat(held().why()).isEqualTo(HoldReason.COOL_DOWN);
        }
        end(other, Outcomes.connected());
        pass(retryAfter.dividedBy(10).plusNanos(1));
        assertThat(begin().probe()).isTrue();
        assertThat(held().why()).as("the other call's success is no proof").isEqualTo(HoldReason.COOL_DOWN);
    }

    @Test
    void busyWithoutAPause_isNotCalledAtOnce() {
        call(Outcomes.busy(Duration.ZERO));

        assertThat(held().nanos()).isGreaterThanOrEqualTo(COOL_DOWN.toNanos() / 10);
    }

    @ParameterizedTest
    @EnumSource(names = {"CREDENTIALS", "OUTAGE", "COOL_DOWN"})
    void probeThatDoubtsItsSession_isNotOver_beforeItsEventCallsAgain(HoldReason held) {
        switch (held) {
            case OUTAGE -> fail(OUTAGE_CALLS);
            case COOL_DOWN -> call(Outcomes.busy(null));
            default -> call(Outcomes.refused());
        }
        pass(CREDENTIALS_PROBE);
        Caller doubting = new Caller();
        doubting.ranks(Priority.BATCH);
        Permit probe = ((GateState.Go) gate.admit(doubting)).permit();
        gate.returned(probe, doubting, Outcomes.doubted());

        assertThat(held().why()).isEqualTo(held);
        assertThat(held().nanos()).isEqualTo(DoubtedProbe.LONGEST.toNanos());
        Permit again = ((GateState.Go) gate.admit(doubting)).permit();
        assertThat(again.probe()).isTrue();
        gate.returned(again, doubting, Outcomes.connected());
        call(Outcomes.connected());
    }

    @Test
    void eventWhoseProbeDoubtedItsSession_andThatDoesNotComeAgain_holdsUpNobodyForLong() {
        call(Outcomes.refused());
        pass(CREDENTIALS_PROBE);
        call(Outcomes.doubted());

        pass(DoubtedProbe.LONGEST.minusNanos(1));
        assertThat(held().nanos()).isOne();
        pass(Duration.ofNanos(1));
        call(Outcomes.connected());
        assertThat(gate.trouble()).isNull();
    }

    @Test
    void providerThatFails_isLeftAlone_andProbedMoreAndMoreSeldom() {
        fail(OUTAGE_CALLS);

        assertThat(gate.trouble()).isEqualTo(HoldReason.OUTAGE);
        assertThat(gate.trouble()).isEqualTo(HoldReason.OUTAGE);
        List<Long> pauses = new ArrayList<>();
        for (int probe = 0; probe < 6; probe++) {
            GateState.Wait wait = held();
            assertThat(wait.why()).isEqualTo(HoldReason.OUTAGE);
            pauses.add(wait.nanos());
            now += wait.nanos();
            Permit permit = begin();
            assertThat(held()).isEqualTo(new GateState.Wait(HoldReason.OUTAGE, Long.MAX_VALUE));
            end(permit, probe == 5 ? Outcomes.connected() : Outcomes.unknown());
        }
        assertThat(pauses.getFirst()).isLessThanOrEqualTo(OUTAGE_PROBE.toNanos());
        assertThat(pauses.get(3)).isGreaterThan(OUTAGE_PROBE.toNanos() * 4);
        assertThat(pauses).allMatch(pause -> pause <= MAX_OUTAGE_PROBE.toNanos());
        assertThat(gate.trouble()).isNotEqualTo(HoldReason.OUTAGE);
        List<Permit> afterwards = beginAll();
        assertThat(afterwards).as("not everybody at once").hasSize(2);
        for (int calls = 0; calls < 2; calls++) {
            end(afterwards.removeFirst(), Outcomes.connected());
            afterwards.addAll(beginAll());
        }
        assertThat(gate.limit()).isEqualTo(4);
    }

    @Test
    void answersThatAreNotTheProvidersFault_areNoOutage() {
        for (int i = 0; i < 5 * OUTAGE_CALLS; i++) {
            call(Outcomes.conflict(null));
            call(Outcomes.doubted());
            pass(Duration.ofSeconds(1));
        }

        assertThat(gate.trouble()).isNotEqualTo(HoldReason.OUTAGE);
        assertThat(gate.hold()).isNull();
    }

    /** It is between two events that want one room (contract, section 4), and tenants' other callers have no part in it. */
    @Test
    void conflictWithAPause_holdsNobodyElse() {
        call(Outcomes.conflict(Duration.ofMinutes(5)));

        assertThat(gate.hold()).isNull();
        assertThat(beginAll()).hasSizeGreaterThan(1);
    }

    @Test
    void pastOfGoodAnswers_hidesNothing() {
        for (int i = 0; i < 1_000; i++) {
            call(Outcomes.connected());
        }
        fail(OUTAGE_CALLS - 1);
        assertThat(gate.trouble()).isNotEqualTo(HoldReason.OUTAGE);

        fail(1);

        assertThat(gate.trouble()).isEqualTo(HoldReason.OUTAGE);
    }

    @Test
    void anyAnswer_breaksTheRow() {
        for (int i = 0; i < 50; i++) {
            fail(OUTAGE_CALLS - 1);
            call(i % 2 == 0 ? Outcomes.rejected() : Outcomes.connected());
            pass(Duration.ofMillis(100));
        }

        assertThat(gate.trouble()).isNotEqualTo(HoldReason.OUTAGE);
    }

    @Test
    void oneEvent_isOneFailure_howeverOftenItFails() {
        Caller alone = new Caller();
        for (int i = 0; i < 5 * OUTAGE_CALLS; i++) {
            assertThat(gate.returned(begin(), alone, Outcomes.unavailable(500, null)))
                    .isEqualTo(Spread.THIS_EVENT);
            pass(Duration.ofSeconds(1));
        }

        assertThat(gate.trouble()).isNotEqualTo(HoldReason.OUTAGE);
    }

    @Test
    void secondEventThatFails_isAnOutage_onceNothingElseCameForAShortWhile() {
        call(Outcomes.connected());
        Caller first = new Caller();
        gate.returned(begin(), first, Outcomes.unknown());
        pass(Breaker.SHORT_WHILE.minusNanos(1));
        Caller second = new Caller();
        assertThat(gate.returned(begin(), second, Outcomes.unknown())).isEqualTo(Spread.OTHERS_TOO);
        assertThat(gate.trouble()).isNotEqualTo(HoldReason.OUTAGE);
        pass(Duration.ofNanos(1));

        assertThat(gate.returned(begin(), first, Outcomes.unknown())).isEqualTo(Spread.EVERYBODY);

        assertThat(gate.trouble()).isEqualTo(HoldReason.OUTAGE);
    }

    /** The time that they hang is time of nothing but failures. */
    @Test
    void callsThatHang_areAnOutage_whenTheSecondOneIsGivenUp() {
        List<Permit> hanging = beginAll();
        pass(Duration.ofSeconds(10));

        end(hanging.get(0), Outcomes.unknown());
        assertThat(gate.trouble()).isNotEqualTo(HoldReason.OUTAGE);
        end(hanging.get(1), Outcomes.unknown());

        assertThat(gate.trouble()).isEqualTo(HoldReason.OUTAGE);
    }

    @Test
    void callThatHangsWhileOthersAreAnswered_isItsEventsOwn() {
        Permit hanging = begin();
        pass(Duration.ofSeconds(9));
        call(Outcomes.connected());
        call(Outcomes.unavailable(500, null));
        pass(Duration.ofSeconds(1));

        assertThat(gate.returned(hanging, new Caller(), Outcomes.unknown())).isEqualTo(Spread.THIS_EVENT);

        assertThat(gate.trouble()).isNotEqualTo(HoldReason.OUTAGE);
    }

    @Test
    void callThatWasNeverSent_saysNothingOfItsEvent() {
        Caller alone = new Caller();
        assertThat(gate.returned(begin(), alone, Outcomes.notSent())).isEqualTo(Spread.OTHERS_TOO);
        pass(Breaker.SHORT_WHILE);

        assertThat(gate.returned(begin(), alone, Outcomes.notSent())).isEqualTo(Spread.EVERYBODY);

        assertThat(gate.trouble()).isEqualTo(HoldReason.OUTAGE);
    }

    /** As a gateway that finds this request too large: one event alone is no outage, however often it is tried. */
    @Test
    void callThatWasAnsweredBeforeItsEnd_isItsEventsOwn() {
        Caller alone = new Caller();
        for (int tries = 0; tries < 3; tries++) {
            assertThat(gate.returned(begin(), alone, Outcomes.answeredEarly())).isEqualTo(Spread.THIS_EVENT);
            pass(Breaker.SHORT_WHILE);
        }

        assertThat(gate.trouble()).isNull();
    }

    @Test
    void eventIsToBlame_ifOthersAreAnsweredThatBeganAfterItFailed() {
        Permit before = begin();
        Caller blamed = new Caller();
        fail(1);
        assertThat(gate.returned(begin(), blamed, Outcomes.unavailable(503, null)))
                .isEqualTo(Spread.OTHERS_TOO);
        end(before, Outcomes.connected());
        fail(1);
        assertThat(gate.returned(begin(), blamed, Outcomes.unavailable(503, null)))
                .as("the good answer was to an earlier call")
                .isEqualTo(Spread.OTHERS_TOO);
        call(Outcomes.rejected());
        fail(1);

        assertThat(gate.returned(begin(), blamed, Outcomes.unavailable(503, null)))
                .isEqualTo(Spread.THIS_EVENT);
    }

    /** Only a probe can tell whether an outage is over: what began before may have been answered before. */
    @Test
    void callsFromBeforeAnOutage_neitherEndItNorMakeItLonger() {
        Permit good = begin();
        Permit bad = begin();
        fail(OUTAGE_CALLS);

        assertThat(gate.returned(bad, new Caller(), Outcomes.unknown())).isEqualTo(Spread.EVERYBODY);
        end(good, Outcomes.connected());

        GateState.Wait wait = held();
        assertThat(wait.why()).isEqualTo(HoldReason.OUTAGE);
        assertThat(wait.nanos()).isLessThanOrEqualTo(OUTAGE_PROBE.toNanos());
        now += wait.nanos();
        assertThat(gate.failedProbes()).isZero();
        Permit probe = begin();
        end(probe, Outcomes.unknown());
        assertThat(gate.failedProbes()).isEqualTo(1);
    }

    @Test
    void refusedCredentials_closeTheGate_butForAProbe() {
        assertClosedButForAProbe(Outcomes.refused(), HoldReason.CREDENTIALS);

        pass(CREDENTIALS_PROBE);
        call(Outcomes.rejected());
        assertThat(gate.hold()).isNull();
        assertThat(beginAll()).hasSizeGreaterThan(1);
    }

    /** Issue 15: nobody is answered until somebody buys more, or the month is over. */
    @Test
    void planThatIsUsedUp_closesTheGate_asRefusedCredentialsDo() {
        assertClosedButForAProbe(Outcomes.exhausted(), HoldReason.QUOTA);

        gate.credentialsChanged();
        call(Outcomes.connected());
        assertThat(gate.hold()).isNull();
    }

    private void assertClosedButForAProbe(CallOutcome outcome, HoldReason why) {
        end(beginAll(), outcome);

        assertThat(gate.hold()).isEqualTo(why);
        assertThat(gate.trouble()).isEqualTo(why);
        assertThat(gate.byProvider()).isEqualTo(why);
        assertThat(held().nanos()).isLessThanOrEqualTo(CREDENTIALS_PROBE.toNanos());
        pass(CREDENTIALS_PROBE);
        Permit probe = begin();
        assertThat(held()).isEqualTo(new GateState.Wait(why, Long.MAX_VALUE));
        assertThat(gate.failedProbes()).isZero();
        end(probe, outcome);
        assertThat(gate.failedProbes()).as("calls in vain").isEqualTo(1);
        assertThat(held().why()).isEqualTo(why);
    }

    /** What is in doubt is asked at once, by the same event: it neither opens the gate nor closes it. */
    @Test
    void doubtedSession_leavesTheGateAsItIs() {
        call(Outcomes.doubted());
        assertThat(gate.hold()).isNull();

        call(Outcomes.refused());
        pass(CREDENTIALS_PROBE);
        Caller doubting = new Caller();
        gate.returned(begin(), doubting, Outcomes.doubted());
        assertThat(gate.hold()).isEqualTo(HoldReason.CREDENTIALS);
        Permit withoutSession = ((GateState.Go) gate.admit(doubting)).permit();
        gate.returned(withoutSession, doubting, Outcomes.refused());
        assertThat(held().why()).isEqualTo(HoldReason.CREDENTIALS);
    }

    @Test
    void refusedCredentials_holdUntilACallProvesThemGood_howeverLongNobodyCalls() {
        call(Outcomes.refused());

        pass(CREDENTIALS_PROBE.multipliedBy(100));

        assertThat(gate.hold()).isEqualTo(HoldReason.CREDENTIALS);
        call(Outcomes.connected());
        assertThat(gate.hold()).isNull();
    }

    @Test
    void newCredentials_areTriedAtOnce() {
        Permit old = begin();
        call(Outcomes.refused());

        gate.credentialsChanged();

        call(Outcomes.connected());
        end(old, Outcomes.refused());
        assertThat(gate.hold()).as("that was the old key").isNull();
    }

    @Test
    void probeThatCameToNoCall_isRepeatedAtOnce() {
        call(Outcomes.refused());
        pass(CREDENTIALS_PROBE);

        gate.unused(begin());

        assertThat(begin().probe()).isTrue();
    }

    @Test
    void rate_isABucketOfTokens() {
        gate = gate(100, 10, 3);

        assertThat(beginAll()).hasSize(3);
        GateState.Wait wait = held();
        assertThat(wait.why()).isEqualTo(HoldReason.RATE);
        assertThat(wait.nanos()).isBetween(1L, Duration.ofMillis(100).toNanos());
        now += wait.nanos();
        assertThat(beginAll()).hasSize(1);
        pass(Duration.ofSeconds(10));
        assertThat(beginAll()).hasSize(3);
    }

    @Test
    void turnThatCameToNoCall_givesItsTokenBack_andNoMoreThanTheBurst() {
        gate = gate(100, 1, 3);

        List<Permit> permits = beginAll();
        assertThat(permits).hasSize(3);
        permits.forEach(gate::unused);
        List<Permit> again = beginAll();
        assertThat(again).as("the tokens of calls that were not made").hasSize(3);
        pass(Duration.ofSeconds(2));
        again.forEach(gate::unused);
        assertThat(beginAll()).as("never above the burst").hasSize(3);
    }

    /** A turn that no call was made in leaves nothing behind: neither room, nor a probe, nor the breaker's permission. */
    @Test
    void turnThatCameToNoCall_leavesNothingBehind() {
        fail(OUTAGE_CALLS);
        now += held().nanos();
        for (int tries = 0; tries < 10; tries++) {
            gate.unused(begin());
            assertThat(gate.underWay()).isZero();
        }
        call(Outcomes.connected());

        assertThat(gate.trouble()).isNotEqualTo(HoldReason.OUTAGE);
    }

    @ParameterizedTest
    @CsvSource({"8, 8, 10", "4, 8, 5", "3, 8, 4", "1, 8, 2", "1, 100, 1", "0, 8, 1"})
    void share_isRoundedUp(int partitions, int of, int calls) {
        gate = gate(10, 0, 1);
        gate.share(new Share(partitions, of));

        List<Permit> permits = beginAll();
        for (int i = 0; i < 1_000; i++) {
            end(permits.removeFirst(), Outcomes.connected());
            permits.addAll(beginAll());
        }

        assertThat(permits).hasSize(calls);
    }

    @Test
    void rate_isSharedToo() {
        gate = gate(100, 10, 4);
        gate.share(new Share(1, 4));

        int begun = beginAll().size();
        for (int second = 0; second < 60; second++) {
            for (int tenth = 0; tenth < 10; tenth++) {
                pass(Duration.ofMillis(100));
                List<Permit> permits = beginAll();
                begun += permits.size();
                end(permits, Outcomes.connected());
            }
        }

        assertThat(begun).isBetween(149, 156);
    }

    @Test
    void smallerShare_isKeptOnlyWhenCallsHaveEnded() {
        List<Permit> permits = beginAll();
        gate.share(new Share(1, 16));

        assertThat(gate.isWithinShare()).isFalse();
        assertThat(held().why()).isEqualTo(HoldReason.CONCURRENCY);
        end(permits.subList(0, permits.size() - 1), Outcomes.connected());
        assertThat(gate.isWithinShare()).isTrue();
    }

    /** Whatever calls come to, in whatever order: turns are never lost, and there is always a way on. */
    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8"})
    void gate_alwaysOpensAgain(long seed) {
        Random random = new Random(seed);
        List<Permit> permits = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            pass(Duration.ofMillis(random.nextInt(500)));
            if (random.nextBoolean() && gate.admit(new Caller()) instanceof GateState.Go go) {
                permits.add(go.permit());
            } else if (!permits.isEmpty()) {
                Permit permit = permits.remove(random.nextInt(permits.size()));
                CallOutcome outcome = outcome(random);
                if (outcome == null) {
                    gate.unused(permit);
                } else {
                    end(permit, outcome);
                }
            }
            if (random.nextInt(100) == 0) {
                gate.share(new Share(random.nextInt(9), 8));
            }
        }
        end(permits, Outcomes.connected());

        assertThat(gate.underWay()).isZero();
        int connected = 0;
        for (int tries = 0; tries < 100; tries++) {
            switch (gate.admit(new Caller())) {
                case GateState.Go go -> {
                    end(go.permit(), Outcomes.connected());
                    connected++;
                }
                case GateState.Wait wait -> now += wait.nanos();
            }
        }
        assertThat(connected).isGreaterThan(90);
    }

    private static @Nullable CallOutcome outcome(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Outcomes.busy(null);
            case 1 -> Outcomes.busy(Duration.ofSeconds(random.nextInt(30)));
            case 2 -> Outcomes.unavailable(503, Duration.ofSeconds(random.nextInt(5)));
            case 3 -> Outcomes.unknown();
            case 4 -> Outcomes.refused();
            case 5 -> Outcomes.rejected();
            case 6 -> null;
            default -> Outcomes.connected();
        };
    }

    /** Issue 15, slots. */
    @ParameterizedTest
    @CsvSource({"PT0S", "PT20S"})
    void freedSlot_letsOneCallFindOut_withoutTheRestOfTheCoolDown(Duration retryAfter) {
        call(Outcomes.busy(retryAfter.isZero() ? null : retryAfter));
        assertThat(held().why()).isEqualTo(HoldReason.COOL_DOWN);

        gate.slotFreed();

        Permit probe = begin();
        assertThat(probe.probe()).isTrue();
        assertThat(held().why()).as("one at a time").isEqualTo(HoldReason.COOL_DOWN);
        end(probe, Outcomes.connected());
        assertThat(gate.admit(new Caller())).isInstanceOf(GateState.Go.class);
    }

    @Test
    void freedSlotThatIsTakenAlready_hasTheCoolDownBeginAnew() {
        call(Outcomes.busy(null));
        pass(COOL_DOWN.dividedBy(2));
        gate.slotFreed();

        call(Outcomes.busy(null));

        assertThat(held()).matches(wait -> wait.nanos() > COOL_DOWN.dividedBy(2).toNanos());
        pass(COOL_DOWN);
        assertThat(begin().probe()).isTrue();
    }

    @Test
    void slotFreedWhileACallFindsOut_isTriedForAtOnce_ifThatCallIsRefused() {
        call(Outcomes.busy(null));
        pass(COOL_DOWN);
        Permit probe = begin();
        gate.slotFreed();

        end(probe, Outcomes.busy(null));

        Permit next = begin();
        assertThat(next.probe()).isTrue();
        end(next, Outcomes.busy(null));
        assertThat(held().why()).as("once for each slot").isEqualTo(HoldReason.COOL_DOWN);
    }

    @Test
    void slotFreedWhileCallsFillThePlan_isTriedForAtOnce() {
        Permit first = begin();
        gate.slotFreed();

        end(first, Outcomes.busy(null));

        assertThat(begin().probe()).isTrue();
    }

    @Test
    void freedSlot_changesNothing_ofWhatIsNotAboutSlots() {
        call(Outcomes.unavailable(503, Duration.ofSeconds(20)));
        gate.slotFreed();
        assertThat(held().why()).isEqualTo(HoldReason.COOL_DOWN);

        gate = gate(16, 0, 1);
        call(Outcomes.refused());
        gate.slotFreed();
        assertThat(held().why()).isEqualTo(HoldReason.CREDENTIALS);

        gate = gate(16, 0, 1);
        fail(OUTAGE_CALLS);
        gate.slotFreed();
        assertThat(held().why()).isEqualTo(HoldReason.OUTAGE);
    }

    /** Issue 15, slots: two callers hang up within one call of the next. */
    @Test
    void slotThatIsFreedWhileACallFindsOut_isTriedAtOnce_byOneMore() {
        call(Outcomes.busy(null));
        gate.slotFreed();
        Permit first = begin();
        assertThat(held().why()).isEqualTo(HoldReason.COOL_DOWN);

        gate.slotFreed();
        Permit second = begin();

        assertThat(held().why()).isEqualTo(HoldReason.COOL_DOWN);
        end(first, Outcomes.busy(null));
        assertThat(held().why()).isEqualTo(HoldReason.COOL_DOWN);
        end(second, Outcomes.connected());
        pass(COOL_DOWN);
        begin();
    }
}
