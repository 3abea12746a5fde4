package dev.serai.trial.guarantee;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The replies of a conversation come in the order of its events. Of an event with several replies the first one counts,
 * of one without any nothing is said: those are other guarantees' business.
 */
final class OrderPerConversation implements Guarantee {

    @Override
    public String promise() {
        return "replies come in the order of their conversation's events";
    }

    @Override
    public List<String> breaches(History history) {
        Map<String, Integer> positions = new HashMap<>();
        Map<String, String> conversations = new HashMap<>();
        for (PublishedEvent event : history.published()) {
            positions.put(event.eventId(), positions.size());
            conversations.put(event.eventId(), event.conversation());
        }
        Map<String, String> furthest = new HashMap<>();
        List<String> breaches = new ArrayList<>();
        for (String eventId : history.firstReplies().keySet()) {
            Integer position = positions.get(eventId);
            if (position == null) {
                continue;
            }
            String conversation = conversations.get(eventId);
            String earlier = furthest.get(conversation);
            if (earlier != null && position < Objects.requireNonNull(positions.get(earlier))) {
                breaches.add(conversation + ": " + eventId + " was answered after " + earlier);
            } else {
                furthest.put(conversation, eventId);
            }
        }
        return breaches;
    }
}
