package dev.serai.connect.gate;

import dev.serai.connect.Backoff;
import dev.serai.connect.ConnectPolicy;
import dev.serai.connect.ConnectPolicy.Decision;
import dev.serai.connect.answer.CallOutcome;
import dev.serai.wire.Failure;
import dev.serai.wire.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Events, a gate and a provider in a time of their own: hours pass in milliseconds, and the same way each time for the
 * same random numbers. What follows from an outcome is decided by a policy with the defaults of the settings. Not
 * thread-safe.
 */
final class Simulation {
    static final int ATTEMPTS = 4;

    /** What most simulations are of. */
    static final GateRules RULES = new GateRules(
            8,
            0,
            1,
            Duration.ofMillis(4_700),
            Duration.ofSeconds(30),
            10,
            Duration.ofSeconds(2),
            Duration.ofSeconds(15));

    /** What the provider answers to a request that reaches it at this time. */
    interface Provider {
        CallOutcome answer(int event, long nanos);

        /** How long a call takes that reaches it at this time. */
        default Duration latency(int event, long nanos) {
            return LATENCY;
        }
    }

    static final Duration LATENCY = Duration.ofMillis(300);

    /**
     * What became of an event, in order of its end; nanoseconds since the simulation began.
     *
     * @param failure why it ended before its deadline; null if it got a room or its deadline has come
     */
    record Ended(
            int event, boolean connected, @Nullable Failure failure, int attempts, long atNanos, long deadlineNanos) {}

    /** One call, from the gate to its answer. */
    record Call(int event, long begunNanos, long atProviderNanos, long answeredNanos, CallOutcome outcome) {}

    private static final class Event extends SessionlessEvent {
        private final int number;
        private final long deadlineNanos;
        private final Caller caller = new Caller();
        private Ticket ticket = new Ticket(Instant.EPOCH, 0, 0);

        Event(int number, long deadlineNanos) {
            super(Instant.EPOCH.plusNanos(deadlineNanos));
            this.number = number;
            this.deadlineNanos = deadlineNanos;
        }
    }

    private record Step(long atNanos, long order, Runnable action) {}

    private final PriorityQueue<Step> steps =
            new PriorityQueue<>(Comparator.comparingLong(Step::atNanos).thenComparingLong(Step::order));
    private final Condition nobody = new ReentrantLock().newCondition();
    private final Line line = new Line();
    private final Map<Ticket, Event> waiting = new HashMap<>();
    private final List<Ended> ended = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final GateState gate;
    private final Provider provider;
    private final ConnectPolicy policy;
    private Consumer<Permit> onRoom = room -> {};
    private long now;
    private long order;
    private long tickets;
    private long nextLook = Long.MAX_VALUE;

    Simulation(GateRules rules, Provider provider, RandomGenerator random) {
        gate = new GateState(rules, () -> now, random);
        this.provider = provider;
        policy = new ConnectPolicy(ATTEMPTS, true, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8), random));
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
        at(time.toNanos(), action);
    }

    /** So long after now. */
    void in(Duration time, Runnable action) {
        at(now + time.toNanos(), action);
    }

    /** What happens to each room that a call comes to; nothing unless it is said. */
    void onRoom(Consumer<Permit> listener) {
        onRoom = listener;
    }

    private void at(long nanos, Runnable action) {
        steps.add(new Step(nanos, order++, action));
    }

    /** An event joins the line at this time and leaves at its deadline at the latest. */
    void arrives(int number, Duration time, Duration deadline) {
        arrives(number, Priority.LIVE, time, deadline);
    }

    void arrives(int number, Priority priority, Duration time, Duration deadline) {
        Event event = new Event(number, deadline.toNanos());
        event.caller.ranks(priority);
        at(time, () -> join(event, newTicket(event)));
        at(deadline, () -> {
            if (waiting.remove(event.ticket, event)) {
                line.leave(event.ticket);
                end(event, false, null);
            }
        });
    }

    private Ticket newTicket(Event event) {
        return new Ticket(event.deadline(), event.callsInVain(), ++tickets);
    }

    private void join(Event event, Ticket ticket) {
        event.ticket = ticket;
        waiting.put(ticket, event);
        line.join(ticket, nobody, event.caller.priority());
    }

    private void end(Event event, boolean connected, @Nullable Failure failure) {
        ended.add(new Ended(event.number, connected, failure, event.attempts(), now, event.deadlineNanos));
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
        while (!waiting.isEmpty()) {
            // As the gate does: who is next is looked at before a turn can change what that depends on.
            Ticket next = Objects.requireNonNull(line.next(gate.trouble() != null));
            switch (gate.admit(Objects.requireNonNull(waiting.get(next)).caller)) {
                case GateState.Go go -> {
                    line.turnTaken();
                    line.leave(next);
                    call(Objects.requireNonNull(waiting.remove(next)), go.permit());
                }
                case GateState.Wait hold -> {
                    long look = now + Math.min(hold.nanos(), Duration.ofDays(1).toNanos());
                    if (look < nextLook || nextLook <= now) {
                        nextLook = look;
                        at(look, () -> {});
                    }
                    return;
                }
            }
        }
    }

    private void call(Event event, Permit permit) {
        long begun = now;
        long latency = provider.latency(event.number, begun).toNanos();
        long arrival = begun + latency / 2;
        at(arrival, () -> {
            CallOutcome outcome = provider.answer(event.number, now);
            at(begun + latency, () -> answered(event, permit, begun, arrival, outcome));
        });
    }

    private void answered(Event event, Permit permit, long begun, long arrival, CallOutcome outcome) {
        calls.add(new Call(event.number, begun, arrival, now, outcome));
        event.returned(outcome, gate.returned(permit, event.caller, outcome));
        switch (policy.decide(outcome, event, Instant.EPOCH.plusNanos(now))) {
            case Decision.Succeed success -> {
                end(event, true, null);
                onRoom.accept(permit);
            }
            case Decision.Fail failure -> end(event, false, failure.failure());
            case Decision.Repeat repeat -> at(now + repeat.pause().toNanos(), () -> goOn(event, false));
            case Decision.RepeatForRoom repeat -> throw new IllegalStateException("rooms of their own: " + repeat);
            case Decision.RepeatFirst repeat -> goOn(event, true);
            case Decision.RepeatWithoutSession repeat -> goOn(event, true);
            case Decision.RepeatDoubtingSession repeat -> goOn(event, true);
            case Decision.Discard discarded -> end(event, false, discarded.failure());
        }
    }

    private void goOn(Event event, boolean first) {
        if (now >= event.deadlineNanos) {
            end(event, false, null);
        } else {
            join(event, first ? event.ticket.after(event.callsInVain()) : newTicket(event));
        }
    }
}
