package dev.serai.routes;

import static dev.serai.routes.SourceCases.event;
import static dev.serai.routes.SourceCases.status;
import static dev.serai.testing.Incoming.json;
import static dev.serai.testing.Incoming.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.LogLines;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** Scenes in a compacted topic; and people in another one, which is required and is not there at the start. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SourceKafkaTableRouteTest {
    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
    private static final String ROOMS = "test.rooms." + UUID.randomUUID();
    private static final String PEOPLE = "test.people." + UUID.randomUUID();

    private static Admin admin;
    private static KafkaProducer<byte[], byte[]> producer;
    private static Duration startTook;
    private static RunningSerai serai;
    private static SourceCases cases;

    @BeforeAll
    static void start() throws Exception {
        admin = Admin.create(KAFKA);
        producer = Producers.with(KAFKA);
        create(ROOMS);
        send(ROOMS, "harbour", json("[{'name':'quay','description':'wet'}]"));
        send(ROOMS, "tower", json("[{'name':'bell','description':'loud'}]"));
        long begun = System.nanoTime();
        serai = new RunningSerai(Map.of(
                "serai.sources.rooms.type", "kafka-table",
                "serai.sources.rooms.topic", ROOMS,
                "serai.sources.people.type", "kafka-table",
                "serai.sources.people.topic", PEOPLE,
                "serai.sources.people.policy", "required",
                "serai.sources.people.breaker-pause", "100ms",
                "serai.enrich.scene-source", "rooms",
                "serai.enrich.dynamic-info-source", "people"));
        startTook = Duration.ofNanos(System.nanoTime() - begun);
        cases = new SourceCases(serai);
    }

    @AfterAll
    static void stop() {
        serai.close();
        producer.close();
        admin.close();
    }

    /** First, since the table looks for the topic at ever longer intervals. */
    @Test
    @Order(1)
    void requiredTableWithoutItsTopic_keepsTheEventWaiting_butNotTheStart() throws Exception {
        assertThat(startTook).as("the start of the service").isLessThan(Duration.ofSeconds(30));
        ObjectNode event = event("ada");
        event.remove("scene_ref");
        String eventId = event.path("event_id").asText();
        try (LogLines log = LogLines.ofAll()) {
            serai.publish("key", event.toString());
            Awaitility.await("the table is asked")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !log.with("Looking up dynamic_info at source people failed")
                            .isEmpty());
        }
        assertThat(serai.repliesTo(eventId)).isEmpty();

        create(PEOPLE);
        send(PEOPLE, "ada", json("{'text':'Ada, a regular'}"));

        JsonNode reply = serai.replyTo(eventId);
        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(status(reply, "dynamic_info")).isEqualTo("fresh");
        assertThat(cases.call(event).at("/dynamic_info/text").asText()).isEqualTo("Ada, a regular");
    }

    @Test
    void value_isFoundUnderItsKey() {
        ObjectNode event = scene("harbour");

        JsonNode reply = cases.reply(event);

        assertThat(status(reply, "scene")).isEqualTo("fresh");
        assertThat(reply.at("/enrichment/scene/source").asText()).isEqualTo("rooms");
        assertThat(cases.call(event).path("scene_description").toString())
                .isEqualTo(json("[{'name':'quay','description':'wet'}]"));
    }

    @Test
    void unknownKey_isNothingFound() {
        assertThat(status(cases.reply(scene("nowhere")), "scene")).isEqualTo("absent");
    }

    @Test
    void changedValue_isSeenSoon_andSoIsATombstone() throws Exception {
        send(ROOMS, "tower", json("[{'name':'flag','description':'torn'}]"));
        Awaitility.await("the change").atMost(Duration.ofSeconds(20)).until(() -> {
            ObjectNode event = scene("tower");
            cases.reply(event);
            return cases.call(event).at("/scene_description/0/name").asText().equals("flag");
        });

        send(ROOMS, "tower", null);
        awaitStatus("tower", "absent");
    }

    @Test
    void valueThatIsNoJson_isGoneOnWithout() throws Exception {
        send(ROOMS, "broken", "PRIVATE: no JSON");
        try (LogLines log = LogLines.ofAll()) {
            awaitStatus("broken", "failed");

            cases.assertGoesOnWithout(scene("broken"), "scene");
            assertThat(log.with("PRIVATE")).isEmpty();
        }
    }

    @Test
    void valueThatIsTooLarge_isGoneOnWithout() throws Exception {
        send(ROOMS, "huge", json("[{'name':'book','description':'" + "x".repeat(300_000) + "'}]"));
        awaitStatus("huge", "failed");

        ObjectNode event = scene("huge");
        cases.assertGoesOnWithout(event, "scene");
        assertThat(cases.call(event).has("scene_description")).isFalse();
    }

    private static ObjectNode scene(String reference) {
        ObjectNode event = event(reference);
        event.remove("context_ref");
        return event;
    }

    private static void awaitStatus(String reference, String status) {
        Awaitility.await(reference + " is " + status)
                .atMost(Duration.ofSeconds(20))
                .until(() -> status(cases.reply(scene(reference)), "scene").equals(status));
    }

    private static void create(String topic) throws InterruptedException, ExecutionException {
        NewTopic compacted = new NewTopic(topic, 2, (short) 1).configs(Map.of("cleanup.policy", "compact"));
        Topics.create(admin, List.of(compacted));
    }

    private static void send(String topic, String key, @Nullable String value)
            throws InterruptedException, ExecutionException, TimeoutException {
        producer.send(new ProducerRecord<>(topic, utf8(key), value == null ? null : utf8(value)))
                .get(20, TimeUnit.SECONDS);
    }
}
