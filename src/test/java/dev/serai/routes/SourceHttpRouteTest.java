package dev.serai.routes;

import static dev.serai.routes.SourceCases.event;
import static dev.serai.routes.SourceCases.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Certificates;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.LogLines;
import dev.serai.testing.Pages;
import dev.serai.testing.RawServer;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Web services with credentials, TLS, shapes and caches of their own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class SourceHttpRouteTest {
    private static final String BEARER = "Bearer secret-" + UUID.randomUUID();
    private static final String KEY = "secret-" + UUID.randomUUID();
    private static final String ROOM = "{\"found\":{\"id\":7},\"items\":[{\"title\":\"quay\",\"looks\":\"wet\"}]}";
    private static final String PERSON = "{\"text\":\"not this\",\"summary\":\"Ada, a regular\"}";
    private static final String[] TENANTS = {"acme", "bold", "calm", "dire"};

    @TempDir
    private static Path directory;

    private static RawServer rooms;
    private static RawServer people;
    private static RawServer odd;
    private static ConnectionServer trusted;
    private static ConnectionServer untrusted;
    private static LogLines log;
    private static RunningSerai serai;
    private static SourceCases cases;

    @BeforeAll
    static void start() throws Exception {
        rooms = new RawServer();
        people = new RawServer();
        odd = new RawServer();
        log = LogLines.ofAll();
        Certificates certificates = Certificates.of("ip:127.0.0.1", directory);
        Path pem = Files.writeString(directory.resolve("trusted.pem"), certificates.pem());
        String answer = http("200 OK", "[{\"name\":\"vault\",\"description\":\"locked\"}]");
        trusted = new ConnectionServer(certificates.server(), connection -> {
            while (connection.readRequest()) {
                connection.write(answer);
            }
        });
        untrusted = new ConnectionServer(
                Certificates.of("ip:127.0.0.1,dns:other", directory).server(), connection -> {
                    connection.readRequest();
                    connection.write(answer);
                });
        Map<String, String> settings = new TreeMap<>();
        source(settings, "rooms", rooms.uri() + "/rooms");
        settings.put("serai.sources.rooms.header-value-file", secret("rooms", BEARER));
        settings.put("serai.sources.rooms.elements-field", "items");
        settings.put("serai.sources.rooms.name-field", "title");
        settings.put("serai.sources.rooms.description-field", "looks");
        source(settings, "people", people.uri() + "/people");
        settings.put("serai.sources.people.header", "X-Source-Key");
        settings.put("serai.sources.people.header-value-file", secret("people", KEY));
        settings.put("serai.sources.people.text-field", "summary");
        // Named like the template, which is no reason for its route to be mistaken for it.
        source(settings, "http", "https://127.0.0.1:" + trusted.port() + "/vaults");
        settings.put("serai.sources.http.trust-store", pem.toString());
        settings.put("serai.sources.http.header", "Accept");
        settings.put("serai.sources.http.header-value-file", secret("http", "application/vnd.vaults+json"));
        source(settings, "untrusted", "https://127.0.0.1:" + untrusted.port() + "/vaults");
        settings.put("serai.sources.untrusted.trust-store", pem.toString());
        source(settings, "odd", odd.uri() + "/odd");
        settings.put("serai.sources.odd.elements-field", "items");
        settings.put("serai.sources.odd.name-field", "title");
        settings.put("serai.sources.odd.description-field", "looks");
        settings.put("serai.sources.odd.breaker-pause", "100ms");
        settings.put("serai.sources.scenes.cache-ttl", "10m");
        settings.put("serai.sources.customers.cache-ttl", "100ms");
        settings.put("serai.sources.customers.stale-ttl", "10m");
        settings.put("serai.enrich.scene-source", "rooms");
        settings.put("serai.enrich.dynamic-info-source", "people");
        settings.put("serai.tenants.acme.scene-source", "http");
        settings.put("serai.tenants.acme.dynamic-info-source", "customers");
        settings.put("serai.tenants.bold.scene-source", "untrusted");
        settings.put("serai.tenants.bold.dynamic-info-source", "none");
        settings.put("serai.tenants.calm.scene-source", "scenes");
        settings.put("serai.tenants.calm.dynamic-info-source", "none");
        settings.put("serai.tenants.dire.scene-source", "odd");
        settings.put("serai.tenants.dire.dynamic-info-source", "none");
        serai = RunningSerai.withTenants(settings, TENANTS);
        cases = new SourceCases(serai);
    }

    @AfterAll
    static void stop() {
        serai.close();
        trusted.close();
        untrusted.close();
        rooms.close();
        people.close();
        odd.close();
        log.close();
    }

    private static void source(Map<String, String> settings, String name, String baseUrl) {
        settings.put("serai.sources." + name + ".type", "http");
        settings.put("serai.sources." + name + ".base-url", baseUrl);
        settings.put("serai.sources." + name + ".timeout", "10s");
        settings.put("serai.sources." + name + ".cache-ttl", "0s");
        settings.put("serai.sources." + name + ".stale-ttl", "0s");
    }

    private static String secret(String source, String value) throws IOException {
        return Files.writeString(directory.resolve(source + "-secret"), value + "\n")
                .toString();
    }

    private static String http(String status, String body) {
        return "HTTP/1.1 " + status + "\nConnection: close\nContent-Type: application/json\nContent-Length: "
                + body.length() + "\n\n" + body;
    }

    @Test
    void credentials_goOutInTheHeaderOfEachSource() {
        rooms.answer(http("200 OK", ROOM));
        people.answer(http("200 OK", PERSON));

        cases.reply(event("harbour"));

        assertThat(rooms.requests()).singleElement().asString().contains("\r\nAuthorization: " + BEARER + "\r\n");
        assertThat(people.requests())
                .singleElement()
                .asString()
                .contains("\r\nX-Source-Key: " + KEY + "\r\n")
                .doesNotContainIgnoringCase("authorization");
    }

    @Test
    void credentialsThatChange_areReadAgain() throws IOException {
        rooms.answer(http("200 OK", ROOM));
        people.answer(http("200 OK", PERSON));
        try {
            secret("rooms", "Bearer rotated");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> roomsSeeHeader("Bearer rotated"));
            secret("rooms", "not one\nline");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !log.with("The last secret goes on being used").isEmpty());
            assertThat(roomsSeeHeader("Bearer rotated")).isTrue();
        } finally {
            secret("rooms", BEARER);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> roomsSeeHeader(BEARER));
        }
    }

    private static boolean roomsSeeHeader(String value) {
        int before = rooms.requests().size();
        cases.reply(event("harbour"));
        return rooms.requests().get(before).contains("\r\nAuthorization: " + value + "\r\n");
    }

    @Test
    void credentials_areInNoLogReplyOrMetric_evenIfTheServiceQuotesThem() throws Exception {
        rooms.answer(http("401 Unauthorized", "{\"detail\":\"not with " + BEARER + "\"}"));
        people.answer(http("200 OK", "no JSON, but " + KEY));

        ObjectNode event = event("harbour");
        JsonNode reply = cases.reply(event);

        assertThat(status(reply, "scene")).isEqualTo("failed");
        assertThat(status(reply, "dynamic_info")).isEqualTo("failed");
        assertThat(log.with("Looking up scene at source rooms failed")).isNotEmpty();
        assertThat(log.with(BEARER)).isEmpty();
        assertThat(log.with(KEY)).isEmpty();
        assertThat(serai.replies().stream().map(RunningSerai::json).map(JsonNode::toString))
                .noneMatch(text -> text.contains(BEARER) || text.contains(KEY));
        assertThat(cases.call(event).toString()).doesNotContain(BEARER).doesNotContain(KEY);
        assertThat(serai.scrape()).doesNotContain(BEARER).doesNotContain(KEY);
        assertThat(serai.settings().toString()).doesNotContain(BEARER).doesNotContain(KEY);
    }

    /** What the service sends has no end, or is more than was asked for: the event goes on without, the next one with. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("unbelievable")
    void answerThatIsNotTaken_isGoneOnWithout_andTheNextOneIsTaken(String what, String answer) {
        odd.answer(answer);
        ObjectNode event = event("dire", "harbour");

        cases.assertGoesOnWithout(event, "scene");

        assertThat(cases.call(event).toString()).doesNotContain("quay");
        assertThat(log.with("the answer of source odd cannot be used: ")).isNotEmpty();
        odd.answer(http("200 OK", ROOM));
        Awaitility.await("the source is asked again")
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        status(cases.reply(event("dire", "harbour")), "scene").equals("fresh"));
    }

    static Stream<Arguments> unbelievable() {
        String body = "\nContent-Length: " + ROOM.length() + "\n\n" + ROOM;
        String chunked = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n" + Integer.toHexString(ROOM.length()) + "\n"
                + ROOM + "\n0\n";
        return Stream.of(
                Arguments.of("long header", "HTTP/1.1 200 OK\nX: " + "x".repeat(4 << 20) + body),
                Arguments.of("many headers", "HTTP/1.1 200 OK\n" + "X: y\n".repeat(100_000) + "X: y" + body),
                Arguments.of("long trailer", chunked + "X: " + "x".repeat(4 << 20) + "\n\n"),
                Arguments.of("many trailers", chunked + "X: y\n".repeat(100_000) + "\n"),
                Arguments.of("interim answers", "HTTP/1.1 102 Processing\n\n".repeat(1_000) + "HTTP/1.1 200 OK" + body),
                Arguments.of("status of none", "HTTP/1.1 000 None" + body),
                Arguments.of("garbage before", "{}\nHTTP/1.1 200 OK" + body),
                Arguments.of("another answer behind", "HTTP/1.1 200 OK" + body + "HTTP/1.1 200 OK" + body));
    }

    @Test
    void answer_isReadByTheFieldsThatTheSettingsName() {
        rooms.answer(http("200 OK", ROOM));
        people.answer(http("200 OK", PERSON));
        ObjectNode event = event("harbour");

        JsonNode reply = cases.reply(event);

        assertThat(status(reply, "scene")).isEqualTo("fresh");
        assertThat(status(reply, "dynamic_info")).isEqualTo("fresh");
        assertThat(cases.call(event).path("scene_description").toString())
                .isEqualTo("[{\"name\":\"quay\",\"description\":\"wet\"}]");
        assertThat(cases.call(event).at("/dynamic_info/text").asText()).isEqualTo("Ada, a regular");
    }

    @Test
    void tenant_hasItsOwnSources_andTheServiceIsTrustedByItsTrustStore() {
        rooms.answer(http("200 OK", ROOM));
        ObjectNode event = event("acme", "learner-1");

        JsonNode reply = cases.reply(event);

        assertThat(status(reply, "scene")).isEqualTo("fresh");
        assertThat(reply.at("/enrichment/scene/source").asText()).isEqualTo("http");
        assertThat(reply.at("/enrichment/dynamic_info/source").asText()).isEqualTo("customers");
        assertThat(cases.call(event).at("/scene_description/0/name").asText()).isEqualTo("vault");
        assertThat(trusted.requests())
                .last()
                .asString()
                .startsWith("GET /vaults/learner-1 HTTP/1.1\r\n")
                .contains("\r\nAccept: application/vnd.vaults+json\r\n")
                .as("there are no credentials")
                .doesNotContainIgnoringCase("authorization");
        assertThat(rooms.requests()).as("another tenant's source").isEmpty();
    }

    @Test
    void certificateThatIsNotTrusted_isGoneOnWithout_andRestsWhenItKeepsFailing() throws Exception {
        for (int i = 0; i < 10; i++) {
            cases.assertGoesOnWithout(event("bold", "harbour"), "scene");
        }

        assertThat(untrusted.requests()).isEmpty();
        assertThat(untrusted.connections()).isPositive();
        String metrics = serai.scrape();
        assertThat(value(metrics, "serai_source_resting{piece=\"scene\",source=\"untrusted\"}"))
                .isEqualTo(1);
        assertThat(value(metrics, "serai_source_served_total{piece=\"scene\",source=\"untrusted\",status=\"failed\"}"))
                .isEqualTo(10);
    }

    @Test
    void answerWithinItsTime_isUsedAgain_andCounted() throws Exception {
        serai.standIn().clearCalls();

        JsonNode first = cases.reply(event("calm", "harbour"));
        JsonNode second = cases.reply(event("calm", "harbour"));

        assertThat(status(first, "scene")).isEqualTo("fresh");
        assertThat(first.at("/enrichment/scene/age_ms").asLong()).isZero();
        assertThat(status(second, "scene")).isEqualTo("cached");
        assertThat(second.at("/enrichment/scene/age_ms").asLong()).isBetween(1L, 60_000L);
        assertThat(second.at("/enrichment/scene/source").asText()).isEqualTo("scenes");
        assertThat(serai.standIn().calls().stream().filter(call -> call.path().equals("/scenes/harbour")))
                .hasSize(1);
        String metrics = serai.scrape();
        assertThat(value(
                        metrics,
                        "serai_source_look_ups_seconds_count{outcome=\"found\",piece=\"scene\",source=\"scenes\"}"))
                .isEqualTo(1);
        for (String status : new String[] {"fresh", "cached"}) {
            String tags = "{piece=\"scene\",source=\"scenes\",status=\"" + status + "\"}";
            assertThat(value(metrics, "serai_source_served_total" + tags)).isEqualTo(1);
            assertThat(value(metrics, "serai_source_age_seconds_count" + tags)).isEqualTo(1);
        }
        assertThat(value(metrics, "serai_source_resting{piece=\"scene\",source=\"scenes\"}"))
                .isZero();
        assertThat(value(metrics, "serai_source_cached{piece=\"scene\",source=\"scenes\"}"))
                .isEqualTo(1);
        assertThat(value(metrics, "serai_source_looking_up{piece=\"scene\",source=\"scenes\"}"))
                .isZero();
    }

    @Test
    void answerAfterItsTime_isUsedWhileTheServiceFails() {
        ObjectNode last = event("acme", "customer-42");
        assertThat(status(cases.reply(event("acme", "customer-42")), "dynamic_info"))
                .isEqualTo("fresh");
        serai.standIn().script(FaultScript.always(Fault.status(500)).onPath("/customers/"));
        try {
            Awaitility.await("the answer is too old to be used unasked")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> status(cases.reply(event("acme", "customer-42")), "dynamic_info")
                            .equals("stale"));

            JsonNode stale = cases.reply(last);

            assertThat(status(stale, "dynamic_info")).isEqualTo("stale");
            assertThat(stale.at("/enrichment/dynamic_info/age_ms").asLong()).isGreaterThanOrEqualTo(100);
            assertThat(cases.call(last).at("/dynamic_info/text").asText()).isNotEmpty();
        } finally {
            serai.standIn().clearFaults();
        }
    }

    private static double value(String metrics, String name) {
        return Pages.metric(metrics, name)
                .orElseThrow(() -> new AssertionError("no " + name + " in\n"
                        + metrics.lines()
                                .filter(line -> line.contains("serai_source"))
                                .toList()));
    }
}
