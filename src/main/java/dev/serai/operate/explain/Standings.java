package dev.serai.operate.explain;

import dev.serai.loop.Counted;
import dev.serai.loop.Elapsed;
import dev.serai.wire.ErrorCategory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Tells from the evidence how far each event has come. Stateless. */
final class Standings {
    private Standings() {}

    /** Of all arrivals, in their order; of events that are not committed, behind them. */
    static SequencedMap<Arrival, Standing> of(Evidence evidence) {
        Map<String, Deque<FoundReply>> answers = new HashMap<>();
        evidence.answers().forEach(answer -> answers.computeIfAbsent(answer.eventId(), id -> new ArrayDeque<>())
                .add(answer));
        SequencedMap<Arrival, Standing> standings = new LinkedHashMap<>();
        for (Arrival arrival : evidence.arrivals()) {
            Deque<FoundReply> own = answers.get(arrival.eventId());
            // One for each time that the event was sent, in that order, but for those that are gone.
            FoundReply answer = own == null || isGone(evidence, arrival, own.peekFirst()) ? null : own.pollFirst();
            standings.put(arrival, of(evidence, arrival, answer));
        }
        for (Arrival arrival : evidence.undecided()) {
            standings.put(
                    arrival,
                    new Standing.NotCommitted(
                            evidence.holding(arrival.at().topic(), arrival.at().partition())
                                    .orElse(null)));
        }
        return standings;
    }

    /** Whether the event's own reply is kept no more, and the next that there is came of its being sent again. */
    private static boolean isGone(Evidence evidence, Arrival arrival, @Nullable FoundReply next) {
        Duration age = Duration.between(arrival.publishedAt(), evidence.now());
        return next != null
                && age.compareTo(evidence.deployment().replyRetention()) > 0
                && evidence.arrivals().stream()
                        .anyMatch(again -> again.eventId().equals(arrival.eventId())
                                && again.publishedAt().isAfter(arrival.publishedAt())
                                && !again.publishedAt().isAfter(next.publishedAt()));
    }

    private static Standing of(Evidence evidence, Arrival arrival, @Nullable FoundReply answer) {
        Rejection letter = evidence.letters().stream()
                .filter(each -> arrival.at().equals(each.of()))
                .findFirst()
                .orElse(null);
        if (letter != null && letter.replay() != null) {
            return new Standing.Replayed(letter);
        }
        if (answer != null) {
            return answered(evidence, arrival, answer, letter);
        }
        if (letter != null) {
            return letter.category().equals(ErrorCategory.EXPIRED.wireName())
                    ? new Standing.Expired(null, letter)
                    : new Standing.Failed(null, letter);
        }
        Optional<Evidence.HeldBy> held = evidence.heldBy(arrival.at());
        if (held.isPresent()) {
            Position behind = held.get().held().behind();
            return new Standing.Waiting(
                    held.get().service(),
                    held.get().held(),
                    behind == null
                            ? null
                            : evidence.heldBy(behind).map(Evidence.HeldBy::held).orElse(null));
        }
        return unanswered(evidence, arrival);
    }

    /**
     * What a reply comes to.
     *
     * @param arrival null if its record is not there any more
     */
    static Standing answered(
            Evidence evidence, @Nullable Arrival arrival, FoundReply answer, @Nullable Rejection letter) {
        if (answer.isFailed(ErrorCategory.CANCELLED.wireName())) {
            return new Standing.Cancelled(answer, arrival == null ? null : cancelledBy(evidence, arrival));
        }
        if (answer.isFailed(ErrorCategory.EXPIRED.wireName())) {
            return new Standing.Expired(answer, letter);
        }
        return switch (answer.status()) {
            case "failed" -> new Standing.Failed(answer, letter);
            case "ended" -> new Standing.Ended(answer);
            default -> new Standing.Started(answer);
        };
    }

    /** The next end event of its conversation; or the one that has ended that for good before. */
    private static @Nullable String cancelledBy(Evidence evidence, Arrival arrival) {
        return evidence.arrivals().stream()
                .filter(each -> each.ends()
                        && each.at().partition() == arrival.at().partition()
                        && each.at().offset() > arrival.at().offset())
                .findFirst()
                .map(end -> end.eventId() + " (" + end.at() + ", published at " + end.publishedAt() + ")")
                .orElseGet(() -> {
                    SessionsSeen.FinalEndSeen end = evidence.sessions().finalEnd();
                    return end == null
                            ? null
                            : end.eventId() + ", which has ended the conversation for good at " + end.at();
                });
    }

