package dev.serai.operate.explain;

import dev.serai.batch.JobCommand;
import dev.serai.operate.letters.Remedy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is so of an event, and what to do about it, in one sentence each; {@code src/docs/operations.md} says more. Stateless. */
final class Advice {
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
            case Standing.Waiting waiting -> WaitingAdvice.summary(waiting, now);
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
            case Standing.Waiting waiting -> WaitingAdvice.remedy(waiting);
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
}
