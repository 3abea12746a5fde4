package dev.serai.operate.explain;

import dev.serai.batch.JobCommand;
import dev.serai.loop.Elapsed;
import dev.serai.operate.letters.Remedy;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is so of an event, and what to do about it, in one sentence each; {@code src/docs/operations.md} says more. Stateless. */
final class Advice {
    private static final String UNTIL_DEADLINE = "; it waits until its deadline";

    private Advice() {}

    /** The rest of a sentence that begins with the event. */
    static String summary(Standing standing, Instant now) {
        return switch (standing) {
            case Standing.Started started ->
                (started.answer().repeated() ? "was sent again, and given its room again" : "was answered with a room")
                        + " at " + started.answer().publishedAt()
                        + (started.answer().room() == null
                                ? ""
                                : ": " + started.answer().room());
            case Standing.Ended ended ->
                "has ended its conversation at " + ended.answer().publishedAt() + ": sessions ended "
                        + ended.answer().sessionsEnded() + ", left open "
                        + ended.answer().sessionsLeft()
                        + ", events cancelled " + ended.answer().eventsCancelled();
            case Standing.Failed failed -> "came to nothing: " + why(failed.answer(), failed.letter());
            case Standing.Expired expired -> "came too late: " + why(expired.answer(), expired.letter());
            case Standing.Cancelled cancelled ->
                JobCommand.isWhy(cancelled.answer().detail())
                        ? "was cancelled: " + cancelled.answer().detail()
                        : "was cancelled by "
                                + (cancelled.by() == null ? "an end event" : "end event " + cancelled.by());
            case Standing.Replayed replayed ->
                "came to nothing (" + replayed.letter().category() + "), and was published again by replay "
                        + by(replayed.letter());
            case Standing.Waiting waiting -> waiting(waiting, now);
            case Standing.NotCommitted held ->
                "cannot be read yet: "
                        + (held.by() == null
                                ? "a transaction is open in its partition"
                                : held.by().text());
            case Standing.ReplyHeldBack held ->
                "is done with, and its reply cannot be read yet: " + held.by().text();
            case Standing.ReplyGone gone -> "is done with, and its reply is not there: " + gone.why();
            case Standing.Unread unread -> unread.why();
            case Standing.Unseen unseen -> unseen.why();
        };
    }

    private static String by(Rejection letter) {
        Rejection.ReplaySeen replay = letter.replay();
        return replay == null ? "" : replay.id() + " of " + replay.by() + ", begun at " + replay.begunAt();
    }

    private static String why(@Nullable FoundReply answer, @Nullable Rejection letter) {
        if (letter != null) {
            return letter.category() + (letter.detail().isEmpty() ? "" : ", " + letter.detail());
        }
        if (answer == null) {
            return "nobody knows why";
        }
        return answer.category() == null
                ? "its reply does not say why" + (answer.detail().isEmpty() ? "" : ": " + answer.detail())
                : answer.category() + (answer.detail().isEmpty() ? "" : ", " + answer.detail());
    }

    private static String waiting(Standing.Waiting waiting, Instant now) {
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
    static String remedy(Standing standing) {
        return switch (standing) {
            case Standing.Started started ->
                started.answer().standIn()
                        ? "the room is none: the stand-in answers; set the provider's key, and remove serai.connect.stand-in"
                        : "nothing: if the client has no room, look whether it reads "
                                + started.answer().at().topic()
                                + " with isolation.level=read_committed, and joins before its"
                                + " token expires";
            case Standing.Ended ended ->
                ended.answer().sessionsLeft() == 0
                        ? "nothing"
                        : "./serai sessions end KEY tries again to end what is left open";
            case Standing.Failed failed -> failed(failed.answer(), failed.letter());
            case Standing.Expired expired -> failed(expired.answer(), expired.letter());
            case Standing.Cancelled cancelled ->
                JobCommand.isWhy(cancelled.answer().detail())
                        ? "nothing: whoever cancelled the job wants no room; another job of the file opens one"
                        : "nothing: the caller has left";
            case Standing.Replayed replayed -> "nothing: the event that was published again has a story of its own";
            case Standing.Waiting waiting -> waiting(waiting.ahead() == null ? waiting.held() : waiting.ahead());
            case Standing.NotCommitted held ->
                held.by() == null
                        ? "kafka-transactions.sh says which one it is"
                        : held.by().remedy();
            case Standing.ReplyHeldBack held -> held.by().remedy();
            case Standing.ReplyGone gone -> "nothing here: ./serai sessions show KEY says which events were answered";
            case Standing.Unread unread -> unread.remedy();
            case Standing.Unseen unseen -> unseen.remedy();
        };
    }

    private static String failed(@Nullable FoundReply answer, @Nullable Rejection letter) {
        if (letter != null) {
            return Remedy.of(letter.category()) + " (./serai dead-letters show "
                    + letter.at().topic() + "-" + letter.at().partition() + "-"
                    + letter.at().offset() + ")";
        }
        String category = answer == null ? null : answer.category();
        return Remedy.of(category == null ? "" : category);
    }

    private static String waiting(Held held) {
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
