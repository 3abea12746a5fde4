package dev.serai.connect.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.wire.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 17, live callers before batches: who is next, and what batch events leave free. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LiveBeforeBatchTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Instant DEADLINE = Instant.parse("2026-01-31T10:00:00Z");

    private final Condition nobody = new ReentrantLock().newCondition();
    private final AtomicLong open = new AtomicLong();
    private long number;
    private long now;

    private static GateRules rules(int maxConcurrent, double rate, int burst) {
        return new GateRules(maxConcurrent, rate, burst, LONG, LONG, 10, LONG, LONG);
    }

    private GateState state(GateRules rules) {
        return new GateState(rules, () -> now, new Random(7));
    }

    private static Permit begin(GateState state, Priority priority) {
        return ((GateState.Go) state.admit(caller(priority))).permit();
    }

    private static GateState.Wait held(GateState state, Priority priority) {
        return (GateState.Wait) state.admit(caller(priority));
    }

    private static int beginAll(GateState state, Priority priority) {
        int begun = 0;
        while (state.admit(caller(priority)) instanceof GateState.Go) {
            begun++;
        }
        return begun;
    }

    private Ticket ticket(Instant deadline, int failures) {
        return new Ticket(deadline, failures, ++number);
    }

    private List<Ticket> turns(Line line, boolean outage) {
        List<Ticket> turns = new ArrayList<>();
        while (line.size() > 0) {
            Ticket next = Objects.requireNonNull(line.next(outage));
            turns.add(next);
            line.turnTaken();
            line.leave(next);
        }
        return turns;
    }

    /** Also every eighth turn, which is for who has waited longest. */
    @Test
    void batchEvent_hasNoTurnWhileALiveOneWaits_whateverTheirDeadlines() {
        Line line = new Line();
        List<Ticket> batch = new ArrayList<>();
        List<Ticket> live = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            batch.add(ticket(DEADLINE.plusSeconds(i), 0));
        }
        for (int i = 0; i < 20; i++) {
            live.add(ticket(DEADLINE.plusSeconds(3_600 + i), 0));
        }
        batch.forEach(ticket -> line.join(ticket, nobody, Priority.BATCH));
        live.forEach(ticket -> line.join(ticket, nobody, Priority.LIVE));
        assertThat(line.size()).isEqualTo(30);
        assertThat(line.batch()).isEqualTo(10);

        List<Ticket> turns = turns(line, false);

        assertThat(turns.subList(0, 20)).containsExactlyInAnyOrderElementsOf(live);
        assertThat(turns.subList(20, 30)).containsExactlyElementsOf(batch);
        assertThat(line.next(false)).isNull();
    }

    /** Of batch events as of live ones; the turns of the others are not among the eight. */
    @Test
    void everyEighthTurn_isForWhoHasWaitedLongest_amongBatchEvents() {
        Line line = new Line();
        List<Ticket> batch = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Ticket ticket = ticket(DEADLINE.minusSeconds(i), 0);
            batch.add(ticket);
            line.join(ticket, nobody, Priority.BATCH);
        }
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            Ticket caller = ticket(DEADLINE, 0);
            line.join(caller, nobody, Priority.LIVE);
            assertThat(line.next(false)).isEqualTo(caller);
            line.turnTaken();
            line.leave(caller);
            Ticket next = Objects.requireNonNull(line.next(false));
            turns.add(batch.indexOf(next));
            line.turnTaken();
            line.leave(next);
        }

        assertThat(turns).containsExactly(9, 8, 7, 6, 5, 4, 3, 0, 2);
    }

    @Test
    void inAnOutage_liveEventsFindOutFirst_andALonelyBatchEventDoesToo() {
        Line line = new Line();
        Ticket failedLive = ticket(DEADLINE, 3);
        Ticket freshBatch = ticket(DEADLINE.minusSeconds(60), 0);
        Ticket failedBatch = ticket(DEADLINE.minusSeconds(90), 1);
        line.join(failedBatch, nobody, Priority.BATCH);
        line.join(freshBatch, nobody, Priority.BATCH);
        line.join(failedLive, nobody, Priority.LIVE);

        assertThat(turns(line, true)).containsExactly(failedLive, freshBatch, failedBatch);

        GateState state = state(rules(8, 0, 1));
        for (int i = 0; i < 10; i++) {
            state.returned(begin(state, Priority.LIVE), new Caller(), Outcomes.unavailable(503, null));
        }
        assertThat(state.trouble()).isEqualTo(HoldReason.OUTAGE);
        now = LONG.toNanos();
        Permit probe = begin(state, Priority.BATCH);
        assertThat(probe.inOutage()).isTrue();
        state.returned(probe, new Caller(), Outcomes.connected());
        assertThat(state.trouble()).isNotEqualTo(HoldReason.OUTAGE);
    }

    @Test
    void batchEvents_takeNoSlot_whenFewerThanTheReserveWouldBeLeft() {
        GateState state = state(rules(100, 0, 1));
        state.boundSessions(new SessionRules(5, IDLE, 2), open::get);
        open.set(1);

        assertThat(beginAll(state, Priority.BATCH)).isEqualTo(2);
        assertThat(held(state, Priority.BATCH)).isEqualTo(new GateState.Wait(HoldReason.RESERVE, Long.MAX_VALUE));
        assertThat(state.isReserved()).isTrue();
        assertThat(state.hold()).as("for live callers").isNull();
        assertThat(beginAll(state, Priority.LIVE)).isEqualTo(2);
        assertThat(held(state, Priority.BATCH).why())
                .as("nothing is free at all")
                .isEqualTo(HoldReason.SESSIONS);
        assertThat(state.isReserved()).isFalse();
    }

    @Test
    void reserve_isSharedAmongReplicas_andLeavesEachOneSlotForBatchEvents() {
        GateState state = state(rules(100, 0, 1));
        state.boundSessions(new SessionRules(12, IDLE, 4), open::get);
        state.share(new Share(1, 4));
        assertThat(beginAll(state, Priority.BATCH)).as("of 3 slots, 1 reserved").isEqualTo(2);

        GateState small = state(rules(100, 0, 1));
        small.boundSessions(new SessionRules(3, IDLE, 2), open::get);
        small.share(new Share(1, 4));
        assertThat(beginAll(small, Priority.BATCH)).as("of 1 slot, rounded up").isEqualTo(1);
    }

    /** Without max-sessions only a 429 tells how large the plan is. */
    @Test
    void planThatWasFoundFull_isReservedFrom_untilThatIsLongAgo() {
        GateState state = state(rules(100, 0, 1));
        state.boundSessions(new SessionRules(null, IDLE, 2), open::get);
        open.set(6);
        assertThat(state.sessions()).isNull();

        state.returned(begin(state, Priority.BATCH), new Caller(), Outcomes.busy(Duration.ofSeconds(1)));
        now = Duration.ofSeconds(5).toNanos();
        open.set(4);
        GateState.Wait held = held(state, Priority.BATCH);
        assertThat(held.why()).isEqualTo(HoldReason.RESERVE);
        assertThat(held.nanos()).isEqualTo(IDLE.toNanos() - now);
        open.set(3);
        state.returned(begin(state, Priority.BATCH), new Caller(), Outcomes.rejected());
        // A live caller's room shows that there are seven.
        open.set(6);
        state.returned(begin(state, Priority.LIVE), new Caller(), Outcomes.connected());
        open.set(4);
        assertThat(held(state, Priority.BATCH).why()).as("4 and a room").isEqualTo(HoldReason.RESERVE);
        open.set(3);
        state.unused(begin(state, Priority.BATCH));
        open.set(100);
        now = IDLE.toNanos();
        state.unused(begin(state, Priority.BATCH));
    }

    @Test
    void planThatOthersHadFilled_doesNotKeepBatchEventsAwayForEver() {
        GateState state = state(rules(100, 0, 1));
        state.boundSessions(new SessionRules(null, IDLE, 5), open::get);

        state.returned(begin(state, Priority.BATCH), new Caller(), Outcomes.busy(Duration.ofSeconds(1)));
        now = Duration.ofSeconds(5).toNanos();

        begin(state, Priority.BATCH);
        assertThat(held(state, Priority.BATCH).why()).isEqualTo(HoldReason.COOL_DOWN);
    }

    @Test
    void batchCalls_leaveOneCallForALiveCaller_ifMoreThanOneMayBeMade() {
        GateState state = state(rules(8, 0, 1));
        assertThat(state.limit()).isEqualTo(4);

        assertThat(beginAll(state, Priority.BATCH)).isEqualTo(3);
        assertThat(held(state, Priority.BATCH)).isEqualTo(new GateState.Wait(HoldReason.RESERVE, Long.MAX_VALUE));
        begin(state, Priority.LIVE);
        assertThat(held(state, Priority.LIVE).why()).isEqualTo(HoldReason.CONCURRENCY);

        assertThat(beginAll(state(rules(1, 0, 1)), Priority.BATCH)).isEqualTo(1);
    }

    /** The limit grows with what batch events use of it, though they never use all of it. */
    @Test
    void batchAlone_findsTheWholeLimit() {
        GateState state = state(rules(8, 0, 1));
        for (int round = 0; round < 20; round++) {
            List<Permit> turns = new ArrayList<>();
            while (state.admit(caller(Priority.BATCH)) instanceof GateState.Go go) {
                turns.add(go.permit());
            }
            turns.forEach(permit -> state.returned(permit, new Caller(), Outcomes.connected()));
        }

        assertThat(state.limit()).isEqualTo(8);
        assertThat(beginAll(state, Priority.BATCH)).isEqualTo(7);
    }

    @Test
    void batchEvents_leaveTheLastCallOfABurst_andARateOfOneIsTheLiveCallersFirst() {
        GateState state = state(rules(100, 1, 3));
        assertThat(beginAll(state, Priority.BATCH)).isEqualTo(2);
        assertThat(held(state, Priority.BATCH))
                .isEqualTo(new GateState.Wait(HoldReason.RESERVE, TimeUnit.SECONDS.toNanos(1)));
        begin(state, Priority.LIVE);
        assertThat(held(state, Priority.LIVE))
                .isEqualTo(new GateState.Wait(HoldReason.RATE, TimeUnit.SECONDS.toNanos(1)));
        now = TimeUnit.SECONDS.toNanos(1);
        assertThat(held(state, Priority.BATCH).why()).isEqualTo(HoldReason.RESERVE);
        now = TimeUnit.SECONDS.toNanos(2);
        assertThat(beginAll(state, Priority.BATCH)).isEqualTo(1);

        GateState single = state(rules(100, 1, 1));
        begin(single, Priority.BATCH);
        assertThat(held(single, Priority.LIVE).nanos()).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    private static Gate gate() {
        return new Gate("tested", rules(1, 0, 1), System::nanoTime, new Random(3));
    }

    private static Caller caller(Priority priority) {
        Caller caller = new Caller();
        caller.ranks(priority);
        return caller;
    }

    private static void awaitWaiting(Gate gate, int waiting) {
        Awaitility.await()
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> gate.status().waiting() == waiting);
    }

    private static Thread waits(
            Gate gate, Caller caller, Instant deadline, String name, ConcurrentLinkedQueue<String> order) {
        return Thread.ofVirtual().start(() -> {
            try {
                Permit permit =
                        gate.enter(gate.newTicket(deadline, 0), caller, LONG).orElseThrow();
                order.add(name);
                gate.leave(permit, caller, Outcomes.connected());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void liveCallerWhoComesLast_goesFirst_andHowManyOfEachWaitIsKnown() throws Exception {
        Gate gate = gate();
        Caller first = new Caller();
        Permit taken = gate.enter(gate.newTicket(DEADLINE, 0), first, LONG).orElseThrow();
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (String name : List.of("batch 1", "batch 2", "live 1", "live 2")) {
            boolean live = name.startsWith("live");
            threads.add(waits(
                    gate,
                    caller(live ? Priority.LIVE : Priority.BATCH),
                    live ? DEADLINE.plusSeconds(3_600) : DEADLINE,
                    name,
                    order));
            awaitWaiting(gate, threads.size());
        }
        assertThat(gate.status().batch()).isEqualTo(2);

        gate.leave(taken, first, Outcomes.connected());

        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).containsExactly("live 1", "live 2", "batch 1", "batch 2");
    }

    /** Somebody live waits behind it in its conversation. */
    @Test
    void batchEventThatIsHurried_whereItWaits_goesAsLive() throws Exception {
        Gate gate = gate();
        Caller first = new Caller();
        Permit taken = gate.enter(gate.newTicket(DEADLINE, 0), first, LONG).orElseThrow();
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        Caller hurried = caller(Priority.BATCH);
        threads.add(waits(gate, caller(Priority.BATCH), DEADLINE.minusSeconds(9), "batch", order));
        awaitWaiting(gate, 1);
        threads.add(waits(gate, hurried, DEADLINE.minusSeconds(5), "hurried", order));
        awaitWaiting(gate, 2);
        threads.add(waits(gate, caller(Priority.LIVE), DEADLINE, "live", order));
        awaitWaiting(gate, 3);

        hurried.hurry();
        hurried.hurry();
        assertThat(hurried.priority()).isEqualTo(Priority.LIVE);
        assertThat(gate.status().batch()).isEqualTo(1);
        gate.leave(taken, first, Outcomes.connected());

        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).containsExactly("hurried", "live", "batch");
        hurried.hurry();
        assertThat(gate.status().waiting()).isZero();
    }

    /** Where a live caller could go at once, a batch event that is hurried wakes up by that alone. */
    @Test
    void batchEventThatIsHurried_isNotHeldByTheReserveAnyMore() throws Exception {
        Gate gate = new Gate("tested", rules(8, 0, 1), System::nanoTime, new Random(3));
        open.set(1);
        gate.boundSessions(new SessionRules(2, IDLE, 1), open::get);
        Caller caller = caller(Priority.BATCH);
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        Thread thread = waits(gate, caller, DEADLINE, "hurried", order);
        awaitWaiting(gate, 1);
        assertThat(gate.status().reserved()).isTrue();

        caller.hurry();

        thread.join();
        assertThat(order).containsExactly("hurried");
    }

    /** How long a slot stays empty because it is kept is not how long whoever waited has waited for it. */
    @Test
    void slotThatIsKeptForLiveCallers_isNoneThatABatchEventWaitsFor() throws Exception {
        ConcurrentLinkedQueue<Duration> afterwards = new ConcurrentLinkedQueue<>();
        Gate gate = new Gate("tested", rules(8, 0, 1), System::nanoTime, new Random(3));
        gate.onFreedSlotTaken(afterwards::add);
        open.set(2);
        gate.boundSessions(new SessionRules(3, IDLE, 2), open::get);
        Thread batch = waits(gate, caller(Priority.BATCH), DEADLINE, "batch", new ConcurrentLinkedQueue<>());
        awaitWaiting(gate, 1);
        open.set(1);
        gate.slotFreed();

        Caller live = new Caller();
        Permit permit = gate.enter(gate.newTicket(DEADLINE, 0), live, LONG).orElseThrow();
        gate.leave(permit, live, Outcomes.connected());

        assertThat(afterwards).isEmpty();
        open.set(0);
        new RoomSlot(gate, permit).settle();
        batch.join();
    }

    /** Whoever hurries does so at any moment: before the event waits, while it begins to, while it leaves. */
    @RepeatedTest(5)
    void hurriedAtAnyMoment_noWakeUpIsLost() throws Exception {
        Gate gate = new Gate("tested", rules(3, 0, 1), System::nanoTime, new Random(3));
        gate.boundSessions(new SessionRules(3, IDLE, 1), open::get);
        int events = 400;
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int event = 0; event < events; event++) {
            Caller caller = caller(event % 4 == 0 ? Priority.LIVE : Priority.BATCH);
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    Permit permit = gate.enter(gate.newTicket(DEADLINE, 0), caller, LONG)
                            .orElseThrow();
                    order.add("turn");
                    gate.leave(permit, caller, Outcomes.connected());
                    new RoomSlot(gate, permit).settle();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            if (event % 3 == 0) {
                threads.add(Thread.ofVirtual().start(caller::hurry));
            }
        }

        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).hasSize(events);
        assertThat(gate.status())
                .isEqualTo(new GateStatus(null, null, 0, 0, false, 0, 3, new GateStatus.Sessions(0, 3)));
    }
}
