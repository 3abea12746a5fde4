package dev.serai.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SampleRecord;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.ErrorCategory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of events and replies is what a running service does; the samples are its records. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class EventsDocumentTest {
    private static final String EVENTS = "src/docs/events.md";

    /** A look-up or a call that takes long, on a machine with much else to do, is no other sample. */
    private static final Map<String, String> PATIENT = Map.of(
            "serai.sources.scenes.timeout", "30s",
            "serai.sources.customers.timeout", "30s",
            "serai.connect.response-timeout", "30s",
            "serai.connect.total-timeout", "30s",
            "serai.connect.initial-backoff", "30s",
            "serai.connect.max-backoff", "30s");

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static final ObjectMapper JSON = new ObjectMapper();

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai(PATIENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", EVENTS})
    void everySample_isARecordThatTheServiceTakesOrMakes(String document) throws Exception {
        List<SampleRecord> samples = SampleRecord.of(Path.of(document));
        assertThat(samples).as("samples of " + document).hasSizeGreaterThan(1);
        RecordMetadata event = null;
        String eventId = "";
        int repliesBefore = 0;
        for (SampleRecord sample : samples) {
            switch (sample.kind()) {
                case EVENT -> {
                    JsonNode json = JSON.readTree(sample.text());
                    String named = sample.id().isEmpty() ? json.path("event_id").asText() : sample.id();
                    repliesBefore = named.isEmpty() ? 0 : serai.repliesTo(named).size();
                    if (sample.waits()) {
                        publishToWait(sample);
                        continue;
                    }
                    event = serai.publish(
                            sample.key(), sample.text(), sample.headers().toArray(Header[]::new));
                    eventId = named.isEmpty() ? event.topic() + "-" + event.partition() + "-" + event.offset() : named;
                    serai.awaitCommitted(event);
                    assertThat(serai.repliesTo(eventId))
                            .as("replies to\n" + sample.text())
                            .hasSize(repliesBefore + 1);
                }
                case REPLY ->
                    sample.assertLike(withStandardTopic((sample.to().isEmpty()
                                    ? serai.repliesTo(eventId).get(repliesBefore)
                                    : serai.replyTo(sample.to()))
                            .toString()));
                case REPLY_HEADERS -> sample.assertLike(headers(serai.replyRecordTo(eventId)));
                case DEAD_LETTER -> sample.assertLike(headers(serai.deadLetterOf(event)));
            }
        }
    }

    /** Its first call fails, and the second is far off ({@link #PATIENT}). */
    private static void publishToWait(SampleRecord event) throws Exception {
        String character = JSON.readTree(event.text()).path("character_id").asText();
        int callsBefore = serai.connectCalls(character).size();
        serai.standIn().script(FaultScript.once(Fault.status(503)).forCharacter(character));
        serai.publish(event.key(), event.text(), event.headers().toArray(Header[]::new));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> serai.connectCalls(character).size() > callsBefore);
    }

    @Test
    void fields_areThoseOfTheSchema_andTheirExamplesAreTaken() throws Exception {
        JsonNode schema = JSON.readTree(Files.readString(Path.of("src/main/resources/schema/start-conversation.json")));
        Map<String, String> examples = table(EVENTS, "Fields of a start event");

        assertThat(examples.keySet()).containsExactlyElementsOf((Iterable<String>)
                () -> schema.path("properties").fieldNames());
        int number = 0;
        for (String row : examples.values()) {
            String id = "example-" + ++number;
            ObjectNode event =
                    (ObjectNode) JSON.readTree("{" + inCode(cells(row).getLast()) + "}");
            if (!event.has("event_id")) {
                event.put("event_id", id);
            }
            if (!event.has("character_id")) {
                event.put("character_id", "museum-guide");
            }
            serai.publish("key-" + id, event.toString());

            assertThat(serai.replyTo(event.path("event_id").asText())
                            .path("status")
                            .asText())
                    .as(event.toString())
                    .isEqualTo("started");
        }
    }

    @Test
    void everyHeaderOfARecord_isInTheAsyncApiDocument_andItsSamplesAreTaken() throws Exception {
        AsyncApi document = AsyncApi.read();
        Header[] correlation = serai.settings().reply().correlationHeaders().stream()
                .map(name -> new RecordHeader(name, name.getBytes(UTF_8)))
                .toArray(Header[]::new);
        Map<String, String> events = Map.of(
                "started",
                        document.root()
                                .at("/components/messages/startEvent/examples/0/payload")
                                .toString(),
                "failed", "{\"character_id\":\"character-unknown\"}",
                "ended",
                        document.root()
                                .at("/components/messages/endEvent/examples/0/payload")
                                .toString());

        for (Map.Entry<String, String> event : events.entrySet()) {
            RecordMetadata at = serai.publish("asyncapi-" + event.getKey(), event.getValue(), correlation);
            ConsumerRecord<byte[], byte[]> reply =
                    serai.replyRecordTo(at.topic() + "-" + at.partition() + "-" + at.offset());
            assertThat(RunningSerai.json(reply).path("status").asText()).isEqualTo(event.getKey());
            assertThat(names(reply.headers())).isSubsetOf(document.headers(event.getKey()));
            if (event.getKey().equals("failed")) {
                List<String> added =
                        new ArrayList<>(names(serai.deadLetterOf(at).headers()));
                added.removeAll(serai.settings().reply().correlationHeaders());
                assertThat(added).isSubsetOf(document.headers("deadLetter"));
            }
        }
    }

    /** The document's own samples, with every header that comes back; and a failure. */
    @ParameterizedTest
    @ValueSource(strings = {"startCloudEvent", "structuredStartCloudEvent"})
    void everyHeaderAndAttributeOfACloudEvent_isInTheAsyncApiDocument(String started) throws Exception {
        AsyncApi document = AsyncApi.read();
        String prefix = started.replace("startCloudEvent", "").replace("StartCloudEvent", "");
        String key = "asyncapi-" + started;
        List<String> statuses = List.of("Started", "Failed", "Ended");
        List<JsonNode> events = List.of(
                document.example(started),
                JSON.readTree(document.example(started).toString().replace("museum-guide", "character-unknown")),
                document.example(started.replace("start", "end").replace("Start", "End")));
        for (int i = 0; i < events.size(); i++) {
            List<Header> headers = new ArrayList<>();
            serai.settings().reply().correlationHeaders().forEach(name -> headers.add(header(name, TRACE)));
            events.get(i)
                    .path("headers")
                    .properties()
                    .forEach(header -> headers.add(
                            header(header.getKey(), header.getValue().asText())));
            if (prefix.isEmpty()) {
                headers.add(header("ce_traceparent", TRACE));
            }
            RecordMetadata at =
                    serai.publish(key + i, events.get(i).path("payload").toString(), headers.toArray(Header[]::new));
            serai.awaitCommitted(at);
            String message = prefix.isEmpty()
                    ? statuses.get(i).toLowerCase(Locale.ROOT) + "CloudEvent"
                    : prefix + statuses.get(i) + "CloudEvent";
            String of = key + i;
            ConsumerRecord<byte[], byte[]> reply = serai.replies().stream()
                    .filter(each -> of.equals(each.key() == null ? null : new String(each.key(), UTF_8)))
                    .findFirst()
                    .orElseThrow();

            assertThat(names(reply.headers()))
                    .as(message)
                    .isSubsetOf(document.headers(message))
                    .containsAll(document.required(message, "headers"));
            if (!prefix.isEmpty()) {
                Set<String> attributes = RunningSerai.json(reply).properties().stream()
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
                assertThat(attributes)
                        .as(message)
                        .isSubsetOf(document.fields(message))
                        .containsAll(document.required(message, "payload"));
            }
        }
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    private static List<String> names(Headers headers) {
        return Arrays.stream(headers.toArray()).map(Header::key).toList();
    }

    @Test
    void fieldsOfEndEvents_areThoseOfTheSchema() throws Exception {
        JsonNode schema = JSON.readTree(Files.readString(Path.of("src/main/resources/schema/end-conversation.json")));

        assertThat(table(EVENTS, "End events").keySet()).containsExactlyElementsOf((Iterable<String>)
                () -> schema.path("properties").fieldNames());
    }

    @Test
    void categories_areThoseThatThereAre() throws Exception {
        Map<String, String> rows = table(EVENTS, "Error categories");

        assertThat(rows.keySet())
                .containsExactlyElementsOf(Arrays.stream(ErrorCategory.values())
                        .map(ErrorCategory::wireName)
                        .toList());
        for (ErrorCategory category : ErrorCategory.values()) {
            assertThat(cells(Objects.requireNonNull(rows.get(category.wireName())))
                            .get(1))
                    .as(category.wireName())
                    .isEqualTo(Boolean.toString(category.retryable()));
        }
    }

    @Test
    void fieldsOfReplies_areThoseOfTheSchema() throws Exception {
        JsonNode schema = JSON.readTree(Files.readString(Path.of("src/main/resources/schema/reply.json")));
        String described = section(EVENTS, "Where the reply goes");

        for (JsonNode properties : List.of(
                schema.path("properties"),
                schema.at("/$defs/started/properties"),
                schema.at("/$defs/ended/properties"),
                schema.at("/$defs/failed/properties"))) {
            properties.fieldNames().forEachRemaining(field -> assertThat(described)
                    .as("fields of a reply")
                    .contains("`" + field + "`"));
        }
    }

    @Test
    void retry_hasTheSameRoom_andAFailedEventRunsAgain() {
        String answered = event("retried", "museum-guide");
        serai.awaitCommitted(serai.publish("retry", answered));
        serai.awaitCommitted(serai.publish("retry", answered));
        assertThat(serai.repliesTo("retried"))
                .hasSize(2)
                .extracting(reply -> reply.path("room_name").asText())
                .containsOnly(serai.replyTo("retried").path("room_name").asText());

        String failed = event("failed", RunningSerai.UNKNOWN_CHARACTER);
        serai.awaitCommitted(serai.publish("retry", failed));
        serai.awaitCommitted(serai.publish("retry", failed));
        assertThat(serai.repliesTo("failed")).hasSize(2);

        // Known by its conversation only.
        serai.awaitCommitted(serai.publish("another key", answered));
        assertThat(serai.repliesTo("retried")).hasSize(3);
        assertThat(serai.repliesTo("retried").getLast().path("room_name"))
                .isNotEqualTo(serai.replyTo("retried").path("room_name"));
    }

    @Test
    void replayOfADeadLetter_withADeadlineInThePast_isExpiredAgain_andRunsWithoutIt() {
        RecordMetadata late = serai.publish(
                "replay", "{\"event_id\":\"r1\",\"character_id\":\"c\",\"expires_at\":\"2020-01-31T10:00:00Z\"}");
        ConsumerRecord<byte[], byte[]> letter = serai.deadLetterOf(late);

        serai.awaitCommitted(
                serai.publish(letter.key(), letter.value(), letter.headers().toArray()));
        assertThat(serai.repliesTo("r1").getLast().at("/error/category").asText())
                .isEqualTo("expired");

        String mended = new String(letter.value(), UTF_8).replaceAll(",\"expires_at\":\"[^\"]*\"", "");
        serai.awaitCommitted(serai.publish(
                letter.key(), mended.getBytes(UTF_8), letter.headers().toArray()));
        assertThat(serai.repliesTo("r1").getLast().path("status").asText()).isEqualTo("started");
    }

    @Test
    void bothReplyTopics_springsCounts_andEachMustBeListed() {
        Header spring =
                new RecordHeader("kafka_replyTopic", serai.allowedReplyTopic().getBytes(UTF_8));
        Header standard = new RecordHeader(
                "REPLY_TOPIC", serai.settings().kafka().replyTopic().getBytes(UTF_8));
        serai.awaitCommitted(serai.publish("topics", event("both-topics", "c"), standard, spring));

        assertThat(serai.repliesTo("both-topics")).isEmpty();
        try (TopicReader callers = serai.reader(serai.allowedReplyTopic())) {
            assertThat(callers.all())
                    .anyMatch(reply ->
                            RunningSerai.json(reply).path("event_id").asText().equals("both-topics"));
        }
    }

    /** A client that waits by a correlation header has given up after its own time, and says how long that is otherwise. */
    @Test
    void lateRequest_hasAsLongAsItsClient_andAnotherEventHasTwoMinutes() {
        try (RunningSerai standard = new RunningSerai(Map.of("serai.reply.default-ttl", "5s"))) {
            long late = System.currentTimeMillis() - 6_000;
            for (String name : List.of("kafka_correlationId", "traceparent")) {
                standard.publish(new ProducerRecord<>(
                        standard.settings().kafka().startTopic(),
                        null,
                        late,
                        name.getBytes(UTF_8),
                        event("late-" + name, "late-" + name).getBytes(UTF_8),
                        List.of(new RecordHeader(name, "x".getBytes(UTF_8)))));
            }

            assertThat(standard.replyTo("late-kafka_correlationId")
                            .at("/error/category")
                            .asText())
                    .isEqualTo("expired");
            assertThat(standard.connectCalls("late-kafka_correlationId")).isEmpty();
            assertThat(standard.replyTo("late-traceparent").path("status").asText())
                    .isEqualTo("started");
        }
    }

    @Test
    void tombstone_isAnInvalidEvent_andOneWithTheCommandForgets() {
        RecordMetadata tombstone = serai.publish("tomb".getBytes(UTF_8), null);
        assertThat(TopicReader.header(serai.deadLetterOf(tombstone), "serai-error-category"))
                .isEqualTo("invalid_event");

        String first = event("tomb-1", "c");
        serai.awaitCommitted(serai.publish("tomb", first));
        serai.awaitCommitted(serai.publish(
                "tomb".getBytes(UTF_8), null, new RecordHeader("serai-command", "forget".getBytes(UTF_8))));
        serai.awaitCommitted(serai.publish("tomb", first));
        assertThat(serai.repliesTo("tomb-1")).hasSize(2);
    }

    /** In an order of its own: the service is stopped, and reads everything again. */
    @Test
    void offsetReset_opensNoRoomForWhatIsRecognized_andAnswersTheRestASecondTime() throws Exception {
        try (RunningSerai reset = new RunningSerai(PATIENT)) {
            String key = "reset-" + UUID.randomUUID();
            reset.awaitCommitted(reset.publish(key, event("named", "c")));
            RecordMetadata unnamed = reset.publish(key, "{\"character_id\":\"c\"}");
            reset.awaitCommitted(unnamed);
            RecordMetadata last =
                    reset.publish(key, "{\"event_id\":\"in-time\",\"character_id\":\"c\",\"ttl_ms\":3600000}");
            reset.awaitCommitted(last);
            String unnamedId = unnamed.topic() + "-" + unnamed.partition() + "-" + unnamed.offset();
            assertThat(reset.replyTo(unnamedId).path("status").asText()).isEqualTo("started");

            reset.service().close();
            resetOffsets(reset);
            // One more, to know that the others were read before.
            RecordMetadata behind =
                    reset.publish(key, "{\"event_id\":\"behind\",\"character_id\":\"c\",\"ttl_ms\":3600000}");
            await().until(() -> System.currentTimeMillis() - unnamed.timestamp() > 1_100);
            reset.restart(Map.of("serai.conversation.ttl", "1s"));
            reset.awaitCommitted(behind);

            // Without a key file the sessions of the first run are not known any more.
            for (String recognized : List.of("named", "in-time")) {
                assertThat(reset.repliesTo(recognized)).hasSize(2);
                assertThat(reset.repliesTo(recognized)
                                .getLast()
                                .at("/error/category")
                                .asText())
                        .isEqualTo("session_invalid");
            }
            assertThat(reset.deadLetters()).hasSize(1);
            assertThat(reset.repliesTo(unnamedId)).hasSize(2);
            assertThat(reset.repliesTo(unnamedId)
                            .getLast()
                            .at("/error/category")
                            .asText())
                    .isEqualTo("expired");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void startTopicMadeAnew_isReadFromItsBeginning_andAnsweredEventsAreStillRecognized(boolean whileRunning)
            throws Exception {
        try (RunningSerai anew = new RunningSerai();
                Admin admin = Admin.create(Map.of("bootstrap.servers", anew.bootstrapServers()))) {
            String topic = anew.settings().kafka().startTopic();
            anew.awaitCommitted(anew.publish("anew", event("before", "c")));
            if (!whileRunning) {
                anew.service().close();
            }
            Topics.delete(admin, topic);
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> makes(admin, topic));
            if (!whileRunning) {
                anew.restart(Map.of());
            }

            await().atMost(Duration.ofSeconds(60)).until(() -> {
                anew.publish("anew", event("before", "c"));
                anew.publish("anew", event("behind", "c"));
                return !anew.repliesTo("behind").isEmpty();
            });
            assertThat(anew.repliesTo("before")).hasSizeGreaterThan(1).allSatisfy(reply -> assertThat(
                            reply.path("status").asText().equals("failed")
                                    || reply.path("room_name")
                                            .equals(anew.replyTo("before").path("room_name")))
                    .isTrue());
        }
    }

    /** Whether it could be made: what is deleted takes a while to go. */
    private static boolean makes(Admin admin, String topic) throws InterruptedException {
        try {
            Topics.create(admin, List.of(new NewTopic(topic, 4, (short) 1)));
            return true;
        } catch (ExecutionException e) {
            return false;
        }
    }

    private static void resetOffsets(RunningSerai service) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> beginning = new HashMap<>();
        for (int partition = 0; partition < service.settings().kafka().partitions(); partition++) {
            beginning.put(
                    new TopicPartition(service.settings().kafka().startTopic(), partition), new OffsetAndMetadata(0));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", service.bootstrapServers()))) {
            admin.alterConsumerGroupOffsets(service.settings().kafka().groupId(), beginning)
                    .all()
                    .get();
        }
    }

    private static String withStandardTopic(String text) {
        return text.replace(serai.settings().kafka().replyTopic(), "conversation.replies")
                .replace("urn:serai:" + serai.settings().kafka().groupId(), "urn:serai:serai");
    }

    private static String headers(ConsumerRecord<byte[], byte[]> answer) {
        return StreamSupport.stream(answer.headers().spliterator(), false)
                .filter(header -> header.key().startsWith("serai-"))
                .map(header -> header.key() + ": " + new String(header.value(), UTF_8))
                .collect(Collectors.joining("\n"))
                .replace(serai.settings().kafka().startTopic(), "conversation.start");
    }

    private static String event(String id, String character) {
        return "{\"event_id\":\"" + id + "\",\"character_id\":\"" + character + "\"}";
    }

    private static String section(String document, String title) throws Exception {
        String text = Files.readString(Path.of(document));
        int begin = text.indexOf("\n## " + title + "\n");
        assertThat(begin).as("section " + title).isPositive();
        int end = text.indexOf("\n## ", begin + 1);
        return text.substring(begin, end < 0 ? text.length() : end);
    }

    /** The rows of the section's first table by the code in their first cell, in order. */
    private static Map<String, String> table(String document, String title) throws Exception {
        return Pattern.compile("(?m)^\\| `([a-z_]+)` \\|.*$")
                .matcher(section(document, title))
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1), row -> row.group(), (one, other) -> one, java.util.LinkedHashMap::new));
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.split("\\|", -1))
                .map(String::strip)
                .filter(cell -> !cell.isEmpty())
                .toList();
    }

    private static String inCode(String cell) {
        return cell.substring(cell.indexOf('`') + 1, cell.lastIndexOf('`'));
    }
}
