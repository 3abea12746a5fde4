package dev.serai.testing;

import static dev.serai.testing.TopicReader.header;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Backends;
import dev.serai.SeraiService;
import dev.serai.config.InvalidSettingsException;
import dev.serai.config.SeraiSettings;
import dev.serai.config.Settings;
import dev.serai.event.Json;
import dev.serai.standin.StandIn;
import dev.serai.standin.StandInOptions;
import dev.serai.topic.ConversationTopics;
import dev.serai.topic.TopicSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The service with the project's own routes, on the shared broker with topics of its own, and a stand-in of its own.
 * For one test class; not thread-safe.
 */
public final class RunningSerai implements AutoCloseable {
    /** What the stand-in accepts. */
    public static final String API_KEY = "key-" + UUID.randomUUID();

    /** A character that the stand-in does not know. */
    public static final String UNKNOWN_CHARACTER = "character-unknown";

    /** A topic that requests may name in {@code kafka_replyTopic}, before the suffix of this run. */
    public static final String ALLOWED_REPLY_TOPIC = "callers.replies";

    private final String suffix = "." + UUID.randomUUID().toString().substring(0, 8);
    private final StandIn standIn = StandIn.start(StandInOptions.defaults()
            .withPort(0)
            .withApiKey(API_KEY)
            .withUnknownCharacters(Set.of(UNKNOWN_CHARACTER))
            .withDataDirectory(Path.of("config/demo/provider")));
    private final Settings settings;
    private final SeraiService service;
    private final KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
            Map.of(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    SharedBroker.bootstrapServers(),
                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                    32 << 20,
                    ProducerConfig.LINGER_MS_CONFIG,
                    0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    private final TopicReader replies;
    private final TopicReader deadLetters;

    public RunningSerai() {
        this(Map.of());
    }

    /** With settings in place of the test's defaults, which are the product's but for shorter pauses. */
    public RunningSerai(Map<String, String> overrides) {
        settings = settings(overrides);
        SeraiSettings.Kafka kafka = settings.values().kafka();
        Map<String, Object> kafkaProperties =
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, SharedBroker.bootstrapServers());
        TopicSetup topics = new TopicSetup(kafkaProperties, true, Duration.ofSeconds(20));
        try {
            topics.ensure(new ConversationTopics(
                    kafka.startTopic(),
                    List.of(kafka.replyTopic()),
                    kafka.deadLetterTopic(),
                    kafka.sessionTopic(),
                    kafka.partitions(),
                    kafka.replyRetention()));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        service = SeraiService.start(
                settings,
                new Backends(
                        kafkaProperties,
                        standIn.baseUrl(),
                        () -> API_KEY,
                        standIn.baseUrl().resolve("/scenes"),
                        standIn.baseUrl().resolve("/customers")));
        replies = new TopicReader(SharedBroker.bootstrapServers(), kafka.replyTopic());
        deadLetters = new TopicReader(SharedBroker.bootstrapServers(), kafka.deadLetterTopic());
    }

    private Settings settings(Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>();
        for (String topic : List.of("start", "reply", "dead-letter", "session")) {
            values.put("serai.kafka." + topic + "-topic", "test." + topic + suffix);
        }
        values.put("serai.kafka.bootstrap-servers", SharedBroker.bootstrapServers());
        values.put("serai.kafka.group-id", "serai" + suffix);
        values.put("serai.kafka.partitions", "4");
        values.put("serai.kafka.consumers", "4");
        values.put("serai.http.port", "0");
        values.put("serai.connect.initial-backoff", "10ms");
        values.put("serai.connect.max-backoff", "50ms");
        values.put("serai.connect.max-retry-after", "100ms");
        values.put("serai.connect.response-timeout", "1s");
        values.put("serai.enrich.scene.timeout", "500ms");
        values.put("serai.enrich.dynamic-info.timeout", "500ms");
        values.putAll(overrides);
        try {
            return Settings.load(Map.of(), null, values);
        } catch (InvalidSettingsException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public StandIn standIn() {
        return standIn;
    }

    public SeraiService service() {
        return service;
    }

    public SeraiSettings settings() {
        return settings.values();
    }

    /** Publishes an event and waits until Kafka has it. */
    public RecordMetadata publish(@Nullable String key, String value, Header... headers) {
        return publish(
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8),
                headers);
    }

    /** Publishes any bytes and waits until Kafka has them. */
    public RecordMetadata publish(byte @Nullable [] key, byte @Nullable [] value, Header... headers) {
        return publish(
                new ProducerRecord<>(settings.values().kafka().startTopic(), null, null, key, value, List.of(headers)));
    }

    /** Publishes a record as it is and waits until Kafka has it. */
    public RecordMetadata publish(ProducerRecord<byte[], byte[]> event) {
        try {
            return producer.send(event).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("Kafka did not take the event", e);
        }
    }

    /** The first reply to an event, as JSON. */
    public JsonNode replyTo(String eventId) {
        return json(replyRecordTo(eventId));
    }

    /** The first reply to an event, as its record. */
    public ConsumerRecord<byte[], byte[]> replyRecordTo(String eventId) {
        return replies.await("reply to " + eventId, reply -> isReplyTo(eventId, reply));
    }

    /** All replies to an event that are there now. */
    public List<JsonNode> repliesTo(String eventId) {
        return replies.all().stream()
                .filter(reply -> isReplyTo(eventId, reply))
                .map(RunningSerai::json)
                .toList();
    }

    /** The first dead letter of the record at that position. */
    public ConsumerRecord<byte[], byte[]> deadLetterOf(RecordMetadata position) {
        return deadLetters.await(
                "dead letter of " + position,
                letter -> Integer.toString(position.partition()).equals(header(letter, "serai-original-partition"))
                        && Long.toString(position.offset()).equals(header(letter, "serai-original-offset")));
    }

    /** All dead letters that are there now. */
    public List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return deadLetters.all();
    }

    /** All replies that are there now. */
    public List<ConsumerRecord<byte[], byte[]>> replies() {
        return replies.all();
    }

    private static boolean isReplyTo(String eventId, ConsumerRecord<byte[], byte[]> reply) {
        return json(reply).path("event_id").asText().equals(eventId);
    }

    public static JsonNode json(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        try {
            return Json.MAPPER.readTree(kafkaRecord.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        replies.close();
        deadLetters.close();
        producer.close();
        service.close();
        standIn.close();
    }
}
