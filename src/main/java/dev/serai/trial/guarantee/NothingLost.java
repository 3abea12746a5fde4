package dev.serai.trial.guarantee;

import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every published event has a reply, and if that says that it failed, a dead letter. Repeated ones are not its business.
 *
 * <p>Legal: that an event has no reply whose record was cut off the start topic's log. If it has one, the rest holds for it
 * too.
 */
final class NothingLost implements Guarantee {

    @Override
    public String promise() {
        return "every event has its reply, and every failed one a dead letter";
    }

    @Override
    public List<String> breaches(History history) {
        Map<String, List<SeenReply>> replies = history.repliesByEvent();
        Set<String> deadLetters =
                history.deadLetters().stream().map(SeenDeadLetter::eventId).collect(toSet());
        List<String> breaches = new ArrayList<>();
        for (PublishedEvent event : history.published()) {
            List<SeenReply> answers = replies.getOrDefault(event.eventId(), List.of());
            if (answers.isEmpty()) {
                if (history.cutOff().contains(event.eventId())) {
                    continue;
                }
                breaches.add(event.eventId() + " has no reply");
            } else if (answers.stream().anyMatch(reply -> !reply.started()) && !deadLetters.contains(event.eventId())) {
                breaches.add(event.eventId() + " failed and has no dead letter");
            }
        }
        return breaches;
    }
}
