package dev.serai.trial.guarantee;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An event with a mistake gets no room, and leaves one dead letter. That it has a reply at all is {@link NothingLost}'s
 * business.
 *
 * @param othersMayFail whether the provider failed in a way that can cost an event its room that has no mistake; if not,
 *     such an event that was rejected is a breach, too
 */
public record MistakesDeadLettered(boolean othersMayFail) implements Guarantee {

    @Override
    public String promise() {
        return "an event with a mistake leaves one dead letter"
                + (othersMayFail ? "" : ", and every other one gets a room");
    }

    @Override
    public List<String> breaches(History history) {
        Map<String, SeenReply> replies = history.firstReplies();
        Map<String, Long> deadLetters =
                history.deadLetters().stream().collect(groupingBy(SeenDeadLetter::eventId, counting()));
        List<String> breaches = new ArrayList<>();
        for (PublishedEvent event : history.published()) {
            String eventId = event.eventId();
            SeenReply reply = replies.get(eventId);
            if (event.flawed()) {
                long letters = deadLetters.getOrDefault(eventId, 0L);
                if (reply != null && reply.started()) {
                    breaches.add(eventId + " has a mistake and was given a room");
                } else if (reply != null && letters != 1) {
                    breaches.add(eventId + " has a mistake and " + letters + " dead letters");
                }
            } else if (!othersMayFail && reply != null && !reply.started()) {
                breaches.add(eventId + " has no mistake and was rejected");
            }
        }
        return breaches;
    }
}
