package dev.serai.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.operate.doctor.CheckName;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.StockTools;
import dev.serai.testing.TopicReader;
import dev.serai.wire.ErrorCategory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What whoever is on call reads: the commands run, what is quoted is what the service says, and nothing is left out. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class OperationsDocumentTest {
    private static final Path DOCUMENT = Path.of("src/docs/operations.md");

    /** What stands for something that differs. */
    private static final String ANYTHING = "…";

    @TempDir
    private Path directory;

    @Test
    void everyCommand_runs_andWhatIsReplayedIsAnsweredAgain() throws Exception {
        StockTools.assumeThereAre("bash", "curl", "jq", "openssl");
        List<String> blocks = StockTools.blocks(DOCUMENT, "bash").toList();
        StockTools tools = StockTools.withKafka(directory);
        try (RunningSerai serai = new RunningSerai()) {
            RecordMetadata failed = serai.publish(
                    "caller-1",
                    "{\"event_id\":\"e1\",\"character_id\":\"" + RunningSerai.UNKNOWN_CHARACTER
                            + "\",\"dynamic_info\":{\"text\":\"tab \\t, comma: and colon\"}}");
            RecordMetadata nameless = serai.publish(null, "no JSON");
            ConsumerRecord<byte[], byte[]> first = serai.deadLetterOf(failed);
            serai.deadLetterOf(nameless);
            addLauncher(serai);
            serai.awaitCommitted(failed);
            serai.awaitCommitted(nameless);

            for (String block : blocks) {
                if (!block.contains("--execute")) {
                    String said = tools.run(here(block, serai));

                    assertThat(said).doesNotContainIgnoringCase("deprecated");
                    if (block.contains("jq")) {
                        assertThat(said).contains("\"down\": []", "\"default.gate\": \"open\"", "\"default.limit\": ");
                    }
                }
            }

            assertThat(tools.run("base64 -d sealing-keys | wc -c").strip()).isEqualTo("32");
            assertThat(tools.run("cat dead-letters.jsonl"))
                    .contains("\"reason\":\"character_not_found\"")
                    .doesNotContain("no JSON");
            ConsumerRecord<byte[], byte[]> second = secondDeadLetter(serai, "\"e1\"");
            assertThat(second.key()).isEqualTo(first.key());
            assertThat(second.value()).isEqualTo(first.value());
            assertThat(TopicReader.header(second, "serai-replays")).isEqualTo("1");

            serai.service().close();
            for (String block : blocks) {
                if (block.contains("--execute")) {
                    assertThat(tools.run(here(block, serai)))
                            .contains(serai.settings().kafka().startTopic());
                }
            }
        }
    }

    /** As {@code ./serai}, with the settings of this service. */
    private void addLauncher(RunningSerai serai) throws IOException {
        var kafka = serai.settings().kafka();
        Path launcher = Files.writeString(
                directory.resolve("serai"),
                "#!/bin/sh\nKAFKA_BOOTSTRAP_SERVERS=" + serai.bootstrapServers() + " SERAI_KAFKA_START_TOPIC="
                        + kafka.startTopic() + " SERAI_KAFKA_DEAD_LETTER_TOPIC=" + kafka.deadLetterTopic() + " exec "
                        + Path.of(System.getProperty("java.home"), "bin", "java")
                        + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + JavaProcess.classPath() + "' "
                        + Serai.class.getName() + " \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static ConsumerRecord<byte[], byte[]> secondDeadLetter(RunningSerai serai, String said) {
        try (TopicReader letters = serai.reader(serai.settings().kafka().deadLetterTopic())) {
            return letters.awaitCount(
                            "dead letter with " + said, letter -> new String(letter.value(), UTF_8).contains(said), 2)
                    .getLast();
        }
    }

    private static String here(String commands, RunningSerai serai) {
        var kafka = serai.settings().kafka();
        return commands.replace("localhost:9092", serai.bootstrapServers())
                .replace(
                        "http://127.0.0.1:8080/observe",
                        serai.service().observeUri().toString())
                .replace("--group serai", "--group " + kafka.groupId())
                .replace("conversation.start", kafka.startTopic())
                .replace("conversation.sessions", kafka.sessionTopic())
                .replace("conversation.dead-letters", kafka.deadLetterTopic())
                .replace("provider_unavailable", "character_not_found");
    }

    @Test
    void quotedLogLines_areThoseOfTheService() throws IOException {
        String source = source();
        List<String> quoted = codes(Files.readString(DOCUMENT))
                .filter(code -> code.matches("(WARN|ERROR|INFO) [A-Z]\\w+ .*"))
                .toList();

        assertThat(quoted).hasSizeGreaterThan(10);
        assertThat(quoted).allSatisfy(line -> {
            String[] parts = line.split(" ", 3);
            assertThat(source).as(line).containsPattern("class " + parts[1] + "\\b");
            assertSaid(parts[2], source);
        });
    }

    @Test
    void quotedTextsOfHealth_areThoseOfTheService() throws IOException {
        String source = source();
        List<String> texts = rows("Health is DOWN").stream()
                .flatMap(row -> codes(row.getFirst()).skip(1))
                .filter(code -> code.contains(" "))
                .toList();

        assertThat(texts).hasSizeGreaterThan(10);
        assertThat(texts).allSatisfy(text -> assertSaid(text, source));
    }

    private static void assertSaid(String text, String source) {
        for (String fixed : text.split(Pattern.quote(ANYTHING), -1)) {
            String words = fixed.strip();
            // What lies between two variables can be one mark only.
            if (words.length() > 3) {
                assertThat(source).as(text).contains(words);
            }
        }
    }

    @Test
    void everyCategory_hasARow() throws IOException {
        assertThat(rows("Many dead letters").stream().map(List::getFirst))
                .containsExactlyElementsOf(Arrays.stream(ErrorCategory.values())
                        .map(category -> "`" + category.wireName() + "`")
                        .toList());
    }

    @Test
    void everyCheckOfTheDoctor_hasARow() throws IOException {
        assertThat(rows("Before it runs: serai doctor").stream().map(List::getFirst))
                .containsExactlyElementsOf(CheckName.labels().stream()
                        .map(label -> "`" + label + "`")
                        .toList());
    }

    @Test
    void everyAlert_leadsToASection() throws IOException {
        List<String> alerts = Stream.concat(
                        rows(Path.of("src/docs/metrics.md"), "What to alert on").stream(),
                        rows(Path.of("src/docs/provider.md"), "What to watch").stream())
                .map(List::getFirst)
                .distinct()
                .toList();

        assertThat(rows("Which alert leads where").stream().map(List::getFirst))
                .containsExactlyInAnyOrderElementsOf(alerts);
    }

    /** The texts in the sources, with those parts joined that are only broken into several for their length. */
    private static String source() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString().replaceAll("\"\\s*\\+\\s*\"", "").replace("\\\"", "\"");
    }

    private static Stream<String> codes(String text) {
        return Pattern.compile("`([^`\n]+)`").matcher(text).results().map(code -> code.group(1));
    }

    private static List<List<String>> rows(String title) throws IOException {
        return rows(DOCUMENT, title);
    }

    /** The cells of all rows of the section's tables, without those of their heads. */
    private static List<List<String>> rows(Path document, String title) throws IOException {
        String text = Files.readString(document);
        int begin = text.indexOf("\n## " + title + "\n");
        assertThat(begin).as("section " + title + " of " + document).isPositive();
        int end = text.indexOf("\n## ", begin + 1);
        List<String> lines =
                text.substring(begin, end < 0 ? text.length() : end).lines().toList();
        return Stream.iterate(1, number -> number < lines.size(), number -> number + 1)
                .filter(number -> lines.get(number).startsWith("| "))
                .filter(number -> !lines.get(number).startsWith("| ---"))
                .filter(number ->
                        number + 1 >= lines.size() || !lines.get(number + 1).startsWith("| ---"))
                .map(number -> Arrays.stream(lines.get(number).substring(1).split("(?<!\\\\)\\|", -1))
                        .map(String::strip)
                        .toList())
                .toList();
    }
}
