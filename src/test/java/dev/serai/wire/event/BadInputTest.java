package dev.serai.wire.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.wire.WireSchemas;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that are no start events: none of them is lost, answered twice, or in the way of the next. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class BadInputTest {
    private static final int RANDOM_RECORDS = 2_500;
    private static final byte[] KEY = Incoming.utf8("key");

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai();
    }

    static Stream<Arguments> invalidEvents() {
        List<Arguments> events = new ArrayList<>(List.of(
                event("no JSON", "no JSON", "not valid JSON"),
                event("cut off", "{'character_id':'c'", "not valid JSON"),
                event("two values", "{'character_id':'c'}{}", "not valid JSON"),
                event("duplicate field", "{'character_id':'c','character_id':'d'}", "not valid JSON"),
                event("array", "[{'character_id':'c'}]", "array"),
                event("number", "1", "number"),
                event("text", "'text'", "string"),
                event("null", "null", "null"),
                event("true", "true", "boolean"),
                event("blank", "  \n", "JSON"),
                event("no fields", "{}", "character_id"),
                event("deeply nested", "[".repeat(100_000), "JSON"),
                event(
                        "unknown connection type",
                        "{'character_id':'c','connection_type':'telepathy'}",
                        "connection_type"),
                event("unknown continuity", "{'character_id':'c','continuity':'maybe'}", "continuity"),
                event("unknown version", "{'character_id':'c','schema_version':2}", "schema_version"),
                event("unknown tenant", "{'character_id':'c','tenant':'other'}", "tenant"),
                event(
                        "disallowed option",
                        "{'character_id':'c','connect_options':{'character_id':'d'}}",
                        "connect_options"),
                event("unknown option", "{'character_id':'c','connect_options':{'x/~y':1}}", "connect_options"),
                event(
                        "long option of wide characters",
                        "{'character_id':'c','connect_options':{'x" + "🐪".repeat(600) + "':1}}",
                        "connect_options"),
                event("two deadlines", "{'character_id':'c','ttl_ms':1,'expires_at':'2999-01-01T00:00:00Z'}", "ttl_ms"),
                event("no date", "{'character_id':'c','expires_at':'tomorrow'}", "expires_at"),
                event("no time", "{'character_id':'c','ttl_ms':0}", "ttl_ms"),
                event("less than no time", "{'character_id':'c','ttl_ms':-1}", "ttl_ms"),
                event("more than all time", "{'character_id':'c','ttl_ms':99999999999999999999}", "ttl_ms"),
                event("half a character", "{'character_id':'\\ud800'}", "Unicode"),
                event("long character_id", "{'character_id':'" + "x".repeat(513) + "'}", "character_id"),
                event(
                        "scene without description",
                        "{'character_id':'c','scene_description':[{'name':'n'}]}",
                        "description")));
        for (String field : List.of(
                "event_id",
                "character_id",
                "connection_type",
                "character_session_id",
                "continuity",
                "speaker_id",
                "end_user_id",
                "end_user_metadata",
                "scene_description",
                "dynamic_info",
                "scene_ref",
                "context_ref",
                "connect_options",
                "expires_at",
                "ttl_ms",
                "tenant")) {
            for (String value : List.of("[1]", "true", "''", "1.5")) {
                String rest = field.equals("character_id") ? "" : ",'character_id':'c'";
                events.add(event(field + " is " + value, "{'" + field + "':" + value + rest + "}", field));
            }
        }
        events.add(argumentSet("null value", null, "empty"));
        events.add(argumentSet("empty", new byte[0], "empty"));
        events.add(argumentSet("no UTF-8", new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, "UTF-8"));
        events.add(argumentSet("UTF-16", "{}".getBytes(StandardCharsets.UTF_16), "UTF-8"));
        events.add(argumentSet("5 MB", new byte[5_000_000], "5000000 bytes"));
        return events.stream();
    }

    private static Arguments event(String name, String json, String reason) {
        return argumentSet(name, Incoming.utf8(Incoming.json(json)), reason);
    }

    @ParameterizedTest
    @MethodSource("invalidEvents")
    void invalidEvent_isADeadLetterAndAFailureReply(byte @Nullable [] value, String reason) {
        RecordMetadata position = serai.publish(KEY, value);

        ConsumerRecord<byte[], byte[]> letter = serai.deadLetterOf(position);
        assertThat(letter.value()).isEqualTo(value);
        assertThat(letter.key()).isEqualTo(KEY);
        ObjectNode added = WireSchemas.assertDeadLetterHeaders(letter.headers());
        assertThat(added.path("serai-error-category").asText()).isEqualTo("invalid_event");
        assertThat(added.path("serai-error-detail").asText()).contains(reason);
        JsonNode reply = WireSchemas.assertReply(
                serai.replyRecordTo(position.topic() + "-" + position.partition() + "-" + position.offset())
                        .value());
        assertThat(reply.at("/error/category").asText()).isEqualTo("invalid_event");
        assertThat(reply.at("/error/detail").asText()).contains(reason);
        assertThat(reply.path("attempts").asInt()).isZero();
    }

    @Test
    void eventThatIsTooLong_isAnsweredByItsOwnId() {
        RecordMetadata position = serai.publish(
                (byte[]) null,
                Incoming.utf8("{\"padding\":\"" + "x".repeat(3_000_000) + "\",\"event_id\":\"too-long\"}"));

        JsonNode reply = WireSchemas.assertReply(serai.replyRecordTo("too-long").value());
        assertThat(reply.at("/error/category").asText()).isEqualTo("invalid_event");
        assertThat(reply.at("/error/detail").asText()).contains("serai.conversation.max-event-bytes");
        serai.deadLetterOf(position);
    }

    @Test
    void unknownFields_areNotedInTheReplyAndCounted() {
        double before = ignoredFields();
        serai.publish(
                "unknown", "{\"event_id\":\"unknown-1\",\"character_id\":\"c\",\"endUserId\":\"u\",\"colour\":1}");
        serai.publish(
                "unknown",
                "{\"event_id\":\"unknown-2\",\"character_id\":\"" + RunningSerai.UNKNOWN_CHARACTER
                        + "\",\"token=abc\":1}");
        RecordMetadata misspelt = serai.publish("unknown", "{\"event_id\":\"unknown-3\",\"characterId\":\"c\"}");
        serai.publish("unknown", "{\"event_id\":\"unknown-4\",\"character_id\":\"c\"}");

        assertThat(ignored("unknown-1")).isEqualTo("[\"endUserId: did you mean end_user_id?\",\"colour\"]");
        assertThat(ignored("unknown-2")).isEqualTo("[\"a name of 9 characters\"]");
        assertThat(ignored("unknown-3")).isEqualTo("[\"characterId: did you mean character_id?\"]");
        assertThat(ignored("unknown-4")).isEmpty();
        assertThat(ignoredFields() - before).isEqualTo(4);
        // Whoever reads dead letters does not see the reply.
        assertThat(TopicReader.header(serai.deadLetterOf(misspelt), "serai-error-detail"))
                .startsWith("/character_id: is required")
                .endsWith("; characterId: did you mean character_id?");
    }

    private static String ignored(String eventId) {
        return WireSchemas.assertReply(serai.replyRecordTo(eventId).value())
                .path("ignored")
                .toString();
    }

    private static double ignoredFields() {
        return serai.service()
                .camelContext()
                .getRegistry()
                .findSingleByType(MeterRegistry.class)
                .get("serai.events.ignored.fields")
                .counter()
                .count();
    }

    /** Both ways: to the provider, and from a source. */
    @Test
    void numbers_reachTheProviderAsTheyWereWritten() {
        String numbers =
                "[1e400,-0,12500000.00,3.141592653589793238462643383279502884197,1E+2,123456789012345678901234567890]";
        serai.publish(
                "numbers",
                "{\"event_id\":\"numbers\",\"character_id\":\"numbers\",\"end_user_id\":\"u\","
                        + "\"end_user_metadata\":{\"n\":" + numbers + "},\"connect_options\":{\"debug\":" + numbers
                        + "}}");

        assertThat(serai.replyTo("numbers").path("status").asText()).isEqualTo("started");
        assertThat(serai.connectCalls("numbers").getFirst().body())
                .contains("\"end_user_metadata\":{\"n\":" + numbers + "}", "\"debug\":" + numbers);
    }

    static Stream<Arguments> addresses() {
        return Stream.of(
                argumentSet("nothing", null, "{}", List.of(), null),
                argumentSet("key", "key", "{}", List.of(), ""),
                argumentSet("own id", null, "{'event_id':'own-1'}", List.of(), "own-1"),
                argumentSet("id of a CloudEvent", null, "{}", List.of(header("ce_id", "own-2")), "own-2"),
                argumentSet("correlation", null, "{}", List.of(header("correlation_id", "x")), ""),
                argumentSet("correlation of no JSON", null, "no JSON", List.of(header("traceparent", "x")), ""),
                argumentSet("other header", null, "{}", List.of(header("x", "x")), null),
                argumentSet("forbidden topic", null, "{}", List.of(header("kafka_replyTopic", "x")), null),
                argumentSet("forbidden topic and key", "key", "{}", List.of(header("kafka_replyTopic", "x")), ""));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, Incoming.utf8(value));
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void failure_isRepliedWhereSomebodyCanKnowIt(
            @Nullable String key, String json, List<Header> headers, @Nullable String eventId) {
        RecordMetadata position = serai.publish(key, Incoming.json(json), headers.toArray(Header[]::new));
        String positionText = position.topic() + "-" + position.partition() + "-" + position.offset();

        serai.deadLetterOf(position);
        serai.awaitCommitted(position);

        if (eventId == null) {
            assertThat(serai.repliesTo(positionText)).isEmpty();
        } else {
            assertThat(serai.repliesTo(eventId.isEmpty() ? positionText : eventId))
                    .hasSize(1);
        }
    }

    @Test
    void replyTopicThatIsAllowed_isWhereTheReplyGoes() {
        RecordMetadata position = serai.publish(null, "no JSON", header("kafka_replyTopic", serai.allowedReplyTopic()));

        serai.deadLetterOf(position);

        try (TopicReader callers = serai.reader(serai.allowedReplyTopic())) {
            WireSchemas.assertReply(callers.await("reply", any -> true).value());
        }
    }

    @Test
    void replyTopicThatIsNotAllowed_isAnInvalidEvent_answeredOnTheStandardTopic() {
        RecordMetadata position = serai.publish(
                "key",
                "{\"event_id\":\"elsewhere\",\"character_id\":\"elsewhere\"}",
                header("kafka_replyTopic", "test.elsewhere"));

        assertThat(serai.replyTo("elsewhere").at("/error/category").asText()).isEqualTo("invalid_event");
        assertThat(TopicReader.header(serai.deadLetterOf(position), "serai-error-detail"))
                .contains("kafka_replyTopic");
        assertThat(serai.connectCalls("elsewhere")).isEmpty();
    }

    @Test
    void eventThatIsTooOld_isExpired() {
        long longAgo = System.currentTimeMillis() - 3_600_000;
        RecordMetadata position = serai.publish(new ProducerRecord<>(
                serai.settings().kafka().startTopic(),
                null,
                longAgo,
                KEY,
                Incoming.utf8("{\"event_id\":\"old\",\"character_id\":\"old\"}")));

        assertThat(serai.replyTo("old").at("/error/category").asText()).isEqualTo("expired");
        assertThat(serai.deadLetterOf(position).timestamp()).isEqualTo(longAgo);
        assertThat(serai.connectCalls("old")).isEmpty();
    }

    @Test
    void eventFromTheFuture_isAnswered() {
        serai.publish(new ProducerRecord<>(
                serai.settings().kafka().startTopic(),
                null,
                System.currentTimeMillis() + 3_000_000,
                KEY,
                Incoming.utf8("{\"event_id\":\"future\",\"character_id\":\"c\"}")));

        JsonNode reply = WireSchemas.assertReply(serai.replyRecordTo("future").value());
        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(reply.at("/timings_ms/queued").asLong()).isZero();
    }

    @Test
    void randomBytes_areOneDeadLetterEach_andTheNextEventIsAnswered() throws Exception {
        long seed = Long.getLong("serai.test.seed", new Random().nextLong());
        System.out.println("seed of randomBytes_areOneDeadLetterEach_andTheNextEventIsAnswered: " + seed);
        List<ProducerRecord<byte[], byte[]>> sent = randomRecords(new Random(seed));
        Set<String> keyed = new HashSet<>();
        Map<String, ProducerRecord<byte[], byte[]>> byPosition = new HashMap<>();
        int deadLettersBefore = serai.deadLetters().size();
        Set<String> repliesBefore = new HashSet<>(eventIds());

        List<RecordMetadata> positions = publish(sent);
        for (int i = 0; i < positions.size(); i++) {
            String position =
                    positions.get(i).partition() + "-" + positions.get(i).offset();
            byPosition.put(position, sent.get(i));
            if (sent.get(i).key() != null) {
                keyed.add(positions.get(i).topic() + "-" + position);
            }
        }
        for (int i = 0; i < 8; i++) {
            serai.publish("good-" + i, "{\"event_id\":\"good-" + i + "\",\"character_id\":\"c\",\"ttl_ms\":600000}");
        }
        Awaitility.await("dead letters")
                .atMost(Duration.ofSeconds(100))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> serai.deadLetters().size() >= deadLettersBefore + RANDOM_RECORDS);
        for (int i = 0; i < 8; i++) {
            assertThat(serai.replyTo("good-" + i).path("status").asText()).isEqualTo("started");
        }
        for (int partition = 0; partition < serai.settings().kafka().partitions(); partition++) {
            int of = partition;
            positions.stream()
                    .filter(position -> position.partition() == of)
                    .max(Comparator.comparingLong(RecordMetadata::offset))
                    .ifPresent(serai::awaitCommitted);
        }

        List<ConsumerRecord<byte[], byte[]>> letters = serai.deadLetters();
        letters = letters.subList(deadLettersBefore, letters.size());
        assertThat(letters).hasSize(RANDOM_RECORDS);
        Set<String> seen = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            ObjectNode added = WireSchemas.assertDeadLetterHeaders(letter.headers());
            String position = added.path("serai-original-partition").asText() + "-"
                    + added.path("serai-original-offset").asText();
            assertThat(seen.add(position)).as(position).isTrue();
            ProducerRecord<byte[], byte[]> original = Objects.requireNonNull(byPosition.get(position));
            assertThat(Arrays.equals(letter.key(), original.key()) && Arrays.equals(letter.value(), original.value()))
                    .as("bytes of %s", position)
                    .isTrue();
            assertThat(added.path("serai-error-category").asText()).isEqualTo("invalid_event");
            assertThat(added.path("serai-error-detail").asText()).isNotBlank();
        }
        List<String> replied = new ArrayList<>(eventIds());
        replied.removeAll(repliesBefore);
        replied.removeIf(id -> id.startsWith("good-"));
        assertThat(replied).containsExactlyInAnyOrderElementsOf(keyed);
    }

    private static List<String> eventIds() {
        return serai.replies().stream()
                .map(RunningSerai::json)
                .map(reply -> reply.path("event_id").asText())
                .toList();
    }

    private static List<ProducerRecord<byte[], byte[]>> randomRecords(Random random) {
        // No change of its bytes can add the character that it lacks.
        byte[] event = Incoming.utf8("{\"connection_type\":\"video\",\"scene_description\":[{\"name\":\"n\"}]}");
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < RANDOM_RECORDS; i++) {
            byte[] key = random.nextInt(4) == 0 ? null : bytes(random, random.nextInt(12));
            byte[] value = bytes(random, random.nextInt(200));
            if (random.nextInt(4) == 0) {
                // Near misses: JSON with some of its bytes changed.
                value = event.clone();
                for (int changes = random.nextInt(3); changes > 0; changes--) {
                    value[random.nextInt(value.length)] = (byte) random.nextInt(0x80, 0x100);
                }
            }
            records.add(new ProducerRecord<>(serai.settings().kafka().startTopic(), key, value));
        }
        return records;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static List<RecordMetadata> publish(List<ProducerRecord<byte[], byte[]>> records)
            throws InterruptedException, ExecutionException {
        try (KafkaProducer<byte[], byte[]> producer = Producers.plain(serai.bootstrapServers())) {
            List<Future<RecordMetadata>> sent =
                    records.stream().<Future<RecordMetadata>>map(producer::send).toList();
            List<RecordMetadata> positions = new ArrayList<>();
            for (Future<RecordMetadata> position : sent) {
                positions.add(position.get());
            }
            return positions;
        }
    }
}
