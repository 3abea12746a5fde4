package dev.serai.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.serai.connect.answer.AnswerClassifier;
import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.answer.RetryAfter;
import dev.serai.connect.gate.Caller;
import dev.serai.connect.gate.Gate;
import dev.serai.connect.gate.GateRules;
import dev.serai.connect.gate.Permit;
import dev.serai.connect.gate.Ticket;
import dev.serai.wire.Json;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Measures what the gate costs an event while others wait before it: calls that take no time, one after the other. */
final class GateRun {
    static final int WAITERS = 1_000;

    private static final int CALLS_AT_ONCE = 8;
    private static final int WARM_UP = 100_000;
    private static final int EVENTS = 300_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private GateRun() {}

    /** One measurement. */
    record Cost(int events, Duration duration, Duration cpu) {
        double cpuMicros() {
            return cpu.toNanos() / 1e3 / events;
        }

        double micros() {
            return duration.toNanos() / 1e3 / events;
        }

        ObjectNode json() {
            return Json.MAPPER
                    .createObjectNode()
                    .put("events", events)
                    .put("waiters", WAITERS)
                    .put("cpu_micros_per_event", cpuMicros())
                    .put("micros_per_event", micros());
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "the gate, %,d events with %,d waiting at once: %.1f µs of CPU per event, %.1f µs from turn to turn",
                    events,
                    WAITERS,
                    cpuMicros(),
                    micros());
        }
    }

    static Cost measure() throws InterruptedException {
        pass(WARM_UP);
        return pass(EVENTS);
    }

    private static Cost pass(int events) throws InterruptedException {
        GateRules rules = new GateRules(
                CALLS_AT_ONCE,
                0,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                10,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
        Gate gate = new Gate("bench", rules, System::nanoTime, new Random(1));
        CallOutcome connected = connected();
        AtomicLong left = new AtomicLong(events);
        CountDownLatch ready = new CountDownLatch(WAITERS);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WAITERS; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    ready.countDown();
                    go.await();
                    while (left.getAndDecrement() > 0) {
                        Ticket ticket = gate.newTicket(Instant.MAX, 0);
                        Caller caller = new Caller();
                        Permit permit = gate.enter(ticket, caller, PATIENCE).orElseThrow();
                        gate.leave(permit, caller, connected);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        ready.await();
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = process.getProcessCpuTime();
        long begun = System.nanoTime();
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return new Cost(
                events,
                Duration.ofNanos(System.nanoTime() - begun),
                Duration.ofNanos(process.getProcessCpuTime() - cpu));
    }

    private static CallOutcome connected() {
        String room = "{\"session_id\":\"s\",\"character_session_id\":\"cs\",\"room_url\":\"wss://rooms.example\","
                + "\"room_name\":\"r\",\"token\":\"t\"}";
        return new AnswerClassifier(new RetryAfter(Clock.systemUTC(), Duration.ofMinutes(1)), () -> "key")
                .classify(200, null, room.getBytes(StandardCharsets.UTF_8));
    }
}
