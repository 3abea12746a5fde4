package dev.serai.route;

import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.common.header.Headers;

/** What camel-kafka delivers, as the record that it was. */
public final class ReceivedRecord {
    private ReceivedRecord() {}

    /**
     * Takes the record out of the message, which is empty then: from here on no header of the record is anywhere that an
     * endpoint could send it from.
     *
     * @param clock for what has no timestamp
     */
    public static OriginalRecord takenFrom(Message message, InstantSource clock) {
        long timestamp = message.getHeader(KafkaConstants.TIMESTAMP, Long.class);
        OriginalRecord original = new OriginalRecord(
                message.getHeader(KafkaConstants.TOPIC, String.class),
                message.getHeader(KafkaConstants.PARTITION, Integer.class),
                message.getHeader(KafkaConstants.OFFSET, Long.class),
                // Kafka's "no timestamp" is -1; deadlines then count from now.
                timestamp < 0 ? clock.instant() : Instant.ofEpochMilli(timestamp),
                message.getHeader(KafkaConstants.KEY, byte[].class),
                message.getBody(byte[].class),
                headers(message.getHeader(KafkaConstants.HEADERS, Headers.class)));
        message.removeHeaders("*");
        message.setBody(null);
        return original;
    }

    private static List<RecordHeader> headers(Headers headers) {
        List<RecordHeader> all = new ArrayList<>();
        headers.forEach(header -> all.add(new RecordHeader(header.key(), header.value())));
        return all;
    }
}
