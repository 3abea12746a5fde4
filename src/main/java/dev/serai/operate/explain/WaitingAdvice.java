package dev.serai.operate.explain;

import dev.serai.loop.Elapsed;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an event waits for, and what to do about it: {@link Advice} for what is held. Stateless. */
final class WaitingAdvice {
    private static final String UNTIL_DEADLINE = "; it waits until its deadline";

    private WaitingAdvice() {}

    /** The rest of a sentence that begins with the event. */
    static String summary(Standing.Waiting waiting, Instant now) {
        Held held = waiting.held();
        Held ahead = waiting.ahead();
        String own = ahead == null ? reason(held, now) : held.text() + ", which " + reason(ahead, now);
        return own + ", for " + Elapsed.inTwoUnits(held.since());
    }

    private static String reason(Held held, Instant now) {
        Held.GateSeen gate = held.gate();
        if (held.kind().equals("call") || held.kind().equals("step")) {
            return "is being worked on: " + held.text();
        }
        if (gate == null || gate.hold() == null) {
            return held.text();
        }
        String line = gate.ahead() == 0 ? "it is the first in line" : gate.ahead() + " in line are wanted sooner";
        return switch (gate.hold()) {
            case "sessions", "cool_down" ->
                "waits for a slot of the plan (" + gate.name() + "): "
                        + (gate.slots() == null
                                ? "the provider has none" + (gate.cause() == null ? "" : ", " + gate.cause())
                                : gate.slotsTaken() + " of " + gate.slots() + " taken")
                        + nextSlot(gate, now) + "; " + line;
            default -> held.text() + "; " + line;
        };
    }

    private static String nextSlot(Held.GateSeen gate, Instant now) {
        Instant next = gate.nextSlotAt();
        return next == null
                ? ", and when the next is free this service cannot know"
                : ", the next is expected in "
                        + Elapsed.inTwoUnits(next.isAfter(now) ? Duration.between(now, next) : Duration.ZERO);
    }

    /** What to do, in one sentence without a full stop. */
    static String remedy(Standing.Waiting waiting) {
        Held held = waiting.ahead() == null ? waiting.held() : waiting.ahead();
        return switch (held.kind()) {
            case "lane" -> "nothing: it is its turn when those before it are answered; ./serai waiting lists them";
            case "memory" -> "more memory, or a lower serai.kafka.max-in-flight (operations.md, Memory and disk)";
            case "look_up", "look_up_again" ->
                "mend the source that it names, or make it optional (operations.md, A source is wrong)"
                        + UNTIL_DEADLINE;
            case "gate" -> gate(held.gate());
            case "call", "back_off" ->
                "nothing: it is tried serai.connect.max-attempts times; if other calls work, tell the provider, with the time"
                        + " (operations.md, Calls hang)";
            case "kafka", "commit" -> "bring the brokers back, or mend what it names (operations.md, Kafka is away)";
            case "topic" -> "have the topic that it names take records again (operations.md, A right is missing)";
            case "closing" -> "nothing: that takes a minute at most";
            default -> "look why that step of your own route does not come back";
        };
    }

    private static String gate(Held.@Nullable GateSeen gate) {
        String hold = gate == null || gate.hold() == null ? "" : gate.hold();
        return switch (hold) {
            case "sessions" ->
                "end sessions that nobody needs, or raise serai.connect.max-sessions with the plan" + UNTIL_DEADLINE;
            case "cool_down" -> "end sessions that nobody needs, or buy more slots" + UNTIL_DEADLINE;
            case "credentials" ->
                "write an API key that the provider accepts into the tenant's key file: it is tried at once"
                        + " (operations.md, A key is refused)" + UNTIL_DEADLINE;
            case "quota" ->
                "raise the plan, or wait until it is renewed (operations.md, The plan is used up)" + UNTIL_DEADLINE;
            case "outage" ->
                "wait for the provider, and do not restart (operations.md, The provider fails)" + UNTIL_DEADLINE;
            case "concurrency", "rate" ->
                "nothing, or raise serai.connect.max-concurrent or serai.connect.rate if the plan allows"
                        + UNTIL_DEADLINE;
            case "reserve" ->
                "nothing: a batch event lets live callers go first, and what is free is kept for them (batch.md)"
                        + UNTIL_DEADLINE;
            default -> "nothing: its turn is about to come";
        };
    }
}
