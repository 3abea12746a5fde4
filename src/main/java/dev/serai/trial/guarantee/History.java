package dev.serai.trial.guarantee;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that was observed of a run from outside.
 *
 * @param published in the order in which they were sent, which is that of the start topic for each conversation
 * @param calls in the order in which the stand-in received them
 * @param replies in the order in which a reader saw them, which is that of the reply topic for each conversation
 * @param kills each process at most once
 * @param cutOff ids of the published events whose records the start topic has lost, with the end of its log: the
 *     service may have seen them or not, and nobody can tell
 * @param interruptions of processes that went on afterwards, any number of each
 */
public record History(
        List<PublishedEvent> published,
        List<SeenCall> calls,
        List<SeenReply> replies,
        List<SeenDeadLetter> deadLetters,
        List<Kill> kills,
        Set<String> cutOff,
        List<Interruption> interruptions) {

    public History {
        published = List.copyOf(published);
        calls = List.copyOf(calls);
        replies = List.copyOf(replies);
        deadLetters = List.copyOf(deadLetters);
        kills = List.copyOf(kills);
        cutOff = Set.copyOf(cutOff);
        interruptions = List.copyOf(interruptions);
    }

    Map<String, List<SeenReply>> repliesByEvent() {
        return replies.stream().collect(groupingBy(SeenReply::eventId, LinkedHashMap::new, toList()));
    }

    /** The first reply to each event that has one. */
    Map<String, SeenReply> firstReplies() {
        return replies.stream()
                .collect(toMap(SeenReply::eventId, reply -> reply, (first, later) -> first, LinkedHashMap::new));
    }

    Map<String, Instant> killedAt() {
        return kills.stream().collect(toMap(Kill::process, Kill::at));
    }

    /** Whether an interruption of the first call's process is why both were made. */
    boolean isExplained(SeenCall interrupted, SeenCall ofTheOwner) {
        return interruptions.stream().anyMatch(interruption -> interruption.explains(interrupted, ofTheOwner));
    }
}
