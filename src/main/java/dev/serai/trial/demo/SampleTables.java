package dev.serai.trial.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The compacted topics that samples are enriched from: {@code TOPIC.json} holds an object, of references and what the
 * topic's record says of each. For one thread.
 */
public final class SampleTables {
    private static final String SUFFIX = ".json";

    private final Map<String, Object> kafkaProperties;

    /** @param kafkaProperties of a Kafka that has none of the topics */
    public SampleTables(Map<String, Object> kafkaProperties) {
        this.kafkaProperties = Map.copyOf(kafkaProperties);
    }

    /**
     * Makes a topic of each file in the folder, which need not be there. When this returns, Kafka has all records.
     *
     * @throws IOException if a file cannot be read; the message names it
     * @throws Sample.BrokenSampleException if a file holds no JSON object
     */
    public void publish(Path folder) throws IOException, InterruptedException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        for (Path file : files(folder)) {
            String name = file.getFileName().toString();
            publish(name.substring(0, name.length() - SUFFIX.length()), read(file));
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private static JsonNode read(Path file) throws IOException {
        JsonNode table;
        try {
            table = Json.MAPPER.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new Sample.BrokenSampleException(file + " cannot be read: " + e.getOriginalMessage(), e);
        }
        if (!table.isObject()) {
            throw new Sample.BrokenSampleException(
                    file + " should hold a JSON object, of references and their values", null);
        }
        return table;
    }

    private void publish(String topic, JsonNode table) throws InterruptedException {
        NewTopic compacted = new NewTopic(topic, Optional.empty(), Optional.empty())
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        try (Admin admin = Admin.create(kafkaProperties);
                var producer =
                        new KafkaProducer<>(kafkaProperties, new ByteArraySerializer(), new ByteArraySerializer())) {
            KafkaFuture<Void> created = admin.createTopics(List.of(compacted)).all();
            created.get();
            for (Map.Entry<String, JsonNode> entry : table.properties()) {
                producer.send(new ProducerRecord<>(topic, entry.getKey().getBytes(UTF_8), Json.bytes(entry.getValue())))
                        .get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not take the table " + topic + ": " + e.getCause(), e);
        }
    }
}
