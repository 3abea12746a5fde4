package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Pages;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.StartEvents;
import dev.serai.testing.TopicReader;
import dev.serai.wire.WireSchemas;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
@LeftToCi
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
                String log = run.awaitErrors("Ready: ");
                assertThat(log)
                        .contains(
                                "Kafka: " + bootstrapServers,
                                "Provider: http://127.0.0.1",
                                "Provider of tenant acme: http",
                                "Open sessions are known to this process only",
                                "set serai.sessions.key-file");

                StartEvents.publish(
                        bootstrapServers,
                        "conversation.start",
                        "caller-1",
                        "{\"event_id\":\"e1\",\"character_id\":\"c1\"}");

                var reply = RunningSerai.json(replies.await("reply", any -> true));
                assertThat(reply.path("status").asText()).isEqualTo("started");
                StartEvents.publish(
                        bootstrapServers,
                        "conversation.start",
                        "caller-2",
                        "{\"event_id\":\"e2\",\"character_id\":\"c1\",\"tenant\":\"acme\"}");
                var tenants = RunningSerai.json(replies.await(
                        "reply of the tenant",
                        any -> RunningSerai.json(any).path("event_id").asText().equals("e2")));
                assertThat(tenants.path("status").asText()).isEqualTo("started");
                assertThat(Pages.get(healthOf(log)).statusCode()).isEqualTo(200);
                run.terminate();
                assertThat(run.exitCode()).isEqualTo(143);
                assertThat(run.errors()).contains("Stopping").doesNotContain("WARN", "ERROR", KEY);
            }
        }
    }

    @Test
    void run_withNothingNamed_saysWhatItUsesAndHowToTryItInFewLines() throws Exception {
        try (var run = serai(Map.of(), JavaProcess.runOfItsOwn(directory))) {
            String log = run.awaitErrors("Ready: ");

            assertThat(log)
                    .contains("an embedded broker at 127.0.0.1", "a stand-in at http://127.0.0.1")
                    .doesNotContain("WARN", "ERROR");
            // Partitions come later, and may have come by now.
            assertThat(log.lines()
                            .takeWhile(line -> !line.contains(" LedgerConsumer "))
                            .filter(line -> line.contains(" INFO "))
                            .count())
                    .isLessThanOrEqualTo(14);
        }
    }

    /**
     * One run for all of it: {@code RouteFolderTest} has what else can be wrong with routes, {@code PathsTest} the rest of the
     * warnings.
     */
    @Test
    void run_withoutARoute_exits3_andSaysItAsTheEnvironmentWants() throws Exception {
        Path file = Files.writeString(directory.resolve("batch.properties"), "serai.kafka.start-topic=batch.start\n");
        Map<String, String> environment = Map.of(
                "SERAI_LOG_LEVEL",
                "warn",
                "SERAI_LOG_FORMAT",
                "json",
                "SERAI_LOG_LEVL",
                "x",
                "SERAI_KAFKA_START_TOPIC",
                "conversation.start");
        try (var run = serai(
                environment,
                "run",
                "--config",
                file.toString(),
                "--set",
                "serai.routes-dir=" + Files.createDirectory(directory.resolve("empty")),
                "--set",
                "serai.embedded.port=0",
                "--set",
                "serai.http.port=0",
                "--set",
                "serai.data-dir=" + directory.resolve("data"))) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.INVALID_SETTINGS);
            assertThat(run.errors())
                    .contains("no route takes start events")
                    .doesNotContain("Ready")
                    .doesNotContain("\tat ");
            assertThat(run.errors().lines().filter(line -> line.startsWith("{")))
                    .allMatch(line -> line.contains("\"level\":\"WARN\""))
                    .satisfiesExactlyInAnyOrder(
                            unknown -> assertThat(unknown).contains("SERAI_LOG_LEVL"),
                            overridden -> assertThat(overridden)
                                    .contains("serai.kafka.start-topic has another value in the environment as"
                                            + " SERAI_KAFKA_START_TOPIC than in " + file));
        }
    }

    @Test
    void logLevelThatThereIsNot_isRefused() throws Exception {
        try (var loud = serai(Map.of("SERAI_LOG_LEVEL", "loud"), "help")) {
            assertThat(loud.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
            assertThat(loud.errors()).contains("--log-level", "loud");
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

    /** Nothing listens at port 1: the start does not get that far. {@code SettingsProblemsTest} has the other variables. */
    @Test
    void run_onNamedKafkaWithoutAKey_exits3BeforeKafkaIsReached() throws Exception {
        Map<String, String> environment = Map.of("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1", "CONVAI_API_KEY_FILE", "");
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
            String log = run.awaitErrors("Ready: ");
            assertThat(log)
                    .contains("failures to named.dead-letters" + suffix + "; group named" + suffix
                            + ", serai.instance-id named" + suffix);
            assertThat(log).containsPattern("WARN .*Provider: a stand-in at http://127.0.0.1.*serai.connect.stand-in");
            try (var replies = new TopicReader(SharedBroker.bootstrapServers(), "named.replies" + suffix)) {
                StartEvents.publish(
                        SharedBroker.bootstrapServers(),
                        "named.start" + suffix,
                        "caller",
                        "{\"event_id\":\"e1\",\"character_id\":\"c1\"}");
                StartEvents.publish(
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
            assertThat(Pages.get(healthOf(log) + "?data=true").body()).containsPattern("\"stand_in\" *: *\"?true");
            assertThat(Pages.get(healthOf(log).replace("/health", "/metrics")).body())
                    .contains("serai_stand_in 1.0");
        }
    }

    private static JavaProcess serai(Map<String, String> environment, String... arguments) {
        return JavaProcess.startSerai(environment, arguments);
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

    private static String healthOf(String log) {
        Matcher health = Pattern.compile("http://\\S+/observe/health").matcher(log);
        assertThat(health.find()).as(log).isTrue();
        return health.group();
    }
}
