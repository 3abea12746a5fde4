package dev.serai.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Pages;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Json;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Health and metrics, over HTTP. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ObserveTest {
    private RunningSerai serai;

    @BeforeEach
    void start() {
        serai = new RunningSerai();
    }

    @AfterEach
    void stop() {
        serai.close();
    }

    @Test
    void health_isUpWithDetails_thenDownWhileTheKeyIsRefused_thenUpAgain() throws Exception {
        awaitHealth(200);

        JsonNode up = Json.MAPPER.readTree(serai.page("/health?data=true").body());
        assertThat(up.path("status").asText()).isEqualTo("UP");
        assertThat(check(up, "kafka").path("status").asText()).isEqualTo("UP");
        assertThat(check(up, "kafka").at("/data/brokers").asText()).isEqualTo("1");
        assertThat(check(up, "kafka").at("/data/events_ended_without_answer").asText())
                .isEqualTo("0");
        assertThat(check(up, "provider").path("status").asText()).isEqualTo("UP");
        assertThat(check(up, "provider").at("/data/default.gate").asText()).isEqualTo("open");
        assertThat(check(up, "provider").at("/data/stand_in").asText()).isEqualTo("false");

        serai.standIn().script(FaultScript.always(Fault.status(401, "Invalid API key")));
        serai.publish("key", "{\"event_id\":\"refused\",\"character_id\":\"c\"}");
        awaitHealth(503);

        HttpResponse<String> refused = serai.page("/health");
        assertThat(refused.statusCode()).isEqualTo(503);
        JsonNode down = Json.MAPPER.readTree(refused.body());
        assertThat(down.path("status").asText()).isEqualTo("DOWN");
        assertThat(down.path("problem").asText())
                .startsWith("provider: the provider refuses the API key of tenant default");
        assertThat(down.at("/checks/0/name").asText()).isEqualTo("provider");
        assertThat(refused.body())
                .startsWith("{\"status\":\"DOWN\",\"problem\":\"provider: the provider refuses the API key");
        assertThat(serai.page("/health/ready").statusCode()).isEqualTo(503);
        assertThat(serai.page("/health/live").statusCode()).isEqualTo(200);
        assertThat(check(down, "provider").path("status").asText()).isEqualTo("DOWN");
        assertThat(check(down, "provider").toString()).contains("CONVAI_API_KEY");
        assertThat(check(down, "kafka").path("status").asText()).isEqualTo("UP");
        assertThat(refused.body()).doesNotContain(RunningSerai.API_KEY).doesNotContain("\tat ");

        serai.standIn().clearFaults();
        assertThat(serai.replyTo("refused").path("status").asText()).isEqualTo("started");
        assertThat(serai.page("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void metrics_areThereBeforeTheyCount_andCountRight() throws Exception {
        String before = serai.scrape();
        assertThat(value(before, "serai_events_total{tenant=\"default\"}")).isZero();
        assertThat(value(before, "serai_events_in_flight")).isZero();
        assertThat(value(before, "serai_replies_total{category=\"none\",status=\"started\",tenant=\"default\"}"))
                .isZero();
        for (ErrorCategory category : ErrorCategory.values()) {
            String name = category.name().toLowerCase(Locale.ROOT);
            assertThat(value(
                            before,
                            "serai_replies_total{category=\"" + name + "\",status=\"failed\",tenant=\"default\"}"))
                    .isZero();
            assertThat(value(before, "serai_dead_letters_total{category=\"" + name + "\",tenant=\"default\"}"))
                    .isZero();
        }

        serai.publish("key", "{\"event_id\":\"m1\",\"character_id\":\"c\"}");
        serai.publish("key", "{\"event_id\":\"m2\",\"character_id\":\"c\"}");
        serai.publish("key", "{\"event_id\":\"m3\",\"character_id\":\"" + RunningSerai.UNKNOWN_CHARACTER + "\"}");
        RecordMetadata nobodys = serai.publish(null, "no JSON");
        serai.standIn().script(FaultScript.once(Fault.resetAfter()).forCharacter("lost"));
        serai.publish("key", "{\"event_id\":\"m4\",\"character_id\":\"lost\"}");
        serai.replyTo("m3");
        serai.replyTo("m4");
        serai.deadLetterOf(nobodys);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> value(serai.scrape(), "serai_events_in_flight") == 0
                        && value(serai.scrape(), "serai_events_total{tenant=\"default\"}") == 4);

        String after = serai.scrape();
        assertThat(value(after, "serai_replies_total{category=\"none\",status=\"started\",tenant=\"default\"}"))
                .isEqualTo(3);
        assertThat(value(
                        after,
                        "serai_replies_total{category=\"character_not_found\",status=\"failed\",tenant=\"default\"}"))
                .isEqualTo(1);
        assertThat(value(after, "serai_replies_total{category=\"invalid_event\",status=\"failed\",tenant=\"default\"}"))
                .as("nobody could know it")
                .isZero();
        assertThat(value(after, "serai_dead_letters_total{category=\"character_not_found\",tenant=\"default\"}"))
                .isEqualTo(1);
        assertThat(value(after, "serai_dead_letters_total{category=\"invalid_event\",tenant=\"unknown\"}"))
                .isEqualTo(1);
        assertThat(value(after, "serai_events_total{tenant=\"unknown\"}")).isEqualTo(1);
        assertThat(value(after, "serai_connect_calls_seconds_count{outcome=\"connected\",tenant=\"default\"}"))
                .isEqualTo(3);
        assertThat(value(after, "serai_connect_calls_seconds_count{outcome=\"rejected\",tenant=\"default\"}"))
                .isEqualTo(1);
        assertThat(value(after, "serai_connect_calls_seconds_count{outcome=\"unknown\",tenant=\"default\"}"))
                .isEqualTo(1);
        assertThat(value(after, "serai_possible_duplicate_sessions_total")).isEqualTo(1);
        assertThat(after).contains("serai_connect_calls_seconds_bucket{outcome=\"connected\",tenant=\"default\",le=\"");
        assertThat(after).contains("# HELP serai_events_total").contains("jvm_memory_used_bytes");
        assertThat(after).as("series per endpoint").doesNotContain("endpointName");
    }

    /** Whoever publishes must not be able to make series. */
    @Test
    void tenantsThatThereAreNot_countAsOne_andAreNamedInNoReply() throws Exception {
        for (int i = 0; i < 5; i++) {
            serai.publish(
                    "key", "{\"event_id\":\"u" + i + "\",\"character_id\":\"c\",\"tenant\":\"nobody-" + i + "\"}");
        }
        RecordMetadata incomplete = serai.publish(null, "{\"event_id\":\"i\",\"tenant\":\"default\"}");
        serai.publish("key", "{\"event_id\":\"m\",\"character_id\":\"c\"}");

        assertThat(serai.replyTo("u4").path("tenant").isNull()).isTrue();
        assertThat(serai.replyTo("m").path("tenant").asText()).isEqualTo("default");
        serai.deadLetterOf(incomplete);
        assertThat(serai.replyTo("i").path("tenant").asText())
                .as("of an event that is refused for something else")
                .isEqualTo("default");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> value(serai.scrape(), "serai_events_in_flight") == 0);

        String after = serai.scrape();
        assertThat(value(after, "serai_events_total{tenant=\"unknown\"}")).isEqualTo(5);
        assertThat(value(after, "serai_events_total{tenant=\"default\"}")).isEqualTo(2);
        assertThat(value(after, "serai_replies_total{category=\"invalid_event\",status=\"failed\",tenant=\"unknown\"}"))
                .isEqualTo(5);
        assertThat(value(after, "serai_dead_letters_total{category=\"invalid_event\",tenant=\"unknown\"}"))
                .isEqualTo(5);
        assertThat(value(after, "serai_dead_letters_total{category=\"invalid_event\",tenant=\"default\"}"))
                .isEqualTo(1);
        assertThat(after).doesNotContain("nobody-");
    }

    @Test
    void eventUnderWay_isInFlight() throws Exception {
        serai.standIn().script(FaultScript.once(Fault.delay(Duration.ofSeconds(3), Duration.ofSeconds(3))));
        serai.publish("key", "{\"event_id\":\"slow\",\"character_id\":\"c\"}");

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> value(serai.scrape(), "serai_events_in_flight") == 1);
        serai.replyTo("slow");

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> value(serai.scrape(), "serai_events_in_flight") == 0);
    }

    private void awaitHealth(int status) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> serai.page("/health").statusCode() == status);
    }

    private static JsonNode check(JsonNode health, String name) {
        for (JsonNode check : health.path("checks")) {
            if (check.path("name").asText().equals(name)) {
                return check;
            }
        }
        throw new AssertionError("no check " + name + " in " + health.toPrettyString());
    }

    private static double value(String metrics, String name) {
        return Pages.metric(metrics, name).orElseThrow(() -> new AssertionError("no " + name + " in\n" + metrics));
    }
}
