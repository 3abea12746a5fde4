package dev.serai.connect.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.LogLines;
import dev.serai.wire.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits before the gate, and what ends it; in real time and with threads. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class GateTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final Instant DEADLINE = Instant.parse("2026-01-31T10:00:00Z");

    /** By how much the gates' clock is ahead. */
    private final AtomicLong passed = new AtomicLong();

    private Gate gate(int maxConcurrent) {
        return gate("tested", maxConcurrent);
    }

    private Gate gate(String name, int maxConcurrent) {
        return new Gate(
                name,
                new GateRules(
                        maxConcurrent,
                        0,
                        1,
                        Duration.ofMillis(200),
                        LONG,
                        10,
                        Duration.ofMillis(100),
                        Duration.ofMillis(100)),
                () -> System.nanoTime() + passed.get(),
                new Random(3));
    }

    private static void awaitWaiting(Gate gate, int waiting) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> gate.status().waiting() == waiting);
    }

    private static Permit enter(Gate gate) throws InterruptedException {
        return gate.enter(gate.newTicket(DEADLINE, 0), new Caller(), LONG).orElseThrow();
    }

    @Test
    void turns_comeInTheOrderOfThePlaces() throws Exception {
        Gate gate = gate(1);
        Permit first = enter(gate);
        ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tickets.add(gate.newTicket(DEADLINE, 0));
        }
        List<Thread> threads = new ArrayList<>();
        // The other way round, as if the later ones had come back first.
        for (int i = 49; i >= 0; i--) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    Permit permit =
                            gate.enter(tickets.get(number), new Caller(), LONG).orElseThrow();
                    order.add(number);
                    gate.leave(permit, new Caller(), Outcomes.connected());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            awaitWaiting(gate, 50 - i);
        }

        gate.leave(first, new Caller(), Outcomes.connected());

        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(List.copyOf(order)).hasSize(50).isSorted();
        assertThat(gate.status()).isEqualTo(new GateStatus(null, null, 0, 0, false, 0, 1, null));
    }

    @Test
    void earliestDeadline_goesFirst_andEveryEighthTurnIsForWhoHasWaitedLongest() {
        Line line = new Line();
        Condition nobody = new ReentrantLock().newCondition();
        Gate gate = gate(1);
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            // The later they come, the less time they have.
            Ticket ticket = gate.newTicket(DEADLINE.minusSeconds(i), 0);
            tickets.add(ticket);
            line.join(ticket, nobody, Priority.LIVE);
        }

        List<Integer> turns = new ArrayList<>();
        for (int turn = 0; turn < 10; turn++) {
            Ticket next = Objects.requireNonNull(line.next(false));
            turns.add(tickets.indexOf(next));
            line.turnTaken();
            line.leave(next);
        }

        assertThat(turns).containsExactly(19, 18, 17, 16, 15, 14, 13, 0, 12, 11);
        assertThat(line.size()).isEqualTo(10);
    }

    /** An event that is itself to blame must not be the only one that finds out whether the provider is back. */
    @Test
    void inAnOutage_whoHasFailedLeastGoesFirst() {
        Line line = new Line();
        Condition nobody = new ReentrantLock().newCondition();
        Gate gate = gate(1);
        Ticket poisonous = gate.newTicket(DEADLINE.minusSeconds(60), 2);
        Ticket batch = gate.newTicket(DEADLINE.plusSeconds(3_600), 0);
        Ticket caller = gate.newTicket(DEADLINE, 0);
        Ticket failedOnce = gate.newTicket(DEADLINE, 1);
        List<Ticket> tickets = List.of(poisonous, batch, caller, failedOnce);
        tickets.forEach(ticket -> line.join(ticket, nobody, Priority.LIVE));

        List<Ticket> turns = new ArrayList<>();
        for (int turn = 0; turn < tickets.size(); turn++) {
            Ticket next = Objects.requireNonNull(line.next(true));
            turns.add(next);
            line.turnTaken();
            line.leave(next);
        }

        assertThat(turns).containsExactly(caller, batch, failedOnce, poisonous);
    }

    @Test
    void inAnOutage_everyEighthTurnIsForWhoHasWaitedLongest() {
        Line line = new Line();
        Condition nobody = new ReentrantLock().newCondition();
        Gate gate = gate(1);
        Ticket batch = gate.newTicket(DEADLINE.plusSeconds(3_600), 1);
        line.join(batch, nobody, Priority.LIVE);
        List<Ticket> turns = new ArrayList<>();
        for (int turn = 0; turn < 8; turn++) {
            // Callers that fail, too, come again and again.
            line.join(gate.newTicket(DEADLINE, 0), nobody, Priority.LIVE);
            Ticket next = Objects.requireNonNull(line.next(true));
            turns.add(next);
            line.turnTaken();
            line.leave(next);
        }

        assertThat(turns.indexOf(batch)).isEqualTo(7);
    }

    @Test
    void whileTheAccountIsRefused_whoWasRefusedLeastFindsOut_andNobodyLosesItsPlaceAfterwards() throws Exception {
        Gate gate = gate(1);
        Ticket own = gate.newTicket(DEADLINE, 0);
        Caller refused = new Caller();
        Permit permit = gate.enter(own, refused, LONG).orElseThrow();
        assertThat(gate.leave(permit, refused, Outcomes.refused())).isEqualTo(Spread.EVERYBODY);
        Ticket again = own.after(1);
        Ticket other = gate.newTicket(DEADLINE.plusSeconds(3_600), 0);
        assertThat(own.compareTo(other)).isNegative();
        assertThat(again.compareTo(own)).as("the same place").isZero();
        List<Thread> threads = new ArrayList<>();
        for (Ticket ticket : List.of(again, other)) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    assertThat(gate.enter(ticket, new Caller(), LONG)).isEmpty();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        awaitWaiting(gate, 2);

        assertThat(gate.next()).contains(other);

        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Each of those who wait would be in doubt, too, and none of them would find out what the account is. */
    @Test
    void whileTheAccountIsRefused_theOneWhoseSessionIsInDoubtCallsAgain_beforeAnybodyElseCalls() throws Exception {
        Gate gate = gate(4);
        gate.leave(enter(gate), new Caller(), Outcomes.refused());
        passed.set(LONG.toNanos());
        Caller doubting = new Caller();
        Ticket ticket = gate.newTicket(DEADLINE.plusSeconds(60), 0);
        Permit probe = gate.enter(ticket, doubting, LONG).orElseThrow();
        AtomicInteger others = new AtomicInteger();
        Thread other = Thread.ofVirtual().start(() -> {
            try {
                Caller caller = new Caller();
                gate.enter(gate.newTicket(DEADLINE, 0), caller, LONG).ifPresent(permit -> {
                    others.incrementAndGet();
                    gate.leave(permit, caller, Outcomes.doubted());
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        awaitWaiting(gate, 1);

        gate.leave(probe, doubting, Outcomes.doubted());
        Permit withoutSession = gate.enter(ticket, doubting, LONG).orElseThrow();

        assertThat(others).as("needless calls").hasValue(0);
        assertThat(withoutSession.probe()).isTrue();
        assertThat(gate.leave(withoutSession, doubting, Outcomes.refused())).isEqualTo(Spread.EVERYBODY);
        awaitWaiting(gate, 1);
        other.interrupt();
        other.join();
        assertThat(others).hasValue(0);
    }

    @Test
    void whoseSessionIsInDoubt_andWhoDoesNotCallAgain_holdsUpNobody() throws Exception {
        Gate gate = gate(4);
        gate.leave(enter(gate), new Caller(), Outcomes.refused());
        passed.set(LONG.toNanos());
        gate.leave(enter(gate), new Caller(), Outcomes.doubted());

        assertThat(enter(gate).probe()).isTrue();
    }

    @Test
    void callerWhoComesLater_goesBeforeABatch() throws Exception {
        Gate gate = gate(1);
        Permit first = enter(gate);
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (String name : List.of("batch 1", "batch 2", "caller")) {
            Ticket ticket = gate.newTicket(name.equals("caller") ? DEADLINE : DEADLINE.plusSeconds(3_600), 0);
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    Permit permit = gate.enter(ticket, new Caller(), LONG).orElseThrow();
                    order.add(name);
                    gate.leave(permit, new Caller(), Outcomes.connected());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            awaitWaiting(gate, threads.size());
        }

        gate.leave(first, new Caller(), Outcomes.connected());

        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).containsExactly("caller", "batch 1", "batch 2");
    }

    @Test
    void deadline_endsTheWait_andTheNextGoesOn() throws Exception {
        Gate gate = gate(1);
        Permit first = enter(gate);
        AtomicInteger expired = new AtomicInteger();
        Ticket ahead = gate.newTicket(DEADLINE, 0);
        Thread impatient = Thread.ofVirtual().start(() -> {
            try {
                if (gate.enter(ahead, new Caller(), Duration.ofMillis(100)).isEmpty()) {
                    expired.incrementAndGet();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Thread patient = Thread.ofVirtual().start(() -> {
            try {
                gate.leave(enter(gate), new Caller(), Outcomes.connected());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        impatient.join();
        assertThat(expired).hasValue(1);
        awaitWaiting(gate, 1);
        gate.leave(first, new Caller(), Outcomes.connected());

        patient.join();
        assertThat(gate.status().underWay()).isZero();
    }

    @Test
    void deadlineThatHasPassed_isNoTurn() throws Exception {
        Gate gate = gate(1);

        assertThat(gate.enter(gate.newTicket(DEADLINE, 0), new Caller(), Duration.ofMillis(-1)))
                .isEmpty();
        assertThat(gate.enter(gate.newTicket(DEADLINE, 0), new Caller(), Duration.ZERO))
                .isEmpty();
        assertThat(gate.enter(gate.newTicket(DEADLINE, 0), new Caller(), Duration.ofDays(3_000_000)))
                .isPresent();
    }

    @Test
    void interrupt_endsTheWait_andTheNextGoesOn() throws Exception {
        Gate gate = gate(1);
        Permit first = enter(gate);
        Thread interrupted = Thread.ofVirtual().unstarted(() -> {
            try {
                enter(gate);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        interrupted.start();
        awaitWaiting(gate, 1);

        interrupted.interrupt();
        interrupted.join();
        gate.leave(first, new Caller(), Outcomes.connected());

        assertThat(gate.enter(gate.newTicket(DEADLINE, 0), new Caller(), LONG)).isPresent();
    }

    @Test
    void coolDown_isOverByItself() throws Exception {
        Gate gate = gate(2);
        gate.leave(enter(gate), new Caller(), Outcomes.busy(null));
        assertThat(gate.status().hold()).isEqualTo(HoldReason.COOL_DOWN);

        Optional<Permit> probe = gate.enter(gate.newTicket(DEADLINE, 0), new Caller(), LONG);

        assertThat(probe).isPresent();
    }

    @Test
    void newCredentials_openTheGateForWhoWaits() throws Exception {
        Gate gate = gate(2);
        gate.leave(enter(gate), new Caller(), Outcomes.refused());
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                gate.leave(enter(gate), new Caller(), Outcomes.connected());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        awaitWaiting(gate, 1);

        gate.credentialsChanged();

        waiting.join();
        assertThat(gate.status().hold()).isNull();
    }

    @Test
    void smallerShare_isWaitedFor() throws Exception {
        Gate gate = gate(8);
        List<Permit> turns = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            turns.add(enter(gate));
        }
        gate.share(new Share(1, 4));
        assertThat(gate.awaitWithinShare(Duration.ofMillis(20))).isFalse();

        Thread ending = Thread.ofVirtual()
                .start(() -> turns.forEach(permit -> gate.leave(permit, new Caller(), Outcomes.connected())));

        assertThat(gate.awaitWithinShare(LONG)).isTrue();
        ending.join();
    }

    @Test
    void refusedCredentials_areLoggedWithTheStatus() throws Exception {
        String name = "tested-" + UUID.randomUUID() + " at live.example";
        Gate gate = gate(name, 2);
        try (LogLines log = new LogLines(Gate.class)) {
            gate.leave(enter(gate), new Caller(), Outcomes.refused());
            passed.set(HoldNotice.TOLD_AFTER.toNanos());
            gate.sayWhetherHeld();

            assertThat(log.with(name))
                    .singleElement()
                    .asString()
                    .contains("the provider refuses the credentials, it answers 401, for 5 s now. One call at a time");
        }
        assertThat(gate.status().hold()).isEqualTo(HoldReason.CREDENTIALS);
        assertThat(gate.status().cause()).isEqualTo("it answers 401");
    }

    @Test
    void outage_isLoggedOnce_withWhatFailsAndWhoWaits_andOnceThatItIsOver() throws Exception {
        String name = "tested-" + UUID.randomUUID() + " at live.example";
        Gate gate = gate(name, 2);
        Caller tried = new Caller();
        try (LogLines log = new LogLines(Gate.class)) {
            for (int i = 0; i < 9; i++) {
                gate.leave(enter(gate), new Caller(), Outcomes.unavailable(500, null));
            }
            Permit tenth = enter(gate);
            gate.leave(tenth, new Caller(), Outcomes.unavailable(503, null));
            gate.sayWhetherHeld();
            assertThat(log.with(name)).as("held for a moment").isEmpty();
            Permit probe = enter(gate);
            List<Thread> waiting = new ArrayList<>();
            // The first of them finds out in vain, and comes again.
            for (Caller caller : List.of(tried, new Caller())) {
                waiting.add(Thread.ofVirtual().start(() -> {
                    try {
                        Ticket ticket = gate.newTicket(caller == tried ? DEADLINE.minusSeconds(1) : DEADLINE, 0);
                        Permit permit = gate.enter(ticket, caller, LONG).orElseThrow();
                        if (caller == tried) {
                            gate.leave(permit, caller, Outcomes.unavailable(503, null));
                            permit = gate.enter(ticket, caller, LONG).orElseThrow();
                        }
                        gate.leave(permit, caller, Outcomes.connected());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            awaitWaiting(gate, 2);
            passed.set(HoldNotice.TOLD_AFTER.toNanos());
            gate.sayWhetherHeld();
            gate.sayWhetherHeld();

            gate.leave(probe, new Caller(), Outcomes.unavailable(503, null));
            for (Thread thread : waiting) {
                thread.join();
            }
            gate.sayWhetherHeld();

            assertThat(log.with(name).stream().map(line -> line.replaceFirst("after \\d+ m?s", "after a while")))
                    .containsExactly(
                            "WARN Tenant " + name
                                    + ": the provider fails, it answers 503, so many in a row: 10, for 5 s"
                                    + " now. One call at a time finds out when that is over, the others wait, until"
                                    + " their deadlines; waiting for their turn: 2",
                            "INFO Tenant " + name
                                    + ": the provider answers again, after a while and 2 further calls in vain. Calls go on;"
                                    + " events that were held: 3, waiting for their turn: 1");
        }
    }

    /** Issue 15, slots: the cool-down is minutes long by the gate's rules. */
    @Test
    void freedSlot_isWhoWaitsNext_atOnce_andHowLongItTookIsTold() throws Exception {
        ConcurrentLinkedQueue<Duration> afterwards = new ConcurrentLinkedQueue<>();
        Gate gate = new Gate(
                "tested",
                new GateRules(2, 0, 1, Duration.ofMinutes(10), LONG, 10, LONG, LONG),
                () -> System.nanoTime() + passed.get(),
                new Random(3));
        gate.onFreedSlotTaken(afterwards::add);
        gate.slotFreed();
        gate.leave(enter(gate), new Caller(), Outcomes.connected());
        assertThat(afterwards).as("nobody waited").isEmpty();
        gate.leave(enter(gate), new Caller(), Outcomes.busy(Duration.ofMinutes(10)));
        AtomicInteger rooms = new AtomicInteger();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(Thread.ofVirtual().start(() -> {
                try {
                    Permit permit = enter(gate);
                    passed.addAndGet(TimeUnit.SECONDS.toNanos(1));
                    gate.leave(
                            permit,
                            new Caller(),
                            rooms.getAndIncrement() == 0 ? Outcomes.busy(null) : Outcomes.connected());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        awaitWaiting(gate, 2);

        gate.slotFreed();
        awaitWaiting(gate, 1);
        Awaitility.await().atMost(LONG).until(() -> gate.status().underWay() == 0);
        gate.slotFreed();

        for (Thread thread : waiting) {
            thread.join();
        }
        assertThat(afterwards)
                .as("the first slot was taken by somebody else's call")
                .singleElement()
                .matches(time -> time.toMillis() >= 2_000 && time.toMillis() < 20_000);
    }
}
