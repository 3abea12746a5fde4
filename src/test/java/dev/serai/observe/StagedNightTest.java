package dev.serai.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.Pace;
import dev.serai.testing.Pages;
import dev.serai.testing.Producers;
import dev.serai.testing.TopicReader;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bad night with two replicas: the provider is out for a minute, a tenant's key is revoked, a source is wrong, one conversation
 * is stuck, a replica is killed. Each time the log, {@code /observe/waiting}, health and metrics name the cause and who it hits;
 * in the morning every event has its one reply. The lines of the log that operations.md shows are those of this night.
 */
@Tag("chaos-long")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class StagedNightTest {
    private static final String KEY = "the-key-of-this-night";
    private static final String REVOKED = "the-key-after-it";
    private static final Path OPERATIONS = Path.of("src/docs/operations.md");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final Set<String> published = new TreeSet<>();
    private final StringBuilder night = new StringBuilder();
    private EmbeddedBroker broker;
    private StandIn provider;
    private StandIn acmes;
    private HttpServer crm;
    private volatile boolean crmIsBroken;
    private Replica first;
    private Replica second;
    private KafkaProducer<byte[], byte[]> publisher;

    /** One process of the service. */
    private record Replica(String name, JavaProcess process, String observe) {
        JsonNode get(String path) {
            return json(body(path).getBytes(UTF_8));
        }

        String body(String path) {
            return Pages.get(observe + path).body();
        }

        int status(String path) {
            return Pages.get(observe + path).statusCode();
        }
    }

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        provider = StandIn.start(StandInOptions.defaults().withPort(0).withApiKey(KEY));
        acmes = StandIn.start(StandInOptions.defaults().withPort(0).withApiKey(KEY));
        crm = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        crm.createContext("/customers/", this::answer);
        crm.start();
        first = replica("first");
        second = replica("second");
        publisher = Producers.plain(broker.bootstrapServers());
        await("both replicas have partitions").atMost(PATIENCE).until(() -> Stream.of(first, second)
                .allMatch(replica -> metric(replica, "serai_partitions") > 0));
    }

    @AfterEach
    void stop() throws Exception {
        for (Replica replica : List.of(first, second)) {
            night.append("--- ")
                    .append(replica.name())
                    .append('\n')
                    .append(replica.process().errors());
            replica.process().close();
        }
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "staged-night.log"), night);
        publisher.close(Duration.ZERO);
        crm.stop(0);
        acmes.close();
        provider.close();
        broker.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] answer = (crmIsBroken ? "out of order" : "{\"text\": \"Ada is blind.\"}").getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(crmIsBroken ? 500 : 200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private Replica replica(String name) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        for (String setting : List.of(
                "serai.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "serai.instance-id=" + name,
                "serai.connect.base-url=" + provider.baseUrl(),
                "serai.connect.response-timeout=90s",
                "serai.connect.total-timeout=90s",
                "serai.conversation.ttl=10m",
                "serai.tenants.acme.base-url=" + acmes.baseUrl(),
                "serai.sources.crm.type=http",
                "serai.sources.crm.base-url=http://127.0.0.1:"
                        + crm.getAddress().getPort() + "/customers",
                "serai.sources.crm.policy=required",
                "serai.enrich.dynamic-info-source=crm",
                "serai.enrich.scene-source=none",
                "serai.http.port=0")) {
            arguments.add("--set");
            arguments.add(setting);
        }
        JavaProcess process = JavaProcess.startSerai(
                Map.of("CONVAI_API_KEY", KEY, "SERAI_TENANTS_ACME_API_KEY", KEY), arguments.toArray(String[]::new));
        Matcher observe =
                Pattern.compile("Health: (http://\\S+/observe)/health").matcher("");
        await(name + " to be ready")
                .atMost(PATIENCE)
                .failFast(process::hasEnded)
                .until(() -> {
                    String log = process.errors();
                    return log.contains("Ready: ") && observe.reset(log).find();
                });
        return new Replica(name, process, observe.group(1));
    }

    @Test
    void eachTrouble_isNamedWithItsCauseAndItsVictims_andEveryEventHasItsReply() throws Exception {
        providerIsOutForAMinute();
        keyOfOneTenantIsRevoked();
        sourceIsWrong();
        oneConversationIsStuck();
        replicaIsKilled();

        everyEventHasItsOneReply();
        linesOfTheDocument_areOfThisNight();
    }

    private void providerIsOutForAMinute() throws Exception {
        provider.script(FaultScript.always(Fault.html(503)));
        Pace pace = Pace.perSecond(2);
        int events = 120;
        for (int i = 0; i < events; i++) {
            pace.awaitTurn();
            publish("outage-" + i, "caller-" + i, "");
        }
        for (Replica replica : List.of(first, second)) {
            awaitLine(replica, "WARN  Gate Tenant default at ", "the provider fails, it answers 503");
            JsonNode waiting = awaitWaiting(replica, "outage-", "gate", "the provider fails");
            assertThat(waiting.at("/step/text").asText()).contains("tenant default", "503", "waiting there: ");
            assertThat(replica.get("/health?data=true").toString()).contains("\"default.gate\":\"outage\"");
            assertThat(replica.status("/health"))
                    .as("an outage of the provider is no reason to restart")
                    .isEqualTo(200);
            assertThat(metric(replica, "serai_gate_held{tenant=\"default\",why=\"outage\"}"))
                    .isEqualTo(1);
        }

        provider.clearFaults();

        for (Replica replica : List.of(first, second)) {
            awaitLine(replica, "INFO  Gate Tenant default at ", "the provider answers again");
        }
        awaitNobodyWaits(first, second);
        for (Replica replica : List.of(first, second)) {
            assertThat(replica.process().errors()).doesNotContain("Dead letter of");
        }
    }

    private void keyOfOneTenantIsRevoked() throws Exception {
        int port = acmes.port();
        acmes.close();
        acmes = StandIn.start(StandInOptions.defaults().withPort(port).withApiKey(REVOKED));
        publish("revoked", "caller-of-acme", ",\"tenant\":\"acme\"");

        Replica owner = ownerOf("revoked");
        awaitLine(owner, "WARN  Gate Tenant acme at ", "the provider refuses the credentials, it answers 401");
        assertThat(awaitWaiting(owner, "revoked", "gate", "acme")
                        .at("/step/text")
                        .asText())
                .contains("the provider refuses the credentials", "401");
        JsonNode health = owner.get("/health?data=true");
        assertThat(health.toString()).contains("acme.problem", "SERAI_TENANTS_ACME_API_KEY");
        assertThat(owner.status("/health")).as("others have their keys").isEqualTo(200);
        assertThat(metric(owner, "serai_gate_held{tenant=\"acme\",why=\"credentials\"}"))
                .isEqualTo(1);
        assertThat(metric(owner, "serai_gate_held{tenant=\"default\",why=\"credentials\"}"))
                .isZero();

        acmes.close();
        acmes = StandIn.start(StandInOptions.defaults().withPort(port).withApiKey(KEY));
        awaitLine(owner, "INFO  Gate Tenant acme at ", "answers again");
        awaitNobodyWaits(owner);
    }

    private void sourceIsWrong() throws Exception {
        crmIsBroken = true;
        publish("without-customer", "caller-with-customer", ",\"context_ref\":\"customer-42\"");

        Replica owner = ownerOf("without-customer");
        awaitLine(owner, "WARN  GuardedLookUp ", "Looking up dynamic_info at source crm failed", "500");
        assertThat(awaitWaiting(owner, "without-customer", "look_up_again", "crm")
                        .at("/step/text")
                        .asText())
                .contains("source crm", "500");
        assertThat(owner.status("/health")).isEqualTo(200);
        assertThat(owner.body("/metrics").lines())
                .as("failed look-ups by source")
                .anyMatch(line -> line.startsWith("serai_source_look_ups_seconds_count{")
                        && line.contains("source=\"crm\"")
                        && line.contains("outcome=\"error\"")
                        && !line.endsWith(" 0"));

        crmIsBroken = false;
        awaitNobodyWaits(owner);
    }

    private void oneConversationIsStuck() throws Exception {
        provider.script(FaultScript.always(Fault.hang()).forCharacter("hangs"));
        publish("stuck", "one-caller", ",\"character_id\":\"hangs\"");
        publish("behind", "one-caller", "");
        publish("beside", "another-caller", "");

        Replica owner = ownerOf("stuck");
        JsonNode stuck = awaitWaiting(owner, "stuck", "call", "under way");
        assertThat(stuck.path("conversation_key").asText()).isEqualTo("one-caller");
        assertThat(awaitWaiting(owner, "behind", "lane", "stuck")
                        .at("/step/behind/event_id")
                        .asText())
                .isEqualTo("stuck");
        awaitLine(owner, "INFO  LongWaitLog [stuck one-caller]", "POST /connect is under way");
        assertThat(metric(owner, "serai_oldest_event_age_seconds")).isGreaterThan(60);
        assertThat(owner.status("/health"))
                .as("one conversation is no reason to restart")
                .isEqualTo(200);
        assertThat(owner.get("/waiting").path("total").asInt())
                .as("nobody else waits")
                .isEqualTo(2);

        provider.clearFaults();
        awaitNobodyWaits(owner);
    }

    private void replicaIsKilled() throws Exception {
        first.process().kill();

        awaitLine(second, "INFO  LedgerConsumer Ready: ");
        await("the partitions of the other").atMost(PATIENCE).until(() -> metric(second, "serai_partitions") == 8);
        for (int i = 0; i < 16; i++) {
            publish("after-the-kill-" + i, "late-caller-" + i, "");
        }
        awaitNobodyWaits(second);
        assertThat(second.status("/health")).isEqualTo(200);
    }

    private void everyEventHasItsOneReply() {
        try (var replies = new TopicReader(broker.bootstrapServers(), "conversation.replies")) {
            Map<String, List<JsonNode>> byEvent = replies.awaitCount("replies", any -> true, published.size()).stream()
                    .map(record -> json(record.value()))
                    .collect(Collectors.groupingBy(
                            reply -> reply.path("event_id").asText()));
            assertThat(byEvent.keySet()).isEqualTo(published);
            byEvent.forEach((event, all) -> {
                assertThat(all).as("replies to " + event).hasSize(1);
                assertThat(all.getFirst().path("status").asText()).as(event).isEqualTo("started");
            });
        }
    }

    /** Each line that the document quotes, numbers aside; "…" stands for what is left out. */
    private void linesOfTheDocument_areOfThisNight() throws IOException {
        String document = Files.readString(OPERATIONS);
        String section = document.substring(document.indexOf("\n## A bad night\n"));
        int next = section.indexOf("\n## ", 1);
        List<String> quoted = (next < 0 ? section : section.substring(0, next))
                .lines()
                .filter(line -> line.startsWith("20"))
                .toList();
        assertThat(quoted).as("lines of the log in " + OPERATIONS).hasSizeGreaterThan(8);
        List<String> said = Stream.of(first, second)
                .flatMap(replica -> replica.process().errors().lines())
                .map(StagedNightTest::withoutNumbers)
                .toList();
        for (String line : quoted) {
            Pattern wanted = Pattern.compile(Stream.of(withoutNumbers(line).split("…", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*")));
            assertThat(said).as(line).anyMatch(wanted.asMatchPredicate());
        }
    }

    private static String withoutNumbers(String line) {
        return line.replaceAll("[0-9]+", "#");
    }

    private static JsonNode json(byte[] value) {
        try {
            return Json.MAPPER.readTree(value);
        } catch (IOException e) {
            throw new AssertionError(new String(value, UTF_8), e);
        }
    }

    private void publish(String event, String key, String fields) throws Exception {
        String character = fields.contains("character_id") ? "" : ",\"character_id\":\"guide\"";
        String value = "{\"event_id\":\"" + event + "\"" + character + fields + "}";
        publisher
                .send(new ProducerRecord<>("conversation.start", key.getBytes(UTF_8), value.getBytes(UTF_8)))
                .get(30, TimeUnit.SECONDS);
        published.add(event);
    }

    private Replica ownerOf(String event) {
        return await(event + " to be held")
                .atMost(PATIENCE)
                .until(
                        () -> Stream.of(first, second)
                                .filter(replica -> waiting(replica, event) != null)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static @Nullable JsonNode waiting(Replica replica, String event) {
        for (JsonNode each : replica.get("/waiting").path("events")) {
            if (each.path("event_id").asText().startsWith(event)) {
                return each;
            }
        }
        return null;
    }

    private static JsonNode awaitWaiting(Replica replica, String event, String kind, String text) {
        return await(event + " at " + kind + ": " + text)
                .atMost(PATIENCE)
                .until(
                        () -> waiting(replica, event),
                        found -> found != null
                                && found.at("/step/kind").asText().equals(kind)
                                && found.at("/step/text").asText().contains(text));
    }

    private static void awaitNobodyWaits(Replica... replicas) {
        for (Replica replica : replicas) {
            await("nobody waits in " + replica.name())
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> replica.get("/waiting").path("total").asInt(-1) == 0);
        }
    }

    /** A line that holds all of these. */
    private static void awaitLine(Replica replica, String... texts) {
        await(String.join("…", texts))
                .atMost(Duration.ofMinutes(2))
                .until(() -> replica.process().errors().lines().anyMatch(line -> Stream.of(texts)
                        .allMatch(line::contains)));
    }

    private static double metric(Replica replica, String name) {
        return Pages.metric(replica.body("/metrics"), name).orElse(-1);
    }
}
