package dev.serai.connect.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.answer.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 15, slots: {@code serai.connect.max-sessions}. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PlanSlotsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Instant DEADLINE = Instant.parse("2026-01-31T10:00:00Z");
    private static final GateRules RULES = new GateRules(100, 0, 1, LONG, LONG, 10, LONG, LONG);

    /** Sessions that are known to be open. */
    private final AtomicLong open = new AtomicLong();

    private long now;
    private final GateState state = new GateState(RULES, () -> now, new Random(7));

    private Permit begin() {
        return ((GateState.Go) state.admit(new Caller())).permit();
    }

    private GateState.Wait held() {
        return (GateState.Wait) state.admit(new Caller());
    }

    @Test
    void calls_waitWhileAsManySlotsAreTaken_byOpenSessions_rooms_andCalls() {
        state.boundSessions(new SessionRules(3, IDLE), open::get);
        open.set(1);
        Permit room = begin();
        state.returned(room, new Caller(), Outcomes.connected());
        Permit call = begin();

        assertThat(held()).isEqualTo(new GateState.Wait(HoldReason.SESSIONS, IDLE.toNanos()));
        assertThat(state.hold()).isEqualTo(HoldReason.SESSIONS);
        assertThat(state.sessions()).isEqualTo(new GateStatus.Sessions(3, 3));

        state.returned(call, new Caller(), Outcomes.unavailable(500, null));
        state.unused(begin());
        Permit next = begin();
        assertThat(held().why()).isEqualTo(HoldReason.SESSIONS);
        // Its reply is committed: it is one of those that are open.
        open.set(2);
        state.roomSettled(room);
        state.roomSettled(room);
        assertThat(state.sessions()).isEqualTo(new GateStatus.Sessions(3, 3));
        state.unused(next);
        open.set(0);
        assertThat(state.sessions()).isEqualTo(new GateStatus.Sessions(0, 3));
    }

    @Test
    void room_thatNobodySettles_countsForAsLongAsASessionMayIdle() {
        state.boundSessions(new SessionRules(1, IDLE), open::get);
        state.returned(begin(), new Caller(), Outcomes.connected());

        now = IDLE.toNanos() - 1;
        assertThat(held()).isEqualTo(new GateState.Wait(HoldReason.SESSIONS, 1));
        now = IDLE.toNanos();
        begin();
        assertThat(held()).isEqualTo(new GateState.Wait(HoldReason.SESSIONS, Long.MAX_VALUE));
    }

    @Test
    void answer_thatCannotBeUsed_takesASlot_ifItNamesItsSession() {
        state.boundSessions(new SessionRules(1, IDLE), open::get);

        state.returned(begin(), new Caller(), new CallOutcome.ProtocolError(200, "no token"));
        Permit unusable = begin();
        state.returned(
                unusable, new Caller(), new CallOutcome.ProtocolError(200, "no token", List.of(new SessionId("s"))));

        assertThat(held().why()).isEqualTo(HoldReason.SESSIONS);
        state.roomSettled(unusable);
        begin();
    }

    @Test
    void replica_takesItsShare_atLeastOne() {
        state.share(new Share(2, 6));
        state.boundSessions(new SessionRules(9, IDLE), open::get);
        assertThat(state.sessions()).isEqualTo(new GateStatus.Sessions(0, 3));

        state.share(new Share(0, 6));
        assertThat(state.sessions()).isEqualTo(new GateStatus.Sessions(0, 1));
        state.share(Share.WHOLE);
        assertThat(state.sessions()).isEqualTo(new GateStatus.Sessions(0, 9));
    }

    /** What a plan of this size refuses is about sessions that are not known, and waited for as ever. */
    @Test
    void busyAnswer_coolsDown_asWithoutABound() {
        state.boundSessions(new SessionRules(3, IDLE), open::get);
        state.returned(begin(), new Caller(), Outcomes.busy(null));

        assertThat(held().why()).isEqualTo(HoldReason.COOL_DOWN);
        open.set(3);
        assertThat(held().why()).as("what the provider said comes first").isEqualTo(HoldReason.COOL_DOWN);
    }

    private Gate bounded(int most, Duration idle) {
        Gate gate = new Gate("tested", RULES, System::nanoTime, new Random(3));
        gate.boundSessions(new SessionRules(most, idle), open::get);
        return gate;
    }

    private static Optional<Permit> enter(Gate gate, Duration patience) throws InterruptedException {
        return gate.enter(gate.newTicket(DEADLINE, 0), new Caller(), patience);
    }

    @Test
    void whoWaits_isWokenAtOnce_byWhateverFreesASlot() throws Exception {
        Gate gate = bounded(1, IDLE);
        open.set(1);
        assertThat(enter(gate, Duration.ofMillis(1))).isEmpty();

        Permit afterAnEnd = whileWaiting(gate, () -> {
            open.set(0);
            gate.sessionsChanged();
        });
        Permit afterAFailure = whileWaiting(gate, () -> gate.leave(afterAnEnd, new Caller(), Outcomes.rejected()));
        gate.leave(afterAFailure, new Caller(), Outcomes.connected());
        Permit afterAClosedRoom = whileWaiting(gate, () -> new RoomSlot(gate, afterAFailure).settle());
        Permit afterARebalance = whileWaiting(gate, () -> gate.leaveUnused(afterAClosedRoom));

        assertThat(gate.status().sessions()).isEqualTo(new GateStatus.Sessions(1, 1));
        gate.leaveUnused(afterARebalance);
    }

    /** The turn of somebody who waited when it was done. */
    private static Permit whileWaiting(Gate gate, Runnable done) throws InterruptedException {
        ConcurrentLinkedQueue<Permit> permits = new ConcurrentLinkedQueue<>();
        Thread waiter = Thread.ofVirtual().start(() -> {
            try {
                enter(gate, LONG).ifPresent(permits::add);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Awaitility.await()
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> gate.status().waiting() == 1);
        assertThat(gate.status().hold()).isEqualTo(HoldReason.SESSIONS);
        done.run();
        waiter.join();
        return permits.remove();
    }

    @Test
    void whoWaits_isWokenWhenARoomIsOver_thatNobodySettles() throws Exception {
        Gate gate = bounded(1, Duration.ofMillis(200));
        gate.leave(enter(gate, LONG).orElseThrow(), new Caller(), Outcomes.connected());

        assertThat(enter(gate, LONG)).isPresent();
    }

    /** Rooms are opened, committed and ended by many threads: the bound holds, and nobody is forgotten. */
    @RepeatedTest(5)
    void manyThreads_keepTheBound_andNoWakeUpIsLost() throws Exception {
        int most = 3;
        Gate gate = bounded(most, IDLE);
        AtomicInteger atProvider = new AtomicInteger();
        AtomicInteger highest = new AtomicInteger();
        AtomicInteger late = new AtomicInteger();
        int threads = 50;
        CountDownLatch ended = new CountDownLatch(threads);
        for (int thread = 0; thread < threads; thread++) {
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 20; i++) {
                        Optional<Permit> entered = enter(gate, LONG);
                        if (entered.isEmpty()) {
                            late.incrementAndGet();
                            continue;
                        }
                        highest.accumulateAndGet(atProvider.incrementAndGet(), Math::max);
                        Permit permit = entered.get();
                        gate.leave(permit, new Caller(), Outcomes.connected());
                        open.incrementAndGet();
                        new RoomSlot(gate, permit).settle();
                        atProvider.decrementAndGet();
                        open.decrementAndGet();
                        gate.sessionsChanged();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    ended.countDown();
                }
            });
        }

        assertThat(ended.await(50, TimeUnit.SECONDS)).isTrue();
        assertThat(late).hasValue(0);
        assertThat(highest.get()).isBetween(1, most);
        assertThat(gate.status().sessions()).isEqualTo(new GateStatus.Sessions(0, most));
    }
}
