package dev.serai.cli;

import static dev.serai.cli.LetterTopic.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Json;
import dev.serai.wire.RecordHeader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dead letters that somebody looks at, of Serai and of others. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class DeadLettersCommandTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Instant yesterday = now.minus(Duration.ofDays(1));

    @AutoClose
    private LetterTopic topic;

    @BeforeEach
    void createTopics() throws Exception {
        topic = new LetterTopic();
    }

    private void writeThree() throws Exception {
        topic.letter(
                ErrorCategory.PROVIDER_UNAVAILABLE, "it answers 503", yesterday, "caller-1", "{\"event_id\":\"e1\"}");
        topic.letter(
                ErrorCategory.INVALID_EVENT,
                "/character_id: is required",
                now,
                "caller-2",
                "{\"event_id\":\"e2\",\"tenant\":\"acme\"}");
        topic.letter(ErrorCategory.PROVIDER_UNAVAILABLE, "it answers 502", now, "caller-3", "{\"event_id\":\"e3\"}");
    }

    @Test
    void list_beginsWithReasons_andSaysWhatToDo() throws Exception {
        writeThree();

        assertThat(topic.execute("list")).as(topic.commands.err()).isEqualTo(ExitCode.OK);

        List<String> lines = topic.commands.out().lines().toList();
        assertThat(lines.getFirst()).isEqualTo(topic.letters + ": 3 dead letters, 0 replayed");
        assertThat(lines.get(3))
                .contains(
                        " 2 ",
                        "provider_unavailable",
                        now.truncatedTo(ChronoUnit.SECONDS).toString())
                .endsWith("wait for the provider, then replay");
        assertThat(lines.get(4)).contains(" 1 ", "invalid_event").endsWith("tell the publisher: a replay fails again");
        assertThat(lines.getLast()).contains(yesterday.toString(), "key caller-1", "event e1", "it answers 503");
    }

    @ParameterizedTest
    @CsvSource({
        "--category=invalid_event, 1",
        "'--category=invalid_event,provider_unavailable', 3",
        "--since=2h, 2",
        "--until=2h, 1",
        "--key=caller-3, 1",
        "--tenant=acme, 1",
        "--tenant=default, 2",
        "--text=ANSWERS 50, 2",
        "--text=\"E2\", 1",
        "--text=no such, 0"
    })
    void list_ofSome_countsThem(String filter, int count) throws Exception {
        writeThree();

        assertThat(topic.execute("list", "--json", filter))
                .as(topic.commands.err())
                .isEqualTo(ExitCode.OK);

        JsonNode report = Json.MAPPER.readTree(topic.commands.out());
        assertThat(report.path("letters").asInt()).isEqualTo(count);
        assertThat(report.path("newest")).hasSize(count);
        assertThat(report.path("filter").size()).isEqualTo(1);
    }

    @Test
    void lettersOfOthers_areKnownByTheirHeaders() throws Exception {
        String spring = topic.write("k", "{\"event_id\":\"s\"}", topic.spring("orders", 7, 5_000_000_000L));
        String connect = topic.write(
                "k",
                "{}",
                List.of(
                        header("__connect.errors.topic", "raw"),
                        header("__connect.errors.partition", "2"),
                        header("__connect.errors.offset", "17"),
                        header(
                                "__connect.errors.exception.class.name",
                                "org.apache.kafka.connect.errors.DataException"),
                        header("__connect.errors.exception.message", "no schema")));
        String knative = topic.write(
                "k", "{}", List.of(header("ce_knativeerrorcode", "503"), header("ce_knativeerrordata", "down")));
        String stream = topic.write(
                "k", "{}", List.of(header("x-original-topic", "input"), header("x-exception-fqcn", "a.b.C$Broken")));
        String plain = topic.write("k", "no JSON", List.of());

        assertShown(spring, "spring", "SocketTimeoutException", "orders", 7, 5_000_000_000L);
        assertShown(connect, "connect", "DataException", "raw", 2, 17);
        assertShown(knative, "knative", "503", "", 0, 0);
        assertShown(stream, "x_original", "Broken", "input", 0, 0);
        assertShown(plain, "plain", "unknown", "", 0, 0);
        assertThat(topic.commands.out()).contains("\"value_text\":\"no JSON\"");
    }

    private void assertShown(String position, String format, String reason, String original, int partition, long offset)
            throws Exception {
        assertThat(topic.execute("show", position, "--json"))
                .as(topic.commands.err())
                .isEqualTo(ExitCode.OK);
        JsonNode shown = Json.MAPPER.readTree(topic.commands.out());
        assertThat(shown.path("format").asText()).isEqualTo(format);
        assertThat(shown.path("reason").asText()).isEqualTo(reason);
        assertThat(shown.at("/original/topic").asText("")).isIn(original, "null");
        assertThat(shown.at("/original/partition").asInt()).isEqualTo(partition);
        assertThat(shown.at("/original/offset").asLong()).isEqualTo(offset);
    }

    @Test
    void show_findsWhatAnEventHasLeft_andMasksSecrets() throws Exception {
        for (int i = 0; i < 2; i++) {
            topic.letter(
                    ErrorCategory.EXPIRED,
                    "late",
                    now,
                    "caller-1",
                    "{\"event_id\":\"e1\",\"session_id\":\"hidden-1\",\"n\":1.50}",
                    header("authorization", "Bearer hidden-2"),
                    new RecordHeader("bytes", new byte[] {(byte) 0xff}));
        }

        assertThat(topic.execute("show", "e1")).as(topic.commands.err()).isEqualTo(ExitCode.OK);
        assertThat(topic.commands.out())
                .contains("\"n\" : 1.50", "[masked]", "\"value_bytes\" : 1", "find what was waited for")
                .doesNotContain("hidden");

        assertThat(topic.execute("show", "e1", "--json", "--show-secrets")).isEqualTo(ExitCode.OK);
        assertThat(topic.commands.out().lines()).hasSize(2).allSatisfy(line -> assertThat(line)
                .contains("hidden-1", "hidden-2", "\"value_base64\":\"/w==\""));
    }

    @Test
    void show_ofNone_saysSo() {
        assertThat(topic.execute("show", "e1")).isEqualTo(ExitCode.FAILED);

        assertThat(topic.commands.err()).contains("no letter of " + topic.letters + " is, or is of, e1");
    }

    @Test
    void export_isALetterALine_withAllThatIsThere() throws Exception {
        writeThree();
        topic.write("caller-4", null, List.of());

        assertThat(topic.execute("export")).as(topic.commands.err()).isEqualTo(ExitCode.OK);

        assertThat(topic.commands.out().lines()).hasSize(4).allSatisfy(line -> assertThat(
                        Json.MAPPER.readTree(line).has("headers"))
                .isTrue());
        assertThat(topic.commands.err()).contains("4 dead letters of " + topic.letters);
        JsonNode second = topic.commands
                .out()
                .lines()
                .map(DeadLettersCommandTest::json)
                .filter(letter -> letter.path("event_id").asText().equals("e2"))
                .findFirst()
                .orElseThrow();
        assertThat(second.at("/value/tenant").asText()).isEqualTo("acme");
        assertThat(second.path("headers").findValuesAsText("name"))
                .contains("serai-error-category", "serai-original-offset");
    }

    private static JsonNode json(String line) {
        try {
            return Json.MAPPER.readTree(line.getBytes(UTF_8));
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    @Test
    void wrongUsage_isSaid() {
        assertThat(topic.commands.run(List.of("dead-letters"))).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(topic.commands.err()).contains("missing COMMAND");

        assertThat(topic.execute("list", "--since", "yesterday")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(topic.commands.err()).contains("--since must be a time such as", "was yesterday");

        assertThat(topic.execute("list", "--limit", "-1")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(topic.commands.err()).contains("--limit must be 0 to 10000, was -1");
    }

    @Test
    void missingTopic_isNamed() {
        assertThat(topic.execute("list", "--topic", "no.such")).isEqualTo(ExitCode.FAILED);

        assertThat(topic.commands.err()).contains("there is no topic no.such");
    }
}
