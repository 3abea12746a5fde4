package dev.serai.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.WireSchemas;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.cloudevents.kafka.CloudEventSerializer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Issue 16: what CloudEvents' own SDK writes is taken, and what is answered its own SDK reads. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class CloudEventsTest {
    private static final String START = "dev.serai.conversation.start.v1";
    private static final String END = "dev.serai.conversation.end.v1";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String OTHER_TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    private static RunningSerai serai;
    private static TopicReader replies;
    private static Map<Encoding, KafkaProducer<String, CloudEvent>> publishers;

    @BeforeAll
    static void start() {
        serai = new RunningSerai(RunningSerai.withoutSources(Map.of(
                "serai.conversation.default-character-id", "guide",
                // Whoever's call fails waits until it is cancelled.
                "serai.connect.initial-backoff", "40s",
                "serai.connect.max-backoff", "40s",
                "serai.reply.cloudevents-source", "/avatars/eu")));
        replies = serai.reader(serai.settings().kafka().replyTopic());
        publishers = Map.of(
                Encoding.BINARY, publisher(Map.of(CloudEventSerializer.ENCODING_CONFIG, Encoding.BINARY)),
                Encoding.STRUCTURED,
                        publisher(Map.of(
                                CloudEventSerializer.ENCODING_CONFIG,
                                Encoding.STRUCTURED,
                                CloudEventSerializer.EVENT_FORMAT_CONFIG,
                                JsonFormat.CONTENT_TYPE)));
    }

    private static KafkaProducer<String, CloudEvent> publisher(Map<String, Object> settings) {
        CloudEventSerializer serializer = new CloudEventSerializer();
        serializer.configure(settings, false);
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, serai.bootstrapServers()),
                new StringSerializer(),
                serializer);
    }

    @AfterAll
    static void stop() {
        publishers.values().forEach(KafkaProducer::close);
        replies.close();
        serai.close();
    }

    @ParameterizedTest
    @EnumSource
    void startAndEnd_areAnsweredInTheirMode(Encoding mode) throws Exception {
        String key = key();
        CloudEvent start = event(START, "1", "{\"character_id\":\"ce-" + mode + "\"}")
                .withExtension("traceparent", TRACE)
                .withExtension("tracestate", "vendor=1")
                .withExtension("partitionkey", "other")
                .build();
        RecordMetadata position = publish(mode, key, start);

        ConsumerRecord<byte[], byte[]> reply = reply(key, 0);
        assertThat(reply.key()).asString(UTF_8).isEqualTo(key);
        assertMode(reply, mode);
        CloudEvent started = read(reply);
        assertThat(started.getType()).isEqualTo("dev.serai.conversation.started.v1");
        assertThat(started.getSource()).hasToString("/avatars/eu");
        assertThat(started.getSubject()).isEqualTo(key);
        assertThat(started.getDataContentType()).isEqualTo("application/json");
        assertThat(started.getDataSchema()).hasToString("https://serai.dev/schema/reply.json");
        assertThat(Objects.requireNonNull(started.getTime()).toInstant())
                .isAfter(Instant.ofEpochMilli(position.timestamp()).minusSeconds(1));
        assertThat(started.getExtension("traceparent")).isEqualTo(TRACE);
        assertThat(started.getExtension("tracestate")).isEqualTo("vendor=1");
        assertThat(started.getExtensionNames()).containsExactlyInAnyOrder("traceparent", "tracestate");
        JsonNode data = data(started);
        assertThat(data.path("status").asText()).isEqualTo("started");
        assertThat(data.path("event_id").asText()).isEqualTo("/callers 1");
        assertThat(serai.connectCalls("ce-" + mode)).hasSize(1).allSatisfy(call -> {
            assertThat(call.header("traceparent")).contains(TRACE);
            assertThat(call.header("tracestate")).contains("vendor=1");
        });

        publish(
                mode,
                key,
                event(END, "2", "{}").withExtension("traceparent", OTHER_TRACE).build());

        CloudEvent ended = read(reply(key, 1));
        assertMode(reply(key, 1), mode);
        assertThat(ended.getType()).isEqualTo("dev.serai.conversation.ended.v1");
        assertThat(ended.getId()).isNotEqualTo(started.getId());
        assertThat(data(ended).path("sessions_ended").asInt()).isEqualTo(1);
        assertThat(data(ended).path("event_id").asText()).isEqualTo("/callers 2");
        assertThat(serai.standIn().calls())
                .filteredOn(call -> call.path().startsWith("/disconnect")
                        && call.path().contains(data.path("session_id").asText()))
                .singleElement()
                .satisfies(call -> assertThat(call.header("traceparent")).contains(OTHER_TRACE));
    }

    @ParameterizedTest
    @EnumSource
    void endEvent_cancelsAtOnce(Encoding mode) throws Exception {
        String key = key();
        String character = "ce-fails-" + mode;
        serai.standIn().script(FaultScript.always(Fault.status(503)).forCharacter(character));
        publish(
                mode,
                key,
                event(START, "1", "{\"character_id\":\"" + character + "\"}").build());
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !serai.connectCalls(character)
                .isEmpty());

        publish(mode, key, event(END, "2", "{\"reason\":\"hung up\"}").build());

        CloudEvent failed = read(reply(key, 0));
        assertThat(failed.getType()).isEqualTo("dev.serai.conversation.failed.v1");
        assertThat(failed.getExtension("knativeerrordata")).isEqualTo("cancelled");
        assertThat(data(failed).at("/error/detail").asText()).contains("\"/callers 2\"", "hung up");
        assertThat(data(read(reply(key, 1))).path("events_cancelled").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void finalEnd_holdsForStartsOfEitherKind(Encoding mode) throws Exception {
        String key = key();
        publish(mode, key, event(END, "1", "{\"final\":true}").build());
        publish(mode, key, withCharacter(event(START, "2", "{}").build()));
        serai.publish(key, "{\"event_id\":\"plain-3\",\"character_id\":\"guide\"}");

        assertThat(data(read(reply(key, 0))).path("status").asText()).isEqualTo("ended");
        assertThat(read(reply(key, 1)).getExtension("knativeerrordata")).isEqualTo("cancelled");
        assertThat(WireSchemas.assertReply(reply(key, 2).value())
                        .at("/error/category")
                        .asText())
                .isEqualTo("cancelled");
    }

    /** Whatever its headers claim: it has no value, and is the command. */
    @ParameterizedTest
    @EnumSource
    void tombstoneThatForgets_forgets(Encoding mode) throws Exception {
        String key = key();
        CloudEvent start = withCharacter(event(START, "1", "{}").build());
        publish(mode, key, start);
        ProducerRecord<byte[], byte[]> forget =
                new ProducerRecord<>(serai.settings().kafka().startTopic(), null, key.getBytes(UTF_8), null);
        reply(key, 0).headers().forEach(forget.headers()::add);
        forget.headers().add(header("serai-command", "forget"));
        forget.headers().add(header("ce_type", END));
        serai.awaitCommitted(serai.publish(forget));
        publish(mode, key, start);

        JsonNode again = data(read(reply(key, 1)));
        assertThat(again.path("repeated").asBoolean()).isFalse();
        assertThat(again.path("continuity").asText()).isEqualTo("new");
        assertThat(again.path("character_session_id"))
                .isNotEqualTo(data(read(reply(key, 0))).path("character_session_id"));
    }

    /** What a request-reply client adds to it comes back beside the attributes of the reply, and nothing else does. */
    @ParameterizedTest
    @EnumSource
    void requestThatIsACloudEvent_isAnsweredAsBoth(Encoding mode) throws Exception {
        String key = key();
        byte[] correlation = {0, (byte) 0xff, (byte) 0xfe, 7};
        ProducerRecord<String, CloudEvent> request = new ProducerRecord<>(
                serai.settings().kafka().startTopic(),
                key,
                withCharacter(
                        event(START, "1", "{}").withExtension("myext", "mine").build()));
        request.headers().add("kafka_correlationId", correlation);
        request.headers().add("kafka_correlationId", correlation);
        request.headers().add("kafka_replyPartition", new byte[] {0, 0, 0, 2});
        request.headers().add("ce_custom", correlation);
        request.headers().add("REPLY_CORRELATION_ID", null);
        Objects.requireNonNull(publishers.get(mode)).send(request).get();

        ConsumerRecord<byte[], byte[]> reply = reply(key, 0);
        assertThat(reply.partition()).isEqualTo(2);
        assertThat(data(read(reply)).path("status").asText()).isEqualTo("started");
        assertThat(reply.headers().headers("kafka_correlationId"))
                .hasSize(2)
                .allSatisfy(header -> assertThat(header.value()).isEqualTo(correlation));
        assertThat(reply.headers().headers("REPLY_CORRELATION_ID"))
                .singleElement()
                .satisfies(header -> assertThat(header.value()).isNull());
        assertThat(reply.headers().lastHeader("ce_custom")).isNull();
        assertThat(reply.headers().lastHeader("ce_myext")).isNull();
    }

    /** It is what is around it, too, that has to fit. */
    @ParameterizedTest
    @EnumSource
    void replyThatItsTopicDoesNotTake_isAFailure(Encoding mode) throws Exception {
        String key = key();
        String topic = serai.allowedReplyTopic();
        serai.configureTopic(topic, "max.message.bytes", "2500");
        ProducerRecord<String, CloudEvent> request = new ProducerRecord<>(
                serai.settings().kafka().startTopic(),
                key,
                event(
                                START,
                                "1",
                                "{\"character_id\":\"guide\",\"end_user_id\":\"u\",\"end_user_metadata\":{\"a\":\""
                                        + "x".repeat(3_000) + "\"}}")
                        .build());
        request.headers().add("kafka_replyTopic", topic.getBytes(UTF_8));
        Objects.requireNonNull(publishers.get(mode)).send(request).get();

        try (TopicReader reader = serai.reader(topic)) {
            ConsumerRecord<byte[], byte[]> reply =
                    reader.await("reply", each -> new String(each.key(), UTF_8).equals(key));
            assertMode(reply, mode);
            assertThat(read(reply).getType()).isEqualTo("dev.serai.conversation.failed.v1");
            assertThat(data(read(reply)).at("/error/detail").asText()).contains("larger than the reply topic takes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void failure_isSaidInAttributes_andItsDeadLetterIsTheRecordAsItCame(Encoding mode) throws Exception {
        String key = key();
        RecordMetadata position = publish(
                mode,
                key,
                event(START, "1", "{\"character_id\":\"" + RunningSerai.UNKNOWN_CHARACTER + "\"}")
                        .build());

        CloudEvent failed = read(reply(key, 0));
        assertThat(failed.getExtension("knativeerrorcode")).hasToString("404");
        assertThat(failed.getExtension("knativeerrordata")).isEqualTo("character_not_found");
        CloudEvent letter = read(serai.deadLetterOf(position));
        assertThat(letter.getType()).isEqualTo(START);
        assertThat(letter.getId()).isEqualTo("1");
        assertThat(new String(Objects.requireNonNull(letter.getData()).toBytes(), UTF_8))
                .isEqualTo("{\"character_id\":\"" + RunningSerai.UNKNOWN_CHARACTER + "\"}");
    }

    @ParameterizedTest
    @EnumSource
    void eventSentAgain_hasTheSameRoom_andItsSourceIsPartOfItsName(Encoding mode) throws Exception {
        String key = key();
        CloudEvent first = event(START, "1", "{}").build();
        CloudEvent ofAnother =
                CloudEventBuilder.v1(first).withSource(URI.create("/others")).build();

        publish(mode, key, withCharacter(first));
        publish(mode, key, withCharacter(first));
        publish(mode, key, withCharacter(ofAnother));

        JsonNode room = data(read(reply(key, 0)));
        JsonNode repeated = data(read(reply(key, 1)));
        JsonNode other = data(read(reply(key, 2)));
        assertThat(repeated.path("repeated").asBoolean()).isTrue();
        assertThat(repeated.path("room_name")).isEqualTo(room.path("room_name"));
        assertThat(read(reply(key, 1)).getId()).isNotEqualTo(read(reply(key, 0)).getId());
        assertThat(other.path("event_id").asText()).isEqualTo("/others 1");
        assertThat(other.path("room_name")).isNotEqualTo(room.path("room_name"));
    }

    private static CloudEvent withCharacter(CloudEvent event) {
        return CloudEventBuilder.v1(event)
                .withData("application/json", "{\"character_id\":\"guide\"}".getBytes(UTF_8))
                .build();
    }

    /** As the time of a CloudEvent is when it was published, one that was kept back elsewhere opens no room. */
    @Test
    void eventThatIsOld_isExpired() throws Exception {
        String key = key();
        publish(
                Encoding.BINARY,
                key,
                event(START, "1", "{}")
                        .withTime(OffsetDateTime.now(ZoneOffset.UTC).minusHours(1))
                        .withData("application/json", "{\"character_id\":\"guide\"}".getBytes(UTF_8))
                        .build());

        assertThat(data(read(reply(key, 0))).at("/error/category").asText()).isEqualTo("expired");
    }

    @Test
    void batch_isRefusedByItsName_andAnsweredAsACloudEvent() throws Exception {
        String key = key();
        serai.publish(key, "[{},{}]", header("content-type", "application/cloudevents-batch+json"));

        CloudEvent failed = read(reply(key, 0));
        assertThat(failed.getType()).isEqualTo("dev.serai.conversation.failed.v1");
        assertThat(data(failed).at("/error/detail").asText())
                .startsWith("header content-type: a batch of CloudEvents, which Kafka's binding does not have");
    }

    /** What a client of another kind reads is what it read before. */
    @Test
    void otherEvents_areAnsweredAsEver_andTheirTraceGoesOnToTheProvider() {
        String key = key();
        serai.publish(
                key,
                "{\"event_id\":\"plain\",\"character_id\":\"traced\"}",
                header("traceparent", OTHER_TRACE),
                header("tracestate", "a=1,not valid"));
        serai.publish(
                key,
                "{\"event_id\":\"plain-2\",\"character_id\":\"untraced\"}",
                header("traceparent", OTHER_TRACE + "\r\nX-Injected: 1"));

        ConsumerRecord<byte[], byte[]> reply = reply(key, 0);
        assertThat(WireSchemas.assertReply(reply.value()).path("status").asText())
                .isEqualTo("started");
        assertThat(List.of(reply.headers().toArray()).stream().map(Header::key))
                .containsExactly("traceparent", "tracestate", "serai-status");
        assertThat(serai.connectCalls("traced")).hasSize(1).allSatisfy(call -> {
            assertThat(call.header("traceparent")).contains(OTHER_TRACE);
            assertThat(call.header("tracestate")).isEmpty();
        });
        reply(key, 1);
        assertThat(serai.connectCalls("untraced")).hasSize(1).allSatisfy(call -> {
            assertThat(call.header("traceparent")).isEmpty();
            assertThat(call.header("X-Injected")).isEmpty();
        });
    }

    private static CloudEventBuilder event(String type, String id, String data) {
        return CloudEventBuilder.v1()
                .withId(id)
                .withSource(URI.create("/callers"))
                .withType(type)
                .withTime(OffsetDateTime.now(ZoneOffset.UTC))
                .withData("application/json", data.getBytes(UTF_8));
    }

    private static RecordMetadata publish(Encoding mode, String key, CloudEvent event) throws Exception {
        KafkaProducer<String, CloudEvent> publisher = Objects.requireNonNull(publishers.get(mode));
        return publisher
                .send(new ProducerRecord<>(serai.settings().kafka().startTopic(), key, event))
                .get();
    }

    /** The reply of that number, from 0, of a conversation. */
    private static ConsumerRecord<byte[], byte[]> reply(String key, int number) {
        return replies.awaitCount("reply of " + key, reply -> new String(reply.key(), UTF_8).equals(key), number + 1)
                .get(number);
    }

    private static CloudEvent read(ConsumerRecord<byte[], byte[]> record) {
        try (CloudEventDeserializer deserializer = new CloudEventDeserializer()) {
            return deserializer.deserialize(record.topic(), record.headers(), record.value());
        }
    }

    private static JsonNode data(CloudEvent event) {
        return WireSchemas.assertReply(Objects.requireNonNull(event.getData()).toBytes());
    }

    private static void assertMode(ConsumerRecord<byte[], byte[]> reply, Encoding mode) {
        List<String> names =
                List.of(reply.headers().toArray()).stream().map(Header::key).toList();
        assertThat(names).doesNotHaveDuplicates().contains("serai-status").doesNotContain("ce_datacontenttype");
        assertThat(TopicReader.header(reply, "content-type"))
                .isEqualTo(mode == Encoding.BINARY ? "application/json" : "application/cloudevents+json");
        assertThat(names.stream().anyMatch(name -> name.startsWith("ce_"))).isEqualTo(mode == Encoding.BINARY);
    }

    private static String key() {
        return "call-" + UUID.randomUUID();
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }
}
