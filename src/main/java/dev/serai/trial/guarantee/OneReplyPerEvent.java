package dev.serai.trial.guarantee;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * No event has a second reply or dead letter, none has both a room and a dead letter, and nothing is answered that was
 * not published. Missing ones are {@link NothingLost}'s business. An event whose record was cut off the start topic's log
 * is no exception: it was published.
 */
final class OneReplyPerEvent implements Guarantee {

    @Override
    public String promise() {
        return "no event has a second reply or a second dead letter";
    }

    @Override
    public List<String> breaches(History history) {
        Map<String, PublishedEvent> published =
                history.published().stream().collect(toMap(PublishedEvent::eventId, event -> event));
        List<String> breaches = new ArrayList<>();
        history.repliesByEvent().forEach((eventId, replies) -> {
            PublishedEvent event = published.get(eventId);
            if (event == null) {
                breaches.add(eventId + " was answered and never published");
            } else if (replies.size() > 1) {
                breaches.add(eventId + " has " + replies.size() + " replies");
            } else if (!replies.getFirst().conversation().equals(event.conversation())) {
                breaches.add(eventId + " of " + event.conversation() + " was answered in "
                        + replies.getFirst().conversation());
            }
        });
        Map<String, SeenReply> answers = history.firstReplies();
        history.deadLetters().stream()
                .collect(groupingBy(SeenDeadLetter::eventId, LinkedHashMap::new, counting()))
                .forEach((eventId, count) -> {
                    if (!published.containsKey(eventId)) {
                        breaches.add(eventId + " has a dead letter and was never published");
                    } else if (count > 1) {
                        breaches.add(eventId + " has " + count + " dead letters");
                    } else if (answers.containsKey(eventId)
                            && answers.get(eventId).started()) {
                        breaches.add(eventId + " has a room and a dead letter");
                    }
                });
        return breaches;
    }
}
