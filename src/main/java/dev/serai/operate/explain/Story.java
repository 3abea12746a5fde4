package dev.serai.operate.explain;

import dev.serai.loop.Elapsed;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the evidence comes to.
 *
 * @param standings of all events of the conversation
 * @param about the event that the story is about: the one that was asked for, where it was sent several times the last; of a
 *     conversation the first that is not answered, or else the last; null if there is none
 * @param summary what is so, in one sentence
 * @param remedy what to do, in one sentence
 */
public record Story(
        Evidence evidence,
        SequencedMap<Arrival, Standing> standings,
        @Nullable Arrival about,
        boolean found,
        String summary,
        String remedy) {

    /** Tells it. Pure: the same evidence comes to the same story. */
    public static Story of(Evidence evidence) {
        SequencedMap<Arrival, Standing> standings = Standings.of(evidence);
        Arrival about = about(evidence, standings).orElse(null);
        if (about != null) {
            Standing standing = standings.get(about);
            if (standing != null) {
                return new Story(
                        evidence,
                        standings,
                        about,
                        true,
                        (about.ends() ? "end event " : "event ") + about.eventId() + " "
                                + Advice.summary(standing, evidence.now()),
                        Advice.remedy(standing));
            }
        }
        return withoutRecord(evidence, standings);
    }

    private static Optional<Arrival> about(Evidence evidence, SequencedMap<Arrival, Standing> standings) {
        List<Arrival> all = List.copyOf(standings.sequencedKeySet());
        return switch (evidence.question()) {
            case Question.OfEvent event -> last(all, event.id());
            case Question.OfRoom room ->
                evidence.answers().stream()
                        .filter(answer -> room.name().equals(answer.room()))
                        .reduce((earlier, later) -> later)
                        .flatMap(answer -> last(all, answer.eventId()));
            case Question.OfConversation conversation ->
                all.stream()
                        .filter(arrival -> isOpen(standings.get(arrival)))
                        .findFirst()
                        .or(() -> all.stream().reduce((earlier, later) -> later));
        };
    }

    private static Optional<Arrival> last(List<Arrival> all, String id) {
        return all.stream()
                .filter(arrival -> arrival.eventId().equals(id)
                        || Position.parse(id).filter(arrival.at()::equals).isPresent())
                .reduce((earlier, later) -> later);
    }

    /** Whether it is still to be answered, or its answer is still to be seen. */
    static boolean isOpen(@Nullable Standing standing) {
        return standing instanceof Standing.Waiting
                || standing instanceof Standing.NotCommitted
                || standing instanceof Standing.ReplyHeldBack
                || standing instanceof Standing.Unread
                || standing instanceof Standing.Unseen;
    }

    /** Nothing of it is on the start topic, or not any more. */
    private static Story withoutRecord(Evidence evidence, SequencedMap<Arrival, Standing> standings) {
        Optional<FoundReply> answer = evidence.answers().stream().reduce((earlier, later) -> later);
        Optional<Rejection> letter = evidence.letters().stream().reduce((earlier, later) -> later);
        String asked = evidence.question().text();
        if (answer.isPresent()) {
            if (!answer.get().isReply()) {
                return traced(
                        evidence,
                        standings,
                        asked + " has nothing on " + evidence.deployment().startTopic()
                                + " that was looked at, and its last record on the reply topics, "
                                + answer.get().at() + " is no reply of this service",
                        "find out who writes to " + answer.get().at().topic()
                                + ": readers take its records for replies");
            }
            Standing standing = Standings.answered(evidence, null, answer.get(), letter.orElse(null));
            return traced(
                    evidence,
                    standings,
                    asked + ": its record is not on " + evidence.deployment().startTopic()
                            + " any more, or is older than what was looked at; event "
                            + answer.get().eventId() + " " + Advice.summary(standing, evidence.now()),
                    Advice.remedy(standing));
        }
        if (letter.isPresent()) {
            Standing standing = new Standing.Failed(null, letter.get());
            return traced(
                    evidence,
                    standings,
                    asked + " " + Advice.summary(standing, evidence.now()),
                    Advice.remedy(standing));
        }
        if (!evidence.raw().isEmpty()) {
            RawSeen raw = evidence.raw().getLast();
            return traced(
                    evidence,
                    standings,
                    asked + " is named by the raw record " + raw.at() + ", "
                            + (raw.done()
                                    ? "of which intake " + raw.intake() + " has made no event of that name"
                                    : "which intake " + raw.intake() + " has not mapped yet"),
                    raw.done()
                            ? "./serai check FILE --intake " + raw.intake() + " shows what becomes of such a record"
                            : "look at health intake-" + raw.intake() + " (operations.md, An intake stands still)");
        }
        String nowhere = asked + " is on none of the topics that were looked through";
        if (!evidence.forbidden().isEmpty()) {
            return untraced(
                    evidence,
                    standings,
                    nowhere,
                    "have this client READ " + String.join(", ", evidence.forbidden()) + ", which it may not");
        }
        if (!evidence.unseen().isEmpty()) {
            return untraced(
                    evidence,
                    standings,
                    nowhere,
                    "start the brokers that lead "
                            + String.join(", ", evidence.unseen().keySet())
                            + ", which could not be looked at (./serai doctor --only partitions)");
        }
        return untraced(
                evidence,
                standings,
                nowhere,
                evidence.question() instanceof Question.OfRoom
                        ? "a room's name stands in its reply alone, and replies are kept for "
                                + Elapsed.text(evidence.deployment().replyRetention())
                                + " (serai.kafka.reply-retention): of an older one ask for the conversation by --key KEY, or"
                                + " for its event"
                        : "compare the name, the topics and the Kafka with the publisher's; --since looks further back");
    }

    /** Without a record on the start topic, but with one elsewhere. */
    private static Story traced(
            Evidence evidence, SequencedMap<Arrival, Standing> standings, String summary, String remedy) {
        return new Story(evidence, standings, null, true, summary, remedy);
    }

    private static Story untraced(
            Evidence evidence, SequencedMap<Arrival, Standing> standings, String summary, String remedy) {
        return new Story(evidence, standings, null, false, summary, remedy);
    }
}
