package dev.serai.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connect.ProviderAccount;
import dev.serai.service.Backends;
import dev.serai.session.SampleSessions;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.trial.demo.DemoRun;
import dev.serai.trial.demo.SampleFolder;
import dev.serai.trial.demo.SampleResult;
import dev.serai.trial.demo.SampleTables;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.wire.Json;
import dev.serai.wire.StartConversation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the whole demo, and faults that tempt, with everything logged, and searches for what was handed out. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Isolated("it sets the log of the whole process to debug and more")
@LeftToCi
class SecretsStaySecretTest {
    private static final Path DEMO = Path.of("config/demo");
    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @BeforeAll
    static void publishTables() throws Exception {
        try (Admin admin = Admin.create(KAFKA)) {
            for (String topic : admin.listTopics().names().get()) {
                if (topic.startsWith("museum.")) {
                    Topics.delete(admin, topic);
                }
            }
        }
        new SampleTables(KAFKA).publish(DEMO.resolve("tables"));
    }

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void secrets_areInNoLogDeadLetterErrorTextMetricOrHealth(LogFormat format) throws Exception {
        PrintStream standardError = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Set<String> secrets = new HashSet<>();
        List<String> published = new ArrayList<>();
        System.setErr(new PrintStream(log, true, UTF_8));
        try {
            LogSetup.apply(LogLevel.TRACE, format);
            // Not the broker, which runs in this process, too: it would slow everything down.
            Stream.of("org", "com", "io", "kafka", "state").forEach(name -> Configurator.setLevel(name, Level.DEBUG));
            Configurator.setLevel("org.apache.camel", Level.TRACE);
            try (RunningSerai serai =
                    new RunningSerai(settingsOfDemo(), SecretsStaySecretTest::withAccountsOfAllTenants)) {
                runDemo(serai);
                temptWithFaults(serai);
                secrets.addAll(handedOut(serai));
                published.addAll(whatOthersMayRead(serai));
            }
        } finally {
            System.setErr(standardError);
            LogSetup.apply(LogLevel.INFO, LogFormat.TEXT);
        }

        String logged = log.toString(UTF_8);
        assertThat(logged).as("log of the run").contains("Answered with a room");
        assertThat(secrets).as("secrets handed out").hasSizeGreaterThan(10);
        assertThat(linesWith(secrets, logged.lines()))
                .as("log lines with secrets")
                .isEmpty();
        assertThat(linesWith(secrets, published.stream()))
                .as("what others may read")
                .isEmpty();
    }

    /** The lines that hold a secret, shortened to where it stands. */
    private static List<String> linesWith(Set<String> secrets, Stream<String> lines) {
        return lines.flatMap(line -> secrets.stream()
                        .filter(line::contains)
                        .map(secret -> "…"
                                + line.substring(Math.max(0, line.indexOf(secret) - 300), line.indexOf(secret) + 6)))
                .limit(5)
                .toList();
    }

    private Map<String, String> settingsOfDemo() throws IOException {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(DEMO.resolve("application.properties"))) {
            properties.load(file);
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        // With all that is logged the process is slow, and the samples say how often they call.
        List.of("connect.response-timeout", "sources.scenes.timeout", "sources.customers.timeout")
                .forEach(key -> settings.put("serai." + key, "10s"));
        // Of this run's own: the other one would read what is left on it.
        settings.put("serai.intake.museum-line.topic", "museum-line." + UUID.randomUUID());
        settings.put(
                "serai.sessions.key-file",
                Files.writeString(directory.resolve("sealing-keys"), SampleSessions.KEY_A)
                        .toString());
        return settings;
    }

    private static Backends withAccountsOfAllTenants(Backends all) {
        ProviderAccount account = Objects.requireNonNull(all.providers().get(StartConversation.DEFAULT_TENANT));
        Map<String, ProviderAccount> accounts = new HashMap<>(all.providers());
        List.of("museum", "hotel", "kiosk").forEach(tenant -> accounts.put(tenant, account));
        return new Backends(all.kafkaProperties(), accounts, all.sampleData());
    }

