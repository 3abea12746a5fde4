package dev.serai.trial.guarantee;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a {@link History} by hand. Event {@code c1-2} belongs to conversation {@code c1}; times are in milliseconds. */
final class SampleHistory {
    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");

    private final List<PublishedEvent> published = new ArrayList<>();
    private final List<SeenCall> calls = new ArrayList<>();
    private final List<SeenReply> replies = new ArrayList<>();
    private final List<SeenDeadLetter> deadLetters = new ArrayList<>();
    private final List<Kill> kills = new ArrayList<>();
    private final Set<String> cutOff = new HashSet<>();
    private final List<Interruption> interruptions = new ArrayList<>();

    SampleHistory published(String... eventIds) {
        for (String eventId : eventIds) {
            published.add(new PublishedEvent(eventId, conversation(eventId), "character", false, false));
        }
        return this;
    }

    SampleHistory publishedFor(String characterId, String eventId) {
        published.add(new PublishedEvent(eventId, conversation(eventId), characterId, false, false));
        return this;
    }

    SampleHistory publishedFresh(String eventId) {
        published.add(new PublishedEvent(eventId, conversation(eventId), "character", true, false));
        return this;
    }

    /** An event that must be rejected. */
    SampleHistory publishedFlawed(String eventId) {
        published.add(new PublishedEvent(eventId, conversation(eventId), "character", false, true));
        return this;
    }

    /** A started reply that says that a session may be left that nobody joins. */
    SampleHistory startedDoubtfully(String eventId) {
        return reply(new SeenReply(eventId, conversation(eventId), true, "session", "new", 2, true));
    }

    SampleHistory started(String... eventIds) {
        for (String eventId : eventIds) {
            startedAs(eventId, "new", "session");
        }
        return this;
    }

    SampleHistory startedAs(String eventId, String continuity, String session) {
        return reply(new SeenReply(eventId, conversation(eventId), true, session, continuity, 1, false));
    }

    SampleHistory startedAfter(int attempts, String eventId) {
        return reply(new SeenReply(eventId, conversation(eventId), true, "session", "new", attempts, false));
    }

    SampleHistory failed(String eventId) {
        return reply(new SeenReply(eventId, conversation(eventId), false, null, null, 1, false));
    }

    SampleHistory reply(SeenReply reply) {
        replies.add(reply);
        return this;
    }

    SampleHistory deadLetter(String eventId) {
        deadLetters.add(new SeenDeadLetter(eventId));
        return this;
    }

    /** An answered call. */
    SampleHistory call(String process, String eventId, int fromMillis, int toMillis) {
        calls.add(new SeenCall(
                eventId, conversation(eventId), process, at(fromMillis), at(toMillis), true, false, true, null));
        return this;
    }

    /** A call that opened a session, and whose answer was lost if no room is given. */
    SampleHistory opened(String process, String eventId, int fromMillis, @Nullable String room) {
        calls.add(new SeenCall(
                eventId,
                conversation(eventId),
                process,
                at(fromMillis),
                at(fromMillis + 10),
                room != null,
                false,
                true,
                room));
        return this;
    }

    /** A call that the provider answered with a failure. */
    SampleHistory failed(String process, String eventId, int fromMillis, int toMillis) {
        calls.add(new SeenCall(
                eventId, conversation(eventId), process, at(fromMillis), at(toMillis), true, true, false, null));
        return this;
    }

    /** A call that its caller gave up, or that is still in progress. */
    SampleHistory unanswered(String process, String eventId, int fromMillis, @Nullable Integer toMillis) {
        calls.add(new SeenCall(
                eventId,
                conversation(eventId),
                process,
                at(fromMillis),
                toMillis == null ? null : at(toMillis),
                false,
                false,
                false,
                null));
        return this;
    }

    SampleHistory killed(String process, int atMillis) {
        kills.add(new Kill(process, at(atMillis)));
        return this;
    }

    SampleHistory cutOff(String... eventIds) {
        cutOff.addAll(List.of(eventIds));
        return this;
    }

    SampleHistory interrupted(String process, int fromMillis, int untilMillis) {
        interruptions.add(new Interruption(process, at(fromMillis), at(untilMillis)));
        return this;
    }

    History history() {
        return new History(published, calls, replies, deadLetters, kills, cutOff, interruptions);
    }

    private static Instant at(int millis) {
        return START.plusMillis(millis);
    }

    private static String conversation(String eventId) {
        return eventId.substring(0, eventId.indexOf('-'));
    }
}
