package dev.serai.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What commands publish there: events, and commands to the service. Stateless. */
final class StartTopic {
    /** For one record, from its send to its acknowledgement; somebody sits and waits. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private StartTopic() {}

    /**
     * Publishes one record after the other.
     *
     * @param what they are, for the message of a failure
     * @return where each is, acknowledged by all replicas in sync
     * @throws IOException with a message for the user, if one cannot be published; those before it are
     */
    static List<RecordMetadata> publish(
            Map<String, Object> kafka, String what, List<ProducerRecord<byte[], byte[]>> records)
            throws IOException, InterruptedException {
        var settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.toIntExact(ANSWER_LIMIT.toMillis()));
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(ANSWER_LIMIT.toMillis()));
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(LIMIT.toMillis()));
        String topic = records.getFirst().topic();
        List<RecordMetadata> published = new ArrayList<>();
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> next : records) {
                published.add(producer.send(next).get());
            }
            return published;
        } catch (ExecutionException | KafkaException e) {
            throw KafkaRefusedException.because(what + " could not be published on " + topic, e);
        }
    }
}