    private static void runDemo(RunningSerai serai) throws Exception {
        List<SampleResult> results = new DemoRun(KAFKA, DemoCommand.topics(serai.settings()), serai.standIn(), PATIENCE)
                .run(SampleFolder.readAll(DEMO), () -> false, result -> {});
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.problems()).as(result.toString()).isEmpty());
    }

    /** Answers that are cut off or lack fields hold tokens, too; and a provider may quote what it was sent. */
    private static void temptWithFaults(RunningSerai serai) throws IOException {
        byte[] key = RunningSerai.API_KEY.getBytes(UTF_8);
        Map<String, Fault> faults = new HashMap<>(Map.of(
                "truncated", Fault.truncatedJson(),
                "missing", Fault.missingFields("room_url"),
                "quoting",
                        Fault.status(400, "bad key " + RunningSerai.API_KEY + ", X-API-Key: " + RunningSerai.API_KEY),
                "encoding", Fault.status(422, "unknown: " + Base64.getEncoder().encodeToString(key)),
                "cutting", Fault.status(400, "no account of " + RunningSerai.API_KEY.substring(0, 20) + "…"),
                "reset", Fault.resetAfter()));
        int number = 0;
        for (String handedOut : handedOut(serai)) {
            faults.put("telling-" + number++, Fault.status(400, "gone (" + handedOut + ")x" + handedOut + "y"));
        }
        faults.forEach((name, fault) -> {
            serai.standIn().script(FaultScript.once(fault).forCharacter(name));
            serai.publish("tempted-" + name, "{\"event_id\":\"" + name + "\",\"character_id\":\"" + name + "\"}");
            serai.replyTo(name);
        });
    }

    private static Set<String> handedOut(RunningSerai serai) throws IOException {
        Set<String> secrets = new HashSet<>();
        secrets.add(RunningSerai.API_KEY);
        secrets.add(RunningSerai.API_KEY.substring(0, 20));
        secrets.add(Base64.getEncoder().withoutPadding().encodeToString(RunningSerai.API_KEY.getBytes(UTF_8)));
        for (RecordedCall call : serai.standIn().calls()) {
            if (call.sessionMade() && call.answer() != null && call.answer().endsWith("}")) {
                JsonNode answer = Json.MAPPER.readTree(call.answer());
                List.of("token", "session_id").forEach(field -> {
                    if (answer.hasNonNull(field)) {
                        secrets.add(answer.get(field).asText());
                    }
                });
            }
        }
        return secrets;
    }

    /** With what is open sealed in them, as there is a key file. */
    private static List<String> sessionRecords(RunningSerai serai) {
        try (TopicReader sessions = serai.reader(serai.settings().kafka().sessionTopic())) {
            sessions.await(
                    "open sessions",
                    stored -> stored.value() != null && text(stored.value()).contains("\"sealed\":"));
            return sessions.all().stream()
                    .map(stored -> stored.value() == null ? "" : text(stored.value()))
                    .toList();
        }
    }

    /** A character for each byte. */
    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static List<String> whatOthersMayRead(RunningSerai serai) throws IOException, InterruptedException {
        List<String> texts = new ArrayList<>();
        serai.deadLetters().forEach(letter -> {
            texts.add(letter.value() == null ? "" : new String(letter.value(), UTF_8));
            letter.headers().forEach(header -> texts.add(new String(header.value(), UTF_8)));
        });
        texts.addAll(sessionRecords(serai));
        serai.replies().stream()
                .map(RunningSerai::json)
                .filter(reply -> reply.path("status").asText().equals("failed"))
                .forEach(reply -> texts.add(reply.toString()));
        for (String page : List.of("/health", "/metrics")) {
            texts.add(serai.page(page).body());
        }
        return texts;
    }
}
