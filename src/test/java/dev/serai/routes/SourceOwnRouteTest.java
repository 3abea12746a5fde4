package dev.serai.routes;

import static dev.serai.routes.SourceCases.event;
import static dev.serai.routes.SourceCases.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.LogLines;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.wire.OriginalRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Routes of a user's own, in the routes folder, as optional and as required sources. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class SourceOwnRouteTest {
    private static final String PRIVATE = "PRIVATE words of the route";

    @TempDir
    private static Path folder;

    @AutoClose
    private static RunningSerai serai;

    private static SourceCases cases;

    /** What the route {@code enrich-mood} does. */
    public static final class Mood implements Processor {
        private static final AtomicBoolean HUNG = new AtomicBoolean();

        @Override
        public void process(Exchange exchange) throws InterruptedException {
            String reference = exchange.getMessage().getHeader("reference", String.class);
            exchange.getMessage()
                    .setBody(
                            switch (reference) {
                                case "rows" ->
                                    List.of(
                                            Map.of("name", "light", "description", 7),
                                            Map.of("name", "sound", "description", "none"));
                                case "nothing" -> null;
                                case "hangs once" -> {
                                    if (!HUNG.getAndSet(true)) {
                                        new CountDownLatch(1).await();
                                    }
                                    yield List.of(Map.of("name", "door", "description", "open"));
                                }
                                case "number" -> 7;
                                default -> throw new IllegalStateException(PRIVATE);
                            });
        }
    }

    @BeforeAll
    static void start() throws IOException {
        for (Path file : RouteFiles.all()) {
            Files.copy(file, folder.resolve(file.getFileName()));
        }
        Files.writeString(folder.resolve("enrich-greeting.camel.yaml"), """
                - route:
                    id: enrich-greeting
                    errorHandler:
                      noErrorHandler: {}
                    from:
                      uri: direct
                      parameters:
                        name: enrich-greeting
                      steps:
                        - setBody:
                            simple: '{"text":"Good day, ${header.reference} of ${header.tenant}"}'
                """);
        Files.writeString(folder.resolve("enrich-mood.camel.yaml"), """
                - route:
                    id: enrich-mood
                    errorHandler:
                      noErrorHandler: {}
                    from:
                      uri: direct
                      parameters:
                        name: enrich-mood
                        bridgeErrorHandler: true
                      steps:
                        - process:
                            ref: "#class:%s"
                """.formatted(Mood.class.getName()));
        Map<String, String> settings = new TreeMap<>();
        settings.put("serai.routes-dir", folder.toString());
        route(settings, "greeting", "enrich-greeting");
        route(settings, "mood", "enrich-mood");
        route(settings, "strict-mood", "enrich-mood");
        settings.put("serai.sources.strict-mood.policy", "required");
        settings.put("serai.enrich.scene-source", "mood");
        settings.put("serai.enrich.dynamic-info-source", "greeting");
        route(settings, "hasty-mood", "enrich-mood");
        settings.put("serai.sources.hasty-mood.policy", "required");
        settings.put("serai.sources.hasty-mood.timeout", "100ms");
        settings.put("serai.sources.hasty-mood.max-concurrent", "1");
        settings.put("serai.tenants.strict.scene-source", "strict-mood");
        settings.put("serai.tenants.hasty.scene-source", "hasty-mood");
        serai = RunningSerai.withTenants(settings, "strict", "hasty");
        cases = new SourceCases(serai);
    }

    private static void route(Map<String, String> settings, String source, String route) {
        settings.put("serai.sources." + source + ".type", "route");
        settings.put("serai.sources." + source + ".route", route);
        settings.put("serai.sources." + source + ".cache-ttl", "0s");
        settings.put("serai.sources." + source + ".stale-ttl", "0s");
        settings.put("serai.sources." + source + ".breaker-pause", "100ms");
    }

    @Test
    void route_getsReferenceAndTenant_andAnswersWithMapsOrText() {
        ObjectNode event = event("strict", "rows");

        JsonNode reply = cases.reply(event);

        assertThat(status(reply, "scene")).isEqualTo("fresh");
        assertThat(reply.at("/enrichment/scene/source").asText()).isEqualTo("strict-mood");
        assertThat(cases.call(event).path("scene_description").toString())
                .isEqualTo(
                        "[{\"name\":\"light\",\"description\":\"7\"},{\"name\":\"sound\",\"description\":\"none\"}]");
        assertThat(reply.at("/enrichment/dynamic_info/source").asText()).isEqualTo("greeting");
        assertThat(cases.call(event).at("/dynamic_info/text").asText()).isEqualTo("Good day, rows of strict");
    }

    @Test
    void emptyBody_isNothingFound() {
        assertThat(status(cases.reply(event("nothing")), "scene")).isEqualTo("absent");
        assertThat(status(cases.reply(event("strict", "nothing")), "scene")).isEqualTo("absent");
    }

    @Test
    void bodyThatIsNoJson_isGoneOnWithout() {
        cases.assertGoesOnWithout(event("number"), "scene");
    }

    @Test
    void optionalRouteThatThrows_isGoneOnWithout_andItsWordsStayWithIt() {
        try (LogLines log = LogLines.ofAll()) {
            JsonNode reply = cases.reply(event("throws"));

            assertThat(status(reply, "scene")).isEqualTo("failed");
            assertThat(status(reply, "dynamic_info")).isEqualTo("fresh");
            assertThat(reply.toString()).doesNotContain(PRIVATE);
            assertThat(log.with(PRIVATE)).isEmpty();
        }
    }

    @Test
    void requiredRouteThatHangs_isInterrupted_andAskedAgain() {
        ObjectNode event = event("hasty", "hangs once");

        JsonNode reply = cases.reply(event);

        assertThat(status(reply, "scene")).isEqualTo("fresh");
        assertThat(cases.call(event).at("/scene_description/0/name").asText()).isEqualTo("door");
    }

    @Test
    void requiredRouteThatThrows_failsTheEvent_andItsWordsStayWithIt() {
        ObjectNode event = event("strict", "throws").put("ttl_ms", 700);
        OriginalRecord incoming = Incoming.bytes(null, Incoming.utf8(event.toString()));
        try (LogLines log = LogLines.ofAll()) {
            serai.converse(incoming);

            JsonNode reply = serai.replyTo(event.path("event_id").asText());
            assertThat(reply.at("/error/category").asText()).isEqualTo("enrichment_failed");
            assertThat(reply.at("/error/retryable").asBoolean()).isTrue();
            assertThat(reply.at("/error/detail").asText()).startsWith("the source strict-mood of scene ");
            assertThat(reply.toString()).doesNotContain(PRIVATE);
            assertThat(serai.deadLettersOf(incoming))
                    .singleElement()
                    .extracting(letter -> TopicReader.header(letter, "serai-error-detail"))
                    .asString()
                    .startsWith("the source strict-mood of scene ")
                    .doesNotContain(PRIVATE);
            assertThat(log.with(PRIVATE)).isEmpty();
        }
    }
}
