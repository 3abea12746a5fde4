package dev.serai.operate.explain;

import dev.serai.loop.Elapsed;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Whether the room that an event was answered with is open, or who has ended it. Stateless. */
final class RoomState {
    private RoomState() {}

    /** The rest of a sentence that begins with the room. */
    static String text(Story story, Arrival arrival, FoundReply answer) {
        Evidence evidence = story.evidence();
        Instant now = evidence.now();
        Optional<SessionsSeen.OpenSeen> open = evidence.sessions().open().stream()
                .filter(session -> session.eventId().equals(arrival.eventId()))
                .findFirst();
        Optional<String> ended = endedBy(story, arrival);
        if (ended.isPresent() && open.isEmpty()) {
            return ended.get();
        }
        if (open.isPresent()) {
            SessionsSeen.OpenSeen session = open.get();
            String since = "open since " + session.openedAt();
            if (session.over()) {
                return since + ", and probably over: it has idled, or its time has come";
            }
            return session.closeAt() == null
                    ? since + ", as far as is known"
                    : since + "; the service ends it at " + session.closeAt();
        }
        Duration age = Duration.between(answer.publishedAt(), now);
        Duration idle = evidence.deployment().sessionIdle();
        return age.compareTo(idle) > 0
                ? "probably over: it counts as open for " + Elapsed.text(idle)
                        + " (serai.connect.session-idle), and nobody has told of it since"
                : "probably open: nobody has ended it by an event, and whether it was ended otherwise only a topic with"
                        + " sealed sessions tells (serai.sessions.key-file)";
    }

    /** The first end event behind it that has ended a session. */
    private static Optional<String> endedBy(Story story, Arrival arrival) {
        return story.standings().entrySet().stream()
                .filter(each -> each.getKey().ends()
                        && each.getKey().at().partition() == arrival.at().partition()
                        && each.getKey().at().offset() > arrival.at().offset())
                .flatMap(each -> ended(each).stream())
                .findFirst();
    }

    private static Optional<String> ended(Map.Entry<Arrival, Standing> end) {
        return end.getValue() instanceof Standing.Ended ended && ended.answer().sessionsEnded() > 0
                ? Optional.of("ended at " + ended.answer().publishedAt() + " by end event "
                        + end.getKey().eventId() + " (" + end.getKey().at() + ")")
                : Optional.empty();
    }
}