    private static Standing unanswered(Evidence evidence, Arrival arrival) {
        GroupSeen group = evidence.group(arrival.at()).orElse(null);
        if (group == null || group.problem() != null) {
            return new Standing.Unseen(
                    "is not answered, and whether it was read cannot be seen: "
                            + (group == null ? "its group was not asked" : group.problem()),
                    group != null && group.forbidden()
                            ? "give this client the right to DESCRIBE the group " + group.id()
                            : "./serai doctor --only groups,broker says whether the group's coordinator answers");
        }
        if (group.isDoneWith(arrival.at())) {
            return done(evidence, arrival);
        }
        long before = group.before(arrival.at());
        String lag = before == 0
                ? "it is the next of its partition"
                : Counted.text(before, "offset") + " before it in its partition " + (before == 1 ? "is" : "are")
                        + " not answered";
        if (group.members() == 0) {
            return new Standing.Unread(
                    group,
                    "was read by nobody: no service runs in the group " + group.id() + "; " + lag,
                    "start one with ./serai run, under the settings of before; it answers the event then, or says that its"
                            + " deadline has passed");
        }
        if (group.owner() == null) {
            return new Standing.Unread(
                    group,
                    "was read by nobody: no replica has its partition "
                            + arrival.at().topic() + "-"
                            + arrival.at().partition() + ", though the group " + group.id() + " has "
                            + Counted.text(group.members(), "member")
                            + (group.rebalancing() ? ", and gives its partitions out just now" : "") + "; " + lag,
                    "wait for the rebalance: that takes some ten seconds after a replica was lost; if it lasts, restart the"
                            + " replicas one by one, and look whether they read that topic (serai.kafka.start-topic)");
        }
        return owned(evidence, group, lag);
    }

    private static Standing owned(Evidence evidence, GroupSeen group, String lag) {
        String unhealthy = evidence.services().stream()
                .map(ServiceSeen::health)
                .filter(Objects::nonNull)
                .findFirst()
                .map(problem -> "; a service is not healthy: " + problem)
                .orElse("");
        if (evidence.services().stream().noneMatch(ServiceSeen::isReached)) {
            return new Standing.Unseen(
                    "is not answered; " + group.owner() + " has its partition, " + lag
                            + ", and no service could be asked what it waits for",
                    "name the HTTP port of the replica that has the partition by --at HOST:PORT (and of all others)");
        }
        Optional<OpenTransaction> sessions =
                evidence.holding(evidence.deployment().sessionTopic(), group.partition());
        if (sessions.filter(OpenTransaction::hangs).isPresent()) {
            return new Standing.Unread(
                    group,
                    "was not read: the partition waits to be taken over, for "
                            + sessions.get().text() + "; " + lag + unhealthy,
                    sessions.get().remedy());
        }
        return new Standing.Unread(
                group,
                "is not answered, and none of the services that were asked holds it: " + group.owner()
                        + " has its partition, and has not come to it, or was not asked; " + lag + unhealthy,
                "ask the replica that has the partition by --at HOST:PORT; look at ./serai waiting for what is before it, and"
                        + " at its health for why it does not read");
    }

    private static Standing done(Evidence evidence, Arrival arrival) {
        Optional<OpenTransaction> open = evidence.holding(arrival.replyTopic(), arrival.replyPartition());
        if (open.isPresent()) {
            return new Standing.ReplyHeldBack(open.get());
        }
        if (evidence.forbidden().contains(arrival.replyTopic())) {
            return new Standing.Unseen(
                    "is done with, and its reply on " + arrival.replyTopic() + " may not be read by this client",
                    "have this client READ " + arrival.replyTopic());
        }
        if (!evidence.sees(arrival.replyTopic())) {
            return new Standing.Unseen(
                    "is done with, and its reply can be on partitions of " + arrival.replyTopic()
                            + " that could not be looked at",
                    "start the brokers that lead "
                            + String.join(", ", evidence.unseen().keySet()) + " (./serai doctor --only partitions)");
        }
        if (evidence.looked().stream()
                .anyMatch(look -> look.topic().equals(arrival.replyTopic()) && !look.complete())) {
            return new Standing.Unseen(
                    "is done with, and its reply was not looked for to the end: the time was over before all of "
                            + arrival.replyTopic() + " was looked through",
                    "ask again, with a longer --timeout");
        }
        Duration age = Duration.between(arrival.publishedAt(), evidence.now());
        Duration kept = evidence.deployment().replyRetention();
        if (age.compareTo(kept) > 0) {
            return new Standing.ReplyGone("replies are kept for " + Elapsed.text(kept)
                    + " (serai.kafka.reply-retention), and it was published " + Elapsed.text(age) + " ago");
        }
        boolean sentBefore = evidence.arrivals().stream()
                .anyMatch(each -> !each.at().equals(arrival.at())
                        && each.eventId().equals(arrival.eventId())
                        && each.at().offset() < arrival.at().offset());
        return new Standing.ReplyGone(
                sentBefore
                        ? "an event of that id was sent before, and with serai.reply.repeat=false it is passed over"
                        : "there is no reply to it on " + arrival.replyTopic()
                                + ": it had neither key nor id that a reply could be known by, or a route of your own has"
                                + " sent it elsewhere");
    }
}
