package dev.serai.gate;

import dev.serai.provider.CallOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * Events, a gate and a provider in a time of their own: hours pass in milliseconds, and the same way each time for the
 * same random numbers. Not thread-safe.
 */
final class Simulation {
    /** What the provider answers to a request that reaches it at this time. */
    interface Provider {
        CallOutcome answer(long nanos);
    }

    /** What became of an event, in order of its end; nanoseconds since the simulation began. */
    record Ended(int event, boolean connected, long atNanos, long deadlineNanos) {}

    /** One call, from the gate to its answer. */
    record Call(int event, long begunNanos, long atProviderNanos, long answeredNanos, CallOutcome outcome) {}

    private record Event(int number, long deadlineNanos) {}

    private record Step(long atNanos, long order, Runnable action) {}

    private final PriorityQueue<Step> steps =
            new PriorityQueue<>(Comparator.comparingLong(Step::atNanos).thenComparingLong(Step::order));
    private final Deque<Event> line = new ArrayDeque<>();
    private final List<Ended> ended = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final GateState gate;
    private final Provider provider;
    private final Duration latency;
    private long now;
    private long order;
    private long nextLook = Long.MAX_VALUE;

    Simulation(GateRules rules, Provider provider, Duration latency, RandomGenerator random) {
        gate = new GateState("simulated", rules, () -> now, random);
        this.provider = provider;
        this.latency = latency;
    }

    GateState gate() {
        return gate;
    }

    List<Ended> ended() {
        return ended;
    }

    List<Call> calls() {
        return calls;
    }

    void at(Duration time, Runnable action) {
        steps.add(new Step(time.toNanos(), order++, action));
    }

    /** An event joins the line at this time and leaves at its deadline at the latest. */
    void arrives(int number, Duration time, Duration deadline) {
        Event event = new Event(number, deadline.toNanos());
        at(time, () -> line.addLast(event));
        at(deadline, () -> {
            if (line.remove(event)) {
                ended.add(new Ended(number, false, now, event.deadlineNanos()));
            }
        });
    }

    void run(Duration until) {
        while (!steps.isEmpty() && steps.peek().atNanos() <= until.toNanos()) {
            Step step = steps.remove();
            now = step.atNanos();
            step.action().run();
            letIn();
        }
    }

    private void letIn() {
        while (!line.isEmpty()) {
            switch (gate.admit()) {
                case GateState.Go go -> call(line.removeFirst(), go.turn());
                case GateState.Wait hold -> {
                    long look = now + Math.min(hold.nanos(), Duration.ofDays(1).toNanos());
                    if (look < nextLook || nextLook <= now) {
                        nextLook = look;
                        steps.add(new Step(look, order++, () -> {}));
                    }
                    return;
                }
            }
        }
    }

    private void call(Event event, Turn turn) {
        long begun = now;
        long arrival = begun + latency.toNanos() / 2;
        steps.add(new Step(arrival, order++, () -> {
            CallOutcome outcome = provider.answer(now);
            steps.add(
                    new Step(begun + latency.toNanos(), order++, () -> answered(event, turn, begun, arrival, outcome)));
        }));
    }

    private void answered(Event event, Turn turn, long begun, long arrival, CallOutcome outcome) {
        calls.add(new Call(event.number(), begun, arrival, now, outcome));
        gate.returned(turn, outcome);
        if (outcome instanceof CallOutcome.Connected) {
            ended.add(new Ended(event.number(), true, now, event.deadlineNanos()));
        } else if (now < event.deadlineNanos()) {
            line.addFirst(event);
        } else {
            ended.add(new Ended(event.number(), false, now, event.deadlineNanos()));
        }
    }
}
