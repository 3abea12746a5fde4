package dev.serai.route;

import dev.serai.event.OriginalRecord;
import dev.serai.event.RecordHeader;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.LogFields;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Turns what camel-kafka delivers into a {@link Conversation}, and empties the message: from here on no header of the
 * event is anywhere that an endpoint could send it from.
 *
 * <p>The record's offset is committed when the exchange has ended without an error and a reply or a dead letter was
 * acknowledged. Not by a step of the route: what a failure policy has handled does not come back to the route's next
 * step, and a step can be edited away. Stateless, thread-safe.
 */
public final class AcceptRecord implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptRecord.class);

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
        KafkaManualCommit offset = Objects.requireNonNull(
                message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class),
                "start-conversation needs allowManualCommit=true and autoCommitEnable=false");
        message.removeHeaders("*");
        message.setBody(null);
        logIdentity(conversation);
        metrics.eventBegun();
        exchange.getExchangeExtension().addOnCompletion(new Completion(conversation, offset));
    }

    /** Ends the event, on the consumer's thread, when its exchange is done. */
    private final class Completion extends SynchronizationAdapter {
        private final Conversation conversation;
        private final KafkaManualCommit offset;

        Completion(Conversation conversation, KafkaManualCommit offset) {
            this.conversation = conversation;
            this.offset = offset;
        }

        @Override
        public void onComplete(Exchange exchange) {
            if (conversation.isAnswered()) {
                offset.commit();
            } else {
                LOG.error(
                        "The routes ended without a reply or a dead letter: offset {} of {}-{} stays uncommitted",
                        conversation.original().offset(),
                        conversation.original().topic(),
                        conversation.original().partition());
            }
            onDone(exchange);
        }

        @Override
        public void onFailure(Exchange exchange) {
            LOG.warn("Not answered, and will run again: {}", String.valueOf(exchange.getException()));
            onDone(exchange);
        }

        @Override
        public void onDone(Exchange exchange) {
            metrics.eventEnded();
            MDC.remove(LogFields.EVENT_ID);
            MDC.remove(LogFields.CONVERSATION_KEY);
        }
    }

    /** Puts the event's names on every log line of this thread. */
    static void logIdentity(Conversation conversation) {
        MDC.put(LogFields.EVENT_ID, conversation.eventId());
        MDC.put(LogFields.CONVERSATION_KEY, conversation.original().conversationKey());
    }

    private OriginalRecord original(Message message) {
        long timestamp = message.getHeader(KafkaConstants.TIMESTAMP, Long.class);
        return new OriginalRecord(
                message.getHeader(KafkaConstants.TOPIC, String.class),
                message.getHeader(KafkaConstants.PARTITION, Integer.class),
                message.getHeader(KafkaConstants.OFFSET, Long.class),
                // Kafka's "no timestamp" is -1; deadlines then count from now.
                timestamp < 0 ? clock.instant() : Instant.ofEpochMilli(timestamp),
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
