package dev.serai.service;

import static dev.serai.testing.RunningSerai.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.RawEvents;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 16: from a contact centre's raw event to the room, to its end, in whichever order the contact centre delivers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ContactCentreCallsTest {
    private static final Path SAMPLES = Path.of("src/test/resources/mappings");
    private static final String AMAZON = RawEvents.topic();
    private static final String SALESFORCE = RawEvents.topic();
    private static final Duration SOON = Duration.ofSeconds(30);

    private static RunningSerai serai;
    private static TopicReader starts;

    /** Of each test: who is asked for, so that its rooms can be counted. */
    private final String call = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        serai = new RunningSerai(Map.of(
                "serai.intake.amazon.topic", AMAZON,
                "serai.intake.amazon.mapping", "amazon-connect",
                "serai.intake.amazon.character-id", "of-amazon",
                "serai.intake.salesforce.topic", SALESFORCE,
                "serai.intake.salesforce.mapping", "salesforce-voice",
                "serai.intake.salesforce.character-id", "of-amazon"));
        starts = serai.reader(serai.settings().kafka().startTopic());
    }

    @AfterAll
    static void stop() {
        starts.close();
        serai.close();
    }

    @Test
    void call_opensOneRoom_thoughItIsDeliveredAgainInAnotherEnvelope() throws Exception {
        ObjectNode raw = event("start-inbound-call", call);
        publish(AMAZON, raw);
        JsonNode reply = serai.replyTo(call + ":start");
        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(reply.path("conversation_key").asText()).isEqualTo(call);

        raw.put("id", UUID.randomUUID().toString());
        publish(AMAZON, inSqs(raw));

        assertThat(awaitReplies(call + ":start", 2).getLast().path("repeated").asBoolean())
                .isTrue();
        assertThat(rooms()).containsExactly(reply.path("session_id").asText());
    }

    @Test
    void call_thatIsOver_endsItsRoom() throws Exception {
        publish(AMAZON, event("start-inbound-call", call));
        serai.replyTo(call + ":start");
        publish(AMAZON, event("end-caller-hung-up", call));

        JsonNode ended = serai.replyTo(call + ":end");
        assertThat(ended.path("status").asText()).isEqualTo("ended");
        assertThat(ended.path("sessions_ended").asInt()).isEqualTo(1);
        assertThat(ended.path("reason").asText()).isEqualTo("Amazon Connect: CUSTOMER_DISCONNECT");
    }

    @Test
    void call_thatIsOver_andWhoseStartIsDeliveredAgain_opensNoOtherRoom() throws Exception {
        ObjectNode raw = event("start-inbound-call", call);
        publish(AMAZON, raw);
        serai.replyTo(call + ":start");
        publish(AMAZON, event("end-caller-hung-up", call));
        serai.replyTo(call + ":end");

        publish(AMAZON, raw);

        assertThat(awaitReplies(call + ":start", 2).getLast().path("status").asText())
                .isEqualTo("failed");
        assertThat(rooms()).hasSize(1);
    }

    @Test
    void call_whoseEndIsDeliveredBeforeItsStart_opensNoRoom() throws Exception {
        publish(AMAZON, event("end-caller-hung-up", call));
        assertThat(serai.replyTo(call + ":end").path("sessions_ended").asInt()).isZero();
        publish(AMAZON, event("start-inbound-call", call));

        JsonNode reply = serai.replyTo(call + ":start");
        assertThat(reply.path("status").asText()).isEqualTo("failed");
        assertThat(reply.at("/error/category").asText()).isEqualTo("cancelled");
        assertThat(reply.path("attempts").asInt()).isZero();
    }

    @Test
    void call_thatIsTransferred_keepsItsRoom_untilTheCallerHangsUp() throws Exception {
        String leg = UUID.randomUUID().toString();
        publish(AMAZON, event("start-inbound-call", call));
        serai.replyTo(call + ":start");
        publish(AMAZON, leg("ignored-transfer", leg));
        ObjectNode left = event("ignored-leg-that-was-transferred", call);
        ((ObjectNode) left.path("detail")).put("nextContactId", leg);
        publish(AMAZON, left);
        publish(AMAZON, leg("end-caller-of-a-transferred-call-hung-up", leg));

        assertThat(serai.replyTo(leg + ":end").path("sessions_ended").asInt()).isEqualTo(1);
        assertThat(eventsOf(call)).containsExactly(call + ":start", leg + ":end");
        assertThat(rooms()).hasSize(1);
    }

    @Test
    void call_ofWhichSalesforceTellsToo_opensOneRoom() throws Exception {
        ObjectNode change = sample("salesforce-voice", "start-inbound-call");
        change.put("VendorCallKey", call).put("CallStartDateTime", Instant.now().toEpochMilli());
        publish(AMAZON, event("start-inbound-call", call));
        publish(SALESFORCE, change);

        assertThat(awaitReplies(call + ":start", 2))
                .allSatisfy(reply -> assertThat(reply.path("status").asText()).isEqualTo("started"));
        assertThat(rooms()).hasSize(1);
    }

    @Test
    void call_ofThreeDaysAgo_isExpired_withoutACall() throws Exception {
        ObjectNode raw = event("start-inbound-call", call);
        ((ObjectNode) raw.path("detail"))
                .put(
                        "initiationTimestamp",
                        Instant.now().minus(Duration.ofDays(3)).toString());
        publish(AMAZON, raw);

        JsonNode reply = serai.replyTo(call + ":start");
        assertThat(reply.at("/error/category").asText()).isEqualTo("expired");
        assertThat(reply.path("attempts").asInt()).isZero();
    }

    /** The sessions that the replies to this call tell of. */
    private List<String> rooms() {
        return serai.repliesTo(call + ":start").stream()
                .filter(reply -> reply.path("status").asText().equals("started"))
                .map(reply -> reply.path("session_id").asText())
                .distinct()
                .toList();
    }

    private static List<JsonNode> awaitReplies(String eventId, int count) {
        Awaitility.await().atMost(SOON).until(() -> serai.repliesTo(eventId).size() >= count);
        return serai.repliesTo(eventId);
    }

    private static List<String> eventsOf(String key) {
        return starts.all().stream()
                .filter(event -> key.equals(new String(event.key(), StandardCharsets.UTF_8)))
                .map(event -> json(event).path("event_id").asText())
                .toList();
    }

    /** An event of a later leg of the call. */
    private ObjectNode leg(String name, String contact) throws IOException {
        ObjectNode event = event(name, contact);
        ((ObjectNode) event.path("detail")).put("initialContactId", call).put("previousContactId", call);
        return event;
    }

    /** A sample of Amazon Connect, as of now. */
    private static ObjectNode event(String name, String contact) throws IOException {
        String now = Instant.now().toString();
        ObjectNode event = sample("amazon-connect", name);
        ((ObjectNode) event.put("time", now).path("detail"))
                .put("contactId", contact)
                .put("initiationTimestamp", now);
        return event;
    }

    private static ObjectNode sample(String vendor, String name) throws IOException {
        return (ObjectNode)
                Json.MAPPER.readTree(Files.readString(SAMPLES.resolve(vendor).resolve(name + ".sample.json")));
    }

    private static ObjectNode inSqs(ObjectNode event) {
        ObjectNode batch = JsonNodeFactory.instance.objectNode();
        batch.putArray("Records")
                .addObject()
                .put("messageId", UUID.randomUUID().toString())
                .put("body", event.toString());
        return batch;
    }

    private void publish(String topic, ObjectNode raw) {
        serai.publish(new ProducerRecord<>(topic, call.getBytes(StandardCharsets.UTF_8), Json.bytes(raw)));
    }
}
