package dev.serai.trial.guarantee;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A dead letter as a {@code read_committed} consumer saw it. */
public record SeenDeadLetter(String eventId) {

    public static SeenDeadLetter of(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        return new SeenDeadLetter(
                SeenReply.json(kafkaRecord.value()).path("event_id").asText());
    }
}
