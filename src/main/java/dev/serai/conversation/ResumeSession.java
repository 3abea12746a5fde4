package dev.serai.conversation;

import dev.serai.wire.Continuity;
import dev.serai.wire.StartConversation;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Chooses the session that the event goes on with: the one that it names, else, unless it asks for a fresh one, the last
 * that the conversation had with this character. Stateless, thread-safe.
 */
public final class ResumeSession implements Processor {

    @Override
    public void process(Exchange exchange) {
        Conversation conversation = Conversation.of(exchange);
        StartConversation event = conversation.event();
        ConversationSession session = conversation.session();
        if (event.characterSessionId() == null && event.continuity() == Continuity.RESUME) {
            session.remembered()
                    .session(event.characterId())
                    .ifPresent(latest -> conversation.session(session.resuming(latest)));
        }
    }
}
