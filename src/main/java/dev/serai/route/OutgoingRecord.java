package dev.serai.route;

import dev.serai.engine.Outbox;
import dev.serai.wire.RecordHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record for the next {@code kafka:} endpoint.
 *
 * @param topic in place of the endpoint's, or null
 * @param partition in place of the one that the key comes to, or null
 * @param timestamp in place of the time of sending, or null
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed over and never compared
public record OutgoingRecord(
        @Nullable String topic,
        @Nullable Integer partition,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RecordHeader> headers,
        @Nullable Instant timestamp) {

    /**
     * Makes the message this record and nothing else.
     *
     * @param outbox of the event that sends it
     */
    public void writeTo(Exchange exchange, Outbox outbox) {
        writeTo(exchange, outbox, UnaryOperator.identity());
    }

    /**
     * Makes the message this record, in an envelope that is put around its value when it goes out.
     *
     * @param outbox of the event that sends it
     * @param envelope makes the value of the one that the steps before the endpoint see, and may change
     */
    public void writeTo(Exchange exchange, Outbox outbox, UnaryOperator<byte[]> envelope) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setBody(value);
        if (key != null) {
            message.setHeader(KafkaConstants.KEY, key);
        }
        if (topic != null) {
            message.setHeader(KafkaConstants.OVERRIDE_TOPIC, topic);
        }
        if (partition != null) {
            message.setHeader(KafkaConstants.PARTITION_KEY, partition);
        }
        if (timestamp != null) {
            message.setHeader(KafkaConstants.OVERRIDE_TIMESTAMP, timestamp.toEpochMilli());
        }
        List<Header> kept = new ArrayList<>();
        for (RecordHeader header : headers) {
            kept.add(new org.apache.kafka.common.header.internals.RecordHeader(header.name(), header.value()));
        }
        message.setHeader(Outbox.KEPT_HEADERS, outbox.keepHeaders(kept, envelope));
    }
}
