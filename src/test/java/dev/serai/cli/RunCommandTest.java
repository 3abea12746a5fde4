package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.wire.WireSchemas;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands as processes of their own, the way they are run. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class RunCommandTest {
    private static final String KEY = "a-key-of-this-test";

    @TempDir
    private Path directory;

    @Test
    void run_onNamedKafkaAndProvider_answersEvents() throws Exception {
        try (var broker = serai(Map.of(), "broker", "--port", "0", "--data-dir", directory.toString());
                var standIn = serai(Map.of("CONVAI_API_KEY", KEY), "standin", "--port", "0")) {
            String bootstrapServers = valueOf("KAFKA_BOOTSTRAP_SERVERS", broker);
            Map<String, String> environment = Map.of(
                    "KAFKA_BOOTSTRAP_SERVERS",
                    bootstrapServers,
                    "CONVAI_BASE_URL",
                    valueOf("CONVAI_BASE_URL", standIn),
                    "CONVAI_API_KEY",
                    KEY,
                    "SERAI_TENANTS_ACME_API_KEY",
                    KEY,
                    "SERAI_HTTP_PORT",
                    "0");
            // As in production: without the embedded broker's libraries.
            try (var run = JavaProcess.start(withoutBroker(), environment, Serai.class, "run");
                    var replies = new TopicReader(bootstrapServers, "conversation.replies")) {
                String log = awaitReady(run);
                assertThat(log)
                        .contains(
                                "Kafka: " + bootstrapServers,
                                "Provider: http://127.0.0.1",
                                "Provider of tenant acme: http",
                                "Open sessions are known to this process only",
                                "set serai.sessions.key-file");

                publish(bootstrapServers, "caller-1", "{\"event_id\":\"e1\",\"character_id\":\"c1\"}");

                var reply = RunningSerai.json(replies.await("reply", any -> true));
                assertThat(reply.path("status").asText()).isEqualTo("started");
                publish(
                        bootstrapServers,
                        "caller-2",
                        "{\"event_id\":\"e2\",\"character_id\":\"c1\",\"tenant\":\"acme\"}");
                var tenants = RunningSerai.json(replies.await(
                        "reply of the tenant",
                        any -> RunningSerai.json(any).path("event_id").asText().equals("e2")));
                assertThat(tenants.path("status").asText()).isEqualTo("started");
                assertThat(get(healthOf(log)).statusCode()).isEqualTo(200);
                run.terminate();
                assertThat(run.exitCode()).isEqualTo(143);
                assertThat(run.errors()).contains("Stopping").doesNotContain("WARN", "ERROR", KEY);
            }
        }
    }

    @Test
    void run_withNothingNamed_saysWhatItUsesAndHowToTryItInFewLines() throws Exception {
        try (var run = serai(
                Map.of(),
                "run",
                "--set",
                "serai.embedded.port=0",
                "--set",
                "serai.http.port=0",
                "--set",
                "serai.data-dir=" + directory)) {
            String log = awaitReady(run);

            assertThat(log)
                    .contains("an embedded broker at 127.0.0.1", "a stand-in at http://127.0.0.1")
                    .doesNotContain("WARN", "ERROR");
            // Partitions come later, and may have come by now.
            assertThat(log.lines()
                            .takeWhile(line -> !line.contains(" LedgerConsumer "))
                            .filter(line -> line.contains(" INFO "))
                            .count())
                    .isLessThanOrEqualTo(13);
        }
    }

    @Test
    void logOptions_comeFromTheEnvironmentToo() throws Exception {
        try (var loud = serai(Map.of("SERAI_LOG_LEVEL", "loud"), "help")) {
            assertThat(loud.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
            assertThat(loud.errors()).contains("--log-level", "loud");
        }
        try (var json = serai(
                Map.of("SERAI_LOG_LEVEL", "warn", "SERAI_LOG_FORMAT", "json", "SERAI_LOG_LEVL", "x"),
                "run",
                "--set",
                "serai.routes-dir=" + Files.createDirectory(directory.resolve("empty")),
                "--set",
                "serai.embedded.port=0",
                "--set",
                "serai.data-dir=" + directory.resolve("data"))) {
            assertThat(json.exitCode()).isEqualTo(ExitCode.INVALID_SETTINGS);
            assertThat(json.errors().lines().filter(line -> line.startsWith("{")))
                    .singleElement()
                    .asString()
                    .contains("\"level\":\"WARN\"", "SERAI_LOG_LEVL");
        }
    }

    @Test
    void run_withAFileThatTheEnvironmentOverrides_warnsOfIt() throws Exception {
        Path file = Files.writeString(directory.resolve("batch.properties"), "serai.kafka.start-topic=batch.start\n");
        try (var run = serai(
                Map.of("SERAI_LOG_LEVEL", "warn", "SERAI_KAFKA_START_TOPIC", "conversation.start"),
                "run",
                "--config",
                file.toString(),
                "--set",
                "serai.routes-dir=" + Files.createDirectory(directory.resolve("empty")),
                "--set",
                "serai.embedded.port=0",
                "--set",
                "serai.data-dir=" + directory.resolve("data"))) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.INVALID_SETTINGS);
            assertThat(run.errors())
                    .contains("serai.kafka.start-topic has another value in the environment as SERAI_KAFKA_START_TOPIC"
                            + " than in " + file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "broker", "run"})
    void withoutTheBrokersLibraries_itIsToldWhoNeedsThem(String command) throws Exception {
        try (var process = JavaProcess.start(withoutBroker(), Map.of(), Serai.class, command)) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(process.errors())
                    .contains("lib-embedded", "commands demo and broker need them", "KAFKA_BOOTSTRAP_SERVERS")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void run_withMistakesInSettings_namesAllAndExits3() throws Exception {
        try (var run = serai(
                Map.of("CONVAI_BASE_URL", "https://example.org"),
                "run",
                "--set",
                "serai.kafka.start-topik=x",
                "--set",
                "serai.connect.max-attempts=0")) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.INVALID_SETTINGS);
            assertThat(run.errors())
                    .contains("serai.kafka.start-topik", "serai.kafka.start-topic", "serai.connect.max-attempts")
                    .contains("CONVAI_API_KEY")
                    .doesNotContain("\tat ");
        }
    }

    /** Nothing listens at port 1: the start does not get that far. */
    @ParameterizedTest
    @ValueSource(strings = {"", "CONVAI_API_KEY", "CONVAI_API_KEY_FILE"})
    void run_onNamedKafkaWithoutAKey_exits3BeforeKafkaIsReached(String emptyVariable) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"));
        if (!emptyVariable.isEmpty()) {
            environment.put(emptyVariable, "");
        }
        try (var run = serai(environment, "run", "--config", "/dev/null")) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.INVALID_SETTINGS);
            assertThat(run.errors())
                    .contains("no API key", "CONVAI_API_KEY", "CONVAI_API_KEY_FILE", "SERAI_CONNECT_STAND_IN")
                    .doesNotContain("Kafka: ", "Provider: ", "\tat ");
        }
    }

    @Test
    void run_withTheStandInAskedForByName_saysSoEverywhere() throws Exception {
        String suffix = "." + UUID.randomUUID().toString().substring(0, 8);
        List<String> arguments = new ArrayList<>(List.of("run", "--config", "/dev/null"));
        for (String setting : List.of(
                "serai.http.port=0",
                "serai.kafka.partitions=1",
                "serai.kafka.group-id=named" + suffix,
                "serai.instance-id=named" + suffix,
                "serai.kafka.start-topic=named.start" + suffix,
                "serai.kafka.reply-topic=named.replies" + suffix,
                "serai.kafka.dead-letter-topic=named.dead-letters" + suffix,
                "serai.kafka.session-topic=named.sessions" + suffix)) {
            arguments.add("--set");
            arguments.add(setting);
        }
        Map<String, String> environment =
                Map.of("KAFKA_BOOTSTRAP_SERVERS", SharedBroker.bootstrapServers(), "SERAI_CONNECT_STAND_IN", "true");
        try (var run = serai(environment, arguments.toArray(String[]::new))) {
            String log = awaitReady(run);
            assertThat(log)
                    .contains("failures to named.dead-letters" + suffix + "; group named" + suffix
                            + ", serai.instance-id named" + suffix);
            assertThat(log).containsPattern("WARN .*Provider: a stand-in at http://127.0.0.1.*serai.connect.stand-in");
            try (var replies = new TopicReader(SharedBroker.bootstrapServers(), "named.replies" + suffix)) {
                publish(
                        SharedBroker.bootstrapServers(),
                        "named.start" + suffix,
                        "caller",
                        "{\"event_id\":\"e1\",\"character_id\":\"c1\"}");
                publish(
                        SharedBroker.bootstrapServers(),
                        "named.start" + suffix,
                        "caller",
                        "{\"event_id\":\"e2\",\"characterId\":\"c1\"}");
                for (String eventId : List.of("e1", "e2")) {
                    var reply = WireSchemas.assertReply(replies.await(eventId, any -> RunningSerai.json(any)
                                    .path("event_id")
                                    .asText()
                                    .equals(eventId))
                            .value());
                    assertThat(reply.path("stand_in").isBoolean()).isTrue();
                    assertThat(reply.path("stand_in").booleanValue()).isTrue();
                }
            }
            assertThat(get(URI.create(healthOf(log) + "?data=true")).body())
                    .containsPattern("\"stand_in\" *: *\"?true");
            URI metrics = URI.create(healthOf(log).toString().replace("/health", "/metrics"));
            assertThat(get(metrics).body()).contains("serai_stand_in 1.0");
        }
    }

    @Test
    void run_withBrokenRoute_orNone_saysSoAndExits3() throws Exception {
        Path routes = directory.resolve("routes");
        Files.createDirectories(routes);
        assertRoutesRefused(routes, "no route takes start events");

        Files.writeString(routes.resolve("broken.camel.yaml"), "- route:\n    id: broken\n    form: x\n");
        assertRoutesRefused(routes, "broken.camel.yaml");
    }

    private void assertRoutesRefused(Path routes, String reason) throws InterruptedException {
        try (var run = serai(
                Map.of(),
                "run",
                "--set",
                "serai.embedded.port=0",
                "--set",
                "serai.http.port=0",
                "--set",
                "serai.data-dir=" + directory.resolve("data"),
                "--set",
                "serai.routes-dir=" + routes)) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.INVALID_SETTINGS);
            assertThat(run.errors()).contains(reason).doesNotContain("Ready").doesNotContain("\tat ");
        }
    }

    private static JavaProcess serai(Map<String, String> environment, String... arguments) {
        return JavaProcess.start(JavaProcess.classPath(), environment, Serai.class, arguments);
    }

    private static String withoutBroker() {
        return Arrays.stream(JavaProcess.classPath().split(File.pathSeparator, -1))
                .filter(entry -> !Path.of(entry).getFileName().toString().matches("(kafka[_-](?!clients)|scala-).*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String valueOf(String name, JavaProcess process) throws Exception {
        String line = process.readLine();
        assertThat(line).startsWith(name + "=");
        return line.substring(name.length() + 1);
    }

    private static String awaitReady(JavaProcess run) {
        await().atMost(Duration.ofSeconds(60))
                .failFast("the process has ended", run::hasEnded)
                .until(() -> run.errors().contains("Ready: "));
        return run.errors();
    }

    private static URI healthOf(String log) {
        Matcher health = Pattern.compile("http://\\S+/observe/health").matcher(log);
        assertThat(health.find()).as(log).isTrue();
        return URI.create(health.group());
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void publish(String bootstrapServers, String key, String value) throws Exception {
        publish(bootstrapServers, "conversation.start", key, value);
    }

    private static void publish(String bootstrapServers, String topic, String key, String value) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) bootstrapServers),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8)))
                    .get();
        }
    }
}
