package dev.serai.source.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.LogLines;
import dev.serai.testing.RawServer;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedPostgres;
import dev.serai.testing.TopicReader;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.WireSchemas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of events while their source fails, of each kind of failure with each policy. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class EnrichmentFaultsTest {
    /** What a source that fails says for itself. */
    private static final String PRIVATE = "PRIVATE words of the source";

    private static final String SCENE = "[{\"name\":\"quay\",\"description\":\"wet\"}]";

    /** An optional source is asked once: look-ups on a machine under load must not be too slow for the breaker. */
    private static final Duration TIMEOUT_OF_OPTIONAL = Duration.ofSeconds(3);

    private static final Duration TIMEOUT_OF_REQUIRED = Duration.ofMillis(600);

    /** Between the fourth look-up, after 0.7 s, and the fifth, after 1.5 s: neither meets the deadline. */
    private static final Duration TTL = Duration.ofSeconds(2);

    /** A machine that stands still, and other tests: much less than what hangs takes, for it does not end. */
    private static final Duration SLACK = Duration.ofSeconds(20);

    /** More than a required source is asked in vain until the deadline. */
    private static final int LOOK_UPS_THAT_WORK = 7;

    /** The breaker judges by ten look-ups. */
    private static final int MORE_THAN_THE_BREAKER_NEEDS = 12;

    private static final int MOST_TURNS = 6;

    private static final Duration TTL_OF_ONE_THAT_FAILS_AT_ONCE = Duration.ofSeconds(60);

    private static final List<String> SYSTEMS = List.of("web", "nobody", "rows");

    private static RawServer web;
    private static CountDownLatch over;
    private static RunningSerai serai;

    @AutoClose
    private final LogLines log = LogLines.ofAll();

    @BeforeAll
    static void start() throws IOException {
        web = new RawServer();
        over = new CountDownLatch(1);
        SharedPostgres.run(
                "DROP TABLE IF EXISTS faulty_scenes",
                "CREATE TABLE faulty_scenes (position int, name text, description text)",
                "INSERT INTO faulty_scenes VALUES (1, 'quay', null), (2, null, 'no name'), (3, null, null)");
        Map<String, String> settings = new TreeMap<>();
        List<String> tenants = new ArrayList<>();
        for (String policy : new String[] {"optional", "required"}) {
            source(settings, "web", policy, Map.of("type", "http", "base-url", web.uri() + "/scenes"));
            source(settings, "nobody", policy, Map.of("type", "http", "base-url", "http://127.0.0.1:1/scenes"));
            source(
                    settings,
                    "rows",
                    policy,
                    Map.of(
                            "type", "sql",
                            "timeout", "10s",
                            "jdbc-url", SharedPostgres.jdbcUrl(),
                            "jdbc-user", "postgres",
                            "query",
                                    "select name, description from faulty_scenes where :#reference <> '' order by"
                                            + " position"));
            for (String system : SYSTEMS) {
                tenants.add(system + "-" + policy);
            }
        }
        source(
                settings,
                "picky",
                "required",
                Map.of("type", "http", "timeout", "10s", "base-url", web.uri() + "/picky", "breaker-pause", "10m"));
        tenants.add("picky-required");
        settings.put("serai.enrich.dynamic-info-source", "none");
        serai = RunningSerai.withTenants(settings, tenants.toArray(String[]::new));
    }

    /** Its own tenant has it. */
    private static void source(Map<String, String> settings, String system, String policy, Map<String, String> own) {
        String name = system + "-" + policy;
        String prefix = "serai.sources." + name + ".";
        Duration timeout = policy.equals("optional") ? TIMEOUT_OF_OPTIONAL : TIMEOUT_OF_REQUIRED;
        settings.put(prefix + "timeout", timeout.toMillis() + "ms");
        settings.put(prefix + "breaker-pause", "100ms");
        own.forEach((key, value) -> settings.put(prefix + key, value));
        settings.put(prefix + "policy", policy);
        settings.put(prefix + "cache-ttl", "0s");
        settings.put(prefix + "stale-ttl", "0s");
        settings.put("serai.tenants." + name + ".scene-source", name);
    }

    @AfterAll
    static void stop() {
        over.countDown();
        serai.close();
        web.close();
    }

    /** So that no breaker is open; and the first call of a fresh JVM takes long. */
    @BeforeEach
    void lookUpWhatWorks() {
        web.answer(http("200 OK", SCENE));
        for (String tenant : new String[] {"web-optional", "web-required"}) {
            for (int found = 0; found < LOOK_UPS_THAT_WORK; ) {
                found += new Sent(event(tenant)).sceneStatus().equals("fresh") ? 1 : 0;
            }
        }
    }

    static Stream<Arguments> faults() {
        RawServer.Answer hangs = out -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        };
        String host = web.uri().getAuthority();
        return Stream.of(
                argumentSet("hangs", "web", hangs, "in time"),
                argumentSet("500", "web", text(http("500 Broken", PRIVATE)), "status 500 at " + host),
                argumentSet("garbage", "web", text(http("200 OK", "<p>" + PRIVATE + "</p>")), "it is no JSON"),
                argumentSet("no HTTP", "web", text(PRIVATE + "\n\n"), "status line of HTTP at " + host),
                argumentSet(
                        "wrong shape", "web", text(http("200 OK", "[{\"name\":{\"" + PRIVATE + "\":1}}]")), "scene"),
                argumentSet(
                        "5 MB",
                        "web",
                        text(http("200 OK", SCENE.replace("wet", PRIVATE.repeat(5_000_000 / PRIVATE.length())))),
                        "it is longer than"),
                argumentSet("refuses connections", "nobody", hangs, "connection refused at 127.0.0.1:1"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void optionalSourceThatFails_isGoneOnWithout(String system, RawServer.Answer fault, String ignored)
            throws IOException {
        web.answer(fault);
        long begun = System.nanoTime();

        Sent sent = new Sent(event(system + "-optional"));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TIMEOUT_OF_OPTIONAL.plus(SLACK));
        assertThat(sent.reply.path("status").asText()).isEqualTo("started");
        assertThat(sent.sceneStatus()).isEqualTo("failed");
        assertThat(sent.call().has("scene_description")).isFalse();
        assertThat(serai.deadLettersOf(sent.incoming)).isEmpty();
        assertThat(web.requests()).hasSize(system.equals("web") ? 1 : 0);
        assertNothingPrivate(sent);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void requiredSourceThatFails_isAskedAgainUntilTheDeadline_andFailsTheEvent(
            String system, RawServer.Answer fault, String seen) {
        Sent sent;
        int turns = 0;
        // The deadline can cut the last look-up off, and with it what that would have seen; on a slow machine, the
        // second.
        do {
            if (turns > 0) {
                lookUpWhatWorks();
            }
            turns++;
            web.answer(fault);
            long begun = System.nanoTime();
            sent = new Sent(event(system + "-required").put("ttl_ms", TTL.toMillis()));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TTL.plus(SLACK));
        } while (turns < MOST_TURNS
                && (!sent.reply.at("/error/detail").asText().contains(seen)
                        || (system.equals("web") && web.requests().size() < 2)));

        assertThat(sent.reply.path("status").asText()).isEqualTo("failed");
        assertThat(sent.reply.at("/error/category").asText()).isEqualTo("enrichment_failed");
        assertThat(sent.reply.at("/error/retryable").asBoolean()).isTrue();
        assertThat(sent.reply.at("/error/detail").asText())
                .matches("the source " + system + "-required of scene .* \\(\\d+ look-ups until the deadline\\)")
                .contains(seen)
                .doesNotContain("Exception");
        assertThat(log.with("at source " + system + "-required failed: "))
                .noneMatch(line -> line.contains("Exception"));
        assertThat(serai.connectCalls(sent.characterId())).isEmpty();
        if (system.equals("web")) {
            assertThat(web.requests()).hasSizeGreaterThanOrEqualTo(2);
        }
        ConsumerRecord<byte[], byte[]> letter =
                serai.deadLettersOf(sent.incoming).getFirst();
        assertThat(letter.value()).isEqualTo(sent.incoming.value());
        assertThat(TopicReader.header(letter, "serai-error-category")).isEqualTo("enrichment_failed");
        assertThat(TopicReader.header(letter, "serai-error-detail"))
                .isEqualTo(sent.reply.at("/error/detail").asText());
        assertNothingPrivate(sent);
    }

    @Test
    void requiredSourceThatRecoversInTime_leadsToARoom() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        RawServer.Answer broken = text(http("503 Broken", PRIVATE));
        RawServer.Answer mended = text(http("200 OK", SCENE));
        web.answer(out -> (requests.incrementAndGet() <= 3 ? broken : mended).writeTo(out));

        Sent sent = new Sent(event("web-required"));

        assertThat(sent.reply.path("status").asText()).isEqualTo("started");
        assertThat(sent.sceneStatus()).isEqualTo("fresh");
        assertThat(sent.call().path("scene_description").toString()).isEqualTo(SCENE);
        assertThat(requests).as("one that takes too long is made again").hasValueGreaterThanOrEqualTo(4);
        assertThat(serai.deadLettersOf(sent.incoming)).isEmpty();
        assertNothingPrivate(sent);
    }

    /** Who may publish says what a source is asked for: nobody must be able to have it left alone. */
    @Test
    void referencesThatTheSourceRefuses_failAtOnce_andNobodyElsesEvent() {
        web.answer(http("400 Bad Request", PRIVATE));
        for (int unknown = 0; unknown < MORE_THAN_THE_BREAKER_NEEDS; unknown++) {
            Sent refused = new Sent(event("picky-required").put("ttl_ms", TTL_OF_ONE_THAT_FAILS_AT_ONCE.toMillis()));

            assertThat(refused.reply.at("/error/category").asText()).isEqualTo("enrichment_failed");
            assertThat(refused.reply.at("/error/detail").asText())
                    .isEqualTo("the source picky-required of scene refused what it was asked for: status 400 at "
                            + web.uri().getAuthority() + " (1 look-up, for it would refuse that again)");
        }
        assertThat(web.requests()).hasSize(MORE_THAN_THE_BREAKER_NEEDS);

        web.answer(http("200 OK", SCENE));
        assertThat(new Sent(event("picky-required")).sceneStatus()).isEqualTo("fresh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows-optional", "rows-required"})
    void rowsWithNulls_leaveTheirValuesOut(String tenant) throws IOException {
        Sent sent = new Sent(event(tenant));

        assertThat(sent.sceneStatus()).isEqualTo("fresh");
        assertThat(sent.reply.at("/enrichment/scene/notes").toString())
                .isEqualTo("[\"scene: 2 of 3 elements left out (no name)\"]");
        assertThat(sent.call().path("scene_description").toString())
                .isEqualTo("[{\"name\":\"quay\",\"description\":\"\"}]");
    }

    /** A time in nanoseconds has an end, after 292 years. */
    @ParameterizedTest
    @ValueSource(strings = {"web-optional", "web-required"})
    void eventThatIsGoodForEver_isEnriched(String tenant) {
        Sent sent = new Sent(event(tenant).put("expires_at", "9999-12-31T23:59:59Z"));

        assertThat(sent.sceneStatus()).isEqualTo("fresh");
    }

    private static RawServer.Answer text(String answer) {
        byte[] bytes = answer.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        return out -> out.write(bytes);
    }

    private static String http(String status, String body) {
        return "HTTP/1.1 " + status + "\nConnection: close\nContent-Length: " + body.length() + "\n\n" + body;
    }

    private static ObjectNode event(String tenant) {
        return Json.MAPPER
                .createObjectNode()
                .put("event_id", UUID.randomUUID().toString())
                .put("character_id", "character-" + UUID.randomUUID())
                .put("scene_ref", "scene-" + UUID.randomUUID())
                .put("tenant", tenant);
    }

    private void assertNothingPrivate(Sent sent) {
        List<String> texts = new ArrayList<>(log.with(PRIVATE));
        texts.add(sent.reply.toString());
        serai.deadLettersOf(sent.incoming).forEach(letter -> letter.headers()
                .forEach(header -> texts.add(new String(header.value(), StandardCharsets.UTF_8))));
        assertThat(texts).noneMatch(text -> text.contains(PRIVATE));
    }

    /** An event that was sent down the line, and its reply. */
    private static final class Sent {
        private final ObjectNode event;
        private final OriginalRecord incoming;
        private final JsonNode reply;

        Sent(ObjectNode event) {
            this.event = event;
            incoming = Incoming.bytes(null, Incoming.utf8(event.toString()));
            serai.converse(incoming);
            reply = serai.replyTo(event.path("event_id").asText());
            WireSchemas.assertReply(reply);
        }

        String characterId() {
            return event.path("character_id").asText();
        }

        String sceneStatus() {
            return reply.at("/enrichment/scene/status").asText();
        }

        /** What the provider was called with. */
        JsonNode call() throws IOException {
            return Json.MAPPER.readTree(
                    serai.connectCalls(characterId()).getFirst().body());
        }
    }
}
