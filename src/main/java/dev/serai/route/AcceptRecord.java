package dev.serai.route;

import dev.serai.event.OriginalRecord;
import dev.serai.event.RecordHeader;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.LogFields;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.kafka.common.header.Headers;
import org.slf4j.MDC;

/**
 * Turns what camel-kafka delivers into a {@link Conversation}, and empties the message: from here on no header of the
 * event is anywhere that an endpoint could send it from. Stateless, thread-safe.
 */
public final class AcceptRecord implements Processor {
    private final ConversationMetrics metrics;
    private final Clock clock;

    public AcceptRecord(ConversationMetrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        Conversation conversation = new Conversation(original(message), clock.instant());
        conversation.attachTo(exchange);
        exchange.setProperty(ExchangeKeys.COMMIT, message.getHeader(KafkaConstants.MANUAL_COMMIT));
        message.removeHeaders("*");
        message.setBody(null);
        logIdentity(conversation);
        metrics.eventBegun();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                metrics.eventEnded();
                MDC.remove(LogFields.EVENT_ID);
                MDC.remove(LogFields.CONVERSATION_KEY);
            }
        });
    }

    /** Puts the event's names on every log line of this thread. */
    static void logIdentity(Conversation conversation) {
        MDC.put(LogFields.EVENT_ID, conversation.eventId());
        MDC.put(LogFields.CONVERSATION_KEY, conversation.original().conversationKey());
    }

    private static OriginalRecord original(Message message) {
        return new OriginalRecord(
                message.getHeader(KafkaConstants.TOPIC, String.class),
                message.getHeader(KafkaConstants.PARTITION, Integer.class),
                message.getHeader(KafkaConstants.OFFSET, Long.class),
                Instant.ofEpochMilli(message.getHeader(KafkaConstants.TIMESTAMP, Long.class)),
                message.getHeader(KafkaConstants.KEY, byte[].class),
                message.getBody(byte[].class),
                headers(message.getHeader(KafkaConstants.HEADERS, Headers.class)));
    }

    private static List<RecordHeader> headers(Headers headers) {
        List<RecordHeader> all = new ArrayList<>();
        headers.forEach(header -> all.add(new RecordHeader(header.key(), header.value())));
        return all;
    }
}
