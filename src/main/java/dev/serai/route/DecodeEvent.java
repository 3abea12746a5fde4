package dev.serai.route;

import dev.serai.event.ErrorCategory;
import dev.serai.event.Failure;
import dev.serai.event.Secrets;
import dev.serai.intake.Decoded;
import dev.serai.intake.StartEventDecoder;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Reads the start event, or leaves for the reject route with {@code invalid_event}. Thread-safe. */
public final class DecodeEvent implements Processor {
    private final StartEventDecoder decoder;

    public DecodeEvent(StartEventDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public void process(Exchange exchange) {
        Conversation conversation = Conversation.of(exchange);
        switch (decoder.decode(conversation.original())) {
            case Decoded.Accepted accepted -> {
                conversation.accept(accepted.event());
                BeginEvent.logIdentity(conversation);
            }
            case Decoded.Refused refused -> {
                conversation.refuse(refused);
                BeginEvent.logIdentity(conversation);
                throw new ConversationFailure(Failure.of(ErrorCategory.INVALID_EVENT, Secrets.mask(refused.reason())));
            }
        }
    }
}
