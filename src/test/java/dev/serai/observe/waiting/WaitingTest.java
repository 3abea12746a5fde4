package dev.serai.observe.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.conversation.EventInFlight;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Pages;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.WaitingSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Issue 13: who waits, and why. One event hangs at each kind of thing that there is to wait for; each is named rightly, and so
 * is one behind it.
 */
@BesideOthers
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WaitingTest {
    private static final Path METRICS = Path.of("src/docs/metrics.md");
    private static WaitingSerai waiting;
    private static RunningSerai serai;

    /** A step of a user's own that does not come back. */
    public static final class StuckStep implements Processor {
        static final CountDownLatch GOES_ON = new CountDownLatch(1);

        @Override
        public void process(Exchange exchange) throws InterruptedException {
            if (EventInFlight.of(exchange).event().characterId().equals("stuck")) {
                GOES_ON.await();
            }
        }
    }

    @BeforeAll
    static void start() {
        Map<String, String> settings = new HashMap<>();
        settings.put("serai.connect.initial-backoff", "40s");
        settings.put("serai.connect.max-backoff", "40s");
        settings.put(
                "serai.routes-dir",
                RouteFiles.copyWith(Map.of("conversation", RouteFiles.withStep("enrich-conversation", StuckStep.class)))
                        .toString());
        waiting = new WaitingSerai(settings, "acme");
        serai = waiting.serai();
        serai.standIn().script(FaultScript.always(Fault.hang()).forCharacter("hangs"));
        serai.standIn().script(FaultScript.always(Fault.status(503)).forCharacter("flaky"));
    }

    @AfterAll
    static void stop() {
        StuckStep.GOES_ON.countDown();
        waiting.close();
    }

    @Test
    void eachThatWaits_isNamedWithWhatItWaitsFor() throws Exception {
        RecordMetadata first = publish("at-source", "caller\u001b[31m-1", ",\"scene_ref\":\"hall\"");
        RecordMetadata second = publish("behind", "caller\u001b[31m-1", "");
        publish("third", "caller\u001b[31m-1", "");
        publish("calls", "caller-2", ",\"character_id\":\"hangs\"");
        publish("flaky", "caller-3", ",\"character_id\":\"flaky\"");
        publish("refused", "caller-4", ",\"character_id\":\"acme's\",\"tenant\":\"acme\"");
        publish("stuck", "caller-5", ",\"character_id\":\"stuck\"");
        publish("nameless-key", null, ",\"scene_ref\":\"hall\"");

        JsonNode report = await(Map.of(
                "at-source", "look_up",
                "behind", "lane",
                "third", "lane",
                "calls", "call",
                "flaky", "back_off",
                "refused", "gate",
                "stuck", "step",
                "nameless-key", "look_up"));

        assertThat(report.path("total").asInt()).isEqualTo(8);
        JsonNode atSource = event(report, "at-source");
        assertThat(atSource.at("/step/text").asText()).isEqualTo("looks up scene at source silent");
        assertThat(atSource.at("/step/id").asText()).isEqualTo("enrich-conversation");
        assertThat(atSource.at("/step/route").asText()).isEqualTo("conversation");
        assertThat(atSource.path("conversation_key").asText()).isEqualTo("caller\u001b[31m-1");
        assertThat(atSource.path("tenant").asText()).isEqualTo("default");
        assertThat(atSource.path("record").asText()).isEqualTo(record(first));
        assertThat(Instant.parse(atSource.path("published_at").asText()))
                .isEqualTo(Instant.ofEpochMilli(first.timestamp()));
        assertThat(Instant.parse(atSource.path("deadline").asText()))
                .isEqualTo(Instant.ofEpochMilli(first.timestamp()).plus(Duration.ofMinutes(2)));
        assertThat(atSource.path("left_ms").asLong()).isBetween(1L, 120_000L);
        assertThat(atSource.at("/step/since_ms").asLong())
                .isLessThanOrEqualTo(atSource.path("held_ms").asLong());

        assertThat(event(report, "behind").at("/step/text").asText())
                .isEqualTo("waits in its lane behind at-source (" + record(first) + ")");
        assertThat(event(report, "behind").at("/step/behind/event_id").asText()).isEqualTo("at-source");
        assertThat(event(report, "behind").path("record").asText()).isEqualTo(record(second));
        assertThat(event(report, "third").at("/step/text").asText())
                .isEqualTo("waits in its lane behind at-source (" + record(first) + ") and 1 more of its conversation");
        assertThat(event(report, "nameless-key").path("conversation_key").isNull())
                .isTrue();

        String host = serai.standIn().baseUrl().getAuthority();
        assertThat(event(report, "calls").at("/step/text").asText())
                .isEqualTo("call 1 of POST /connect is under way, tenant default at " + host);
        assertThat(event(report, "flaky").at("/step/text").asText())
                .startsWith("waits until 20")
                .endsWith("Z for call 2 of POST /connect, after provider_unavailable, status 503");
        assertThat(event(report, "refused").at("/step/text").asText())
                .isEqualTo("waits at the gate of tenant acme at " + host
                        + ", held: the provider refuses the credentials, it answers 401; waiting there: 1, calls under"
                        + " way: 0 of 4");
        assertThat(event(report, "refused").path("tenant").asText()).isEqualTo("acme");
        assertThat(event(report, "stuck").at("/step/text").asText())
                .isEqualTo("at step added-by-the-test-before-enrich-conversation of route conversation");
        assertThat(report.toString()).doesNotContain(RunningSerai.API_KEY);

        JsonNode documented = Json.MAPPER.readTree(documentedAnswer());
        assertThat(fields(report)).isEqualTo(fields(documented));
        assertThat(fields(event(report, "behind"))).isEqualTo(fields(event(documented, "visit-2")));
        assertThat(fields(event(report, "behind").path("step")))
                .isEqualTo(fields(event(documented, "visit-2").path("step")));

        JsonNode gate = event(report, "refused").at("/step/gate");
        assertThat(fields(gate)).isEqualTo(fields(event(documented, "visit-1").at("/step/gate")));
        assertThat(gate.path("hold").asText()).isEqualTo("credentials");
        assertThat(gate.path("ahead").asInt()).isZero();
        assertThat(gate.at("/next/event_id").asText()).isEqualTo("refused");

        assertThat(serai.page("/waiting?key=caller%1B%5B31m-1").body()).satisfies(body -> {
            JsonNode own = Json.MAPPER.readTree(body);
            assertThat(own.path("events").findValuesAsText("conversation_key"))
                    .hasSize(3)
                    .containsOnly("caller\u001b[31m-1");
            assertThat(own.path("total").asInt()).isEqualTo(8);
        });
        assertThat(serai.page("/waiting?record=" + record(second)).body()).satisfies(body -> {
            JsonNode one = Json.MAPPER.readTree(body);
            assertThat(one.path("events")).hasSize(1);
            assertThat(one.at("/events/0/step/behind/event_id").asText()).isEqualTo("at-source");
        });

        assertThat(serai.page("/waiting?limit=2").body()).satisfies(body -> {
            JsonNode two = Json.MAPPER.readTree(body);
            assertThat(two.path("events")).hasSize(2);
            assertThat(two.path("events").get(0).path("event_id").asText()).isEqualTo("at-source");
            assertThat(two.path("total").asInt()).isEqualTo(8);
        });
        double age = Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> oldestAge(), seconds -> seconds > 1);
        assertThat(age)
                .isLessThanOrEqualTo(Duration.between(Instant.ofEpochMilli(first.timestamp()), Instant.now())
                                .toMillis()
                        / 1000.0);
    }

    @Test
    void limitOutOfBounds_isRefusedWithThem() throws Exception {
        for (String limit : new String[] {"0", "1001", "-1", "many", ""}) {
            HttpResponse<String> refused = serai.page("/waiting?limit=" + limit);

            assertThat(refused.statusCode()).as(limit).isEqualTo(400);
            assertThat(refused.body()).isEqualTo("limit must be a number from 1 to 1000\n");
        }
    }

    /** Each kind of what there is to wait for is in the table of the document, and nothing else is. */
    @Test
    void kinds_areDocumented() throws Exception {
        String table = section(Files.readString(METRICS));
        List<String> documented = Pattern.compile("(?m)^\\| `(\\w+)` \\|")
                .matcher(table)
                .results()
                .map(row -> row.group(1))
                .filter(name -> !name.equals("kind"))
                .toList();
        List<String> kinds = Arrays.stream(Wait.class.getPermittedSubclasses())
                .map(kind -> kind.getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                        .toLowerCase(Locale.ROOT)
                        .replace("at_gate", "gate"))
                .toList();

        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(kinds.stream(), Stream.of("step", "taken"))
                        .toList());
    }

    private static String documentedAnswer() throws IOException {
        String section = section(Files.readString(METRICS));
        int begin = section.indexOf("```json\n") + 8;
        return section.substring(begin, section.indexOf("```", begin));
    }

    private static String section(String document) {
        int begin = document.indexOf("\n## Who waits, and why\n");
        return document.substring(begin, document.indexOf("\n## ", begin + 1));
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static RecordMetadata publish(String id, @Nullable String key, String fields) {
        String character = fields.contains("character_id") ? "" : ",\"character_id\":\"c\"";
        return serai.publish(key, "{\"event_id\":\"" + id + "\"" + character + fields + "}");
    }

    private static String record(RecordMetadata position) {
        return position.topic() + "-" + position.partition() + "@" + position.offset();
    }

    /** The report in which each of these events is at such a thing. */
    private static JsonNode await(Map<String, String> kinds) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> Json.MAPPER.readTree(serai.page("/waiting").body()), report -> {
                    Map<String, String> found = new HashMap<>();
                    report.path("events")
                            .forEach(event -> found.put(
                                    event.path("event_id").asText(),
                                    event.at("/step/kind").asText()));
                    return found.equals(kinds);
                });
    }

    private static JsonNode event(JsonNode report, String id) {
        for (JsonNode event : report.path("events")) {
            if (event.path("event_id").asText().equals(id)) {
                return event;
            }
        }
        throw new AssertionError("no event " + id + " in " + report.toPrettyString());
    }

    private static double oldestAge() {
        return Pages.metric(serai.scrape(), "serai_oldest_event_age_seconds").orElseThrow();
    }
}
