package dev.serai.route;

import dev.serai.event.Continuity;
import dev.serai.event.StartConversation;
import dev.serai.session.SessionMemory;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Finds the session that the conversation goes on with: the one that the event names, else, unless it asks for a fresh
 * one, the last that the conversation had with this character. Thread-safe.
 */
public final class ResumeSession implements Processor {
    private final SessionMemory sessions;

    public ResumeSession(SessionMemory sessions) {
        this.sessions = sessions;
    }

    @Override
    public void process(Exchange exchange) {
        Conversation conversation = Conversation.of(exchange);
        StartConversation event = conversation.event();
        String key = conversation.original().conversationKey();
        if (event.characterSessionId() == null && event.continuity() == Continuity.RESUME && key != null) {
            sessions.latest(key, event.characterId()).ifPresent(conversation::resume);
        }
    }
}
