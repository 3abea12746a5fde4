package dev.serai.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits before the gate, and what ends it; in real time and with threads. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class GateTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static Gate gate(int maxConcurrent) {
        return gate("tested", maxConcurrent);
    }

    private static Gate gate(String name, int maxConcurrent) {
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
                System::nanoTime,
                new Random(3));
    }

    private static void awaitWaiting(Gate gate, int waiting) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> gate.status().waiting() == waiting);
    }

    private static Turn enter(Gate gate) throws InterruptedException {
        return gate.enter(gate.newPlace(), LONG).orElseThrow();
    }

    @Test
    void turns_comeInTheOrderOfThePlaces() throws Exception {
        Gate gate = gate(1);
        Turn first = enter(gate);
        ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            places.add(gate.newPlace());
        }
        List<Thread> threads = new ArrayList<>();
        // The other way round, as if the later ones had come back first.
        for (int i = 49; i >= 0; i--) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    Turn turn = gate.enter(places.get(number), LONG).orElseThrow();
                    order.add(number);
                    gate.leave(turn, new Caller(), Outcomes.connected());
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
        assertThat(gate.status()).isEqualTo(new GateStatus(null, 0, 0, 1));
    }

    @Test
    void deadline_endsTheWait_andTheNextGoesOn() throws Exception {
        Gate gate = gate(1);
        Turn first = enter(gate);
        AtomicInteger expired = new AtomicInteger();
        Thread impatient = Thread.ofVirtual().start(() -> {
            try {
                if (gate.enter(gate.newPlace(), Duration.ofMillis(100)).isEmpty()) {
                    expired.incrementAndGet();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        awaitWaiting(gate, 1);
        Thread patient = Thread.ofVirtual().start(() -> {
            try {
                gate.leave(enter(gate), new Caller(), Outcomes.connected());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        awaitWaiting(gate, 2);

        impatient.join();
        assertThat(expired).hasValue(1);
        gate.leave(first, new Caller(), Outcomes.connected());

        patient.join();
        assertThat(gate.status().underWay()).isZero();
    }

    @Test
    void deadlineThatHasPassed_isNoTurn() throws Exception {
        Gate gate = gate(1);

        assertThat(gate.enter(gate.newPlace(), Duration.ofMillis(-1))).isEmpty();
        assertThat(gate.enter(gate.newPlace(), Duration.ZERO)).isEmpty();
        assertThat(gate.enter(gate.newPlace(), Duration.ofDays(3_000_000))).isPresent();
    }

    @Test
    void interrupt_endsTheWait_andTheNextGoesOn() throws Exception {
        Gate gate = gate(1);
        Turn first = enter(gate);
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

        assertThat(gate.enter(gate.newPlace(), LONG)).isPresent();
    }

    @Test
    void coolDown_isOverByItself() throws Exception {
        Gate gate = gate(2);
        gate.leave(enter(gate), new Caller(), Outcomes.busy(null));
        assertThat(gate.status().hold()).isEqualTo(Hold.COOL_DOWN);

        Optional<Turn> probe = gate.enter(gate.newPlace(), LONG);

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
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            turns.add(enter(gate));
        }
        gate.share(new Share(1, 4));
        assertThat(gate.awaitWithinShare(Duration.ofMillis(20))).isFalse();

        Thread ending = Thread.ofVirtual()
                .start(() -> turns.forEach(turn -> gate.leave(turn, new Caller(), Outcomes.connected())));

        assertThat(gate.awaitWithinShare(LONG)).isTrue();
        ending.join();
    }

    @Test
    void outage_isLoggedOnce_withWhatFailsAndWhoWaits_andOnceThatItIsOver() throws Exception {
        String name = "tested-" + UUID.randomUUID() + " at live.example";
        Gate gate = gate(name, 2);
        try (LogLines log = new LogLines(Gate.class)) {
            for (int i = 0; i < 9; i++) {
                gate.leave(enter(gate), new Caller(), Outcomes.unavailable(500, null));
            }
            Turn tenth = enter(gate);
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    gate.leave(enter(gate), new Caller(), Outcomes.unavailable(503, null));
                    gate.leave(enter(gate), new Caller(), Outcomes.connected());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            awaitWaiting(gate, 1);

            gate.leave(tenth, new Caller(), Outcomes.unavailable(503, null));
            waiting.join();

            assertThat(log.with(name))
                    .containsExactly(
                            "WARN Tenant " + name + ": the provider fails: it answers 503, so many in a row: 10."
                                    + " One call at a time finds out when that is over, the others wait, until their"
                                    + " deadlines; waiting for their turn: 1",
                            "INFO Tenant " + name
                                    + ": the provider answers again, after 0 s and 1 calls in vain. Calls go"
                                    + " on; waiting for their turn: 0");
        }
    }
}
