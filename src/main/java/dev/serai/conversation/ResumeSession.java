package dev.serai.conversation;

import dev.serai.session.ConversationState;
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
        EventInFlight inFlight = EventInFlight.of(exchange);
        StartConversation event = inFlight.event();
        ConversationSession session = inFlight.session();
        ConversationState remembered = session.remembered();
        if (remembered != null && event.characterSessionId() == null && event.continuity() == Continuity.RESUME) {
            remembered.session(event.characterId()).ifPresent(latest -> inFlight.session(session.resuming(latest)));
        }
    }
}
