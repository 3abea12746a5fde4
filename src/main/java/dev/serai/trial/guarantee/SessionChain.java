package dev.serai.trial.guarantee;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Started replies of one conversation with one character, in the order of their events, go on with one another: the first
 * one, and that of an event that asks to be fresh, is {@code new} under an id of its own, every other is {@code resumed}
 * under the id of the one before it.
 *
 * <p>Legal: failed replies in between; they open no session and end none. Illegal: {@code restarted}, because the
 * provider forgets no session in the runs that are checked, and no event names one. Sessions that no reply tells of (of
 * killed processes and lost answers) are not in the chain.
 */
final class SessionChain implements Guarantee {

    private record Chain(String conversation, String characterId) {}

    @Override
    public String promise() {
        return "a conversation goes on with its last session";
    }

    @Override
    public List<String> breaches(History history) {
        Map<String, SeenReply> replies = history.firstReplies();
        Map<Chain, SeenReply> last = new HashMap<>();
        List<String> breaches = new ArrayList<>();
        for (PublishedEvent event : history.published()) {
            SeenReply reply = replies.get(event.eventId());
            if (reply == null || !reply.started()) {
                continue;
            }
            SeenReply before = last.put(new Chain(event.conversation(), event.characterId()), reply);
            if (before == null || event.fresh()) {
                if (!"new".equals(reply.continuity())) {
                    breaches.add(event.eventId() + (event.fresh() ? " asked to be fresh" : " is the first")
                            + " and was " + reply.continuity());
                } else if (before != null && sameSession(before, reply)) {
                    breaches.add(event.eventId() + " asked to be fresh and has the session of " + before.eventId());
                }
            } else if (!"resumed".equals(reply.continuity())) {
                breaches.add(event.eventId() + " follows " + before.eventId() + " and was " + reply.continuity());
            } else if (!sameSession(before, reply)) {
                breaches.add(event.eventId() + " resumed another session than that of " + before.eventId());
            }
        }
        return breaches;
    }

    private static boolean sameSession(SeenReply before, SeenReply reply) {
        return before.characterSessionId() != null
                && before.characterSessionId().equals(reply.characterSessionId());
    }
}
