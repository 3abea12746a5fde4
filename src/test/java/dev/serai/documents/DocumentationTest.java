package dev.serai.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.settings.Settings;
import dev.serai.settings.SourceType;
import dev.serai.source.EnrichmentLimits;
import dev.serai.source.LookUpRules;
import dev.serai.source.Piece;
import dev.serai.source.Source;
import dev.serai.source.SourceMetrics;
import dev.serai.source.TextShape;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Provenance;
import dev.serai.wire.WireSchemas;
import dev.serai.wire.event.Decoded;
import dev.serai.wire.event.SampleRules;
import dev.serai.wire.event.StartEventDecoder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The documents say what is true. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DocumentationTest {
    private static final Path README = Path.of("README.md");
    private static final Path ENRICHMENT = Path.of("src/docs/enrichment.md");

    @Test
    void commandBlocks_areRunByCi() throws IOException {
        String ci = Files.readString(Path.of(".ci/run"));
        List<String> commands = new ArrayList<>();
        for (Path document : documents()) {
            blocks(document, "sh").forEach(block -> block.lines().forEach(commands::add));
        }

        assertThat(commands).contains("./serai demo", "mvn verify").allSatisfy(command -> assertThat(ci)
                .contains(command.replace("mvn ", "mvn -B -ntp ")));
    }

    /**
     * PublishingTest, BatchDocumentTest, CheckDocumentsTest, OperationsDocumentTest and StandInAdminTest run all of their
     * documents.
     */
    @Test
    void blocksOfOtherTools_areInDocumentsWhoseTestsRunThem() throws IOException {
        for (Path document : documents()) {
            if (!blocks(document, "bash").isEmpty()) {
                assertThat(document)
                        .isIn(
                                README,
                                Path.of("src/docs/batch.md"),
                                Path.of("src/docs/contact-centres.md"),
                                Path.of("src/docs/events.md"),
                                Path.of("src/docs/mappings.md"),
                                Path.of("src/docs/operations.md"),
                                Path.of("src/docs/standin.md"));
            }
        }
    }

    @Test
    void links_leadToFilesAndHeadings() throws IOException {
        for (Path document : withReference(documents())) {
            Pattern.compile("\\]\\(([^):]+)\\)")
                    .matcher(Files.readString(document))
                    .results()
                    .map(link -> link.group(1).split("#", 2))
                    .forEach(link -> {
                        Path target = link[0].isEmpty() ? document : document.resolveSibling(link[0]);
                        assertThat(target).as("link of " + document).exists();
                        if (link.length == 2) {
                            assertThat(headings(target))
                                    .as("headings of " + target + ", to which " + document + " links")
                                    .contains(link[1]);
                        }
                    });
        }
    }

    @Test
    void everyPage_isLinkedFromTheReadme() throws IOException {
        String readme = Files.readString(README);

        assertThat(withReference(documents()))
                .filteredOn(page -> !page.equals(README))
                .allSatisfy(page -> assertThat(readme).contains("](" + page + ")"));
    }

    /** As GitHub makes them of headings. */
    private static List<String> headings(Path document) {
        try {
            return Files.readAllLines(document).stream()
                    .filter(line -> line.matches("#+ .*"))
                    .map(line -> line.replaceFirst("#+ ", "")
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                            .replace(' ', '-'))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> withReference(List<Path> documents) {
        return Stream.concat(documents.stream(), Stream.of(Path.of("config/README.md")))
                .toList();
    }

    @Test
    void startEventOfReadme_isAccepted() throws IOException {
        String event = blocks(README, "json").getFirst();
        OriginalRecord original = new OriginalRecord(
                "start", 0, 0, Instant.EPOCH, new byte[0], event.getBytes(StandardCharsets.UTF_8), List.of());
        StartEventDecoder decoder = new StartEventDecoder(
                new StartEventDecoder.Rules(null, SampleRules.deadlines(), 262_144, Set.of(), Set.of("default")),
                SampleRules.replyTopics("replies"));

        assertThat(decoder.decode(original, Instant.now())).isInstanceOf(Decoded.Accepted.class);
    }

    @Test
    void replyOfReadme_fitsItsSchema() throws IOException {
        WireSchemas.assertReply(blocks(README, "json").get(1).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void settingsOfDocuments_areWithoutAMistake(@TempDir Path directory) throws Exception {
        int number = 0;
        for (Path document : documents()) {
            for (String block : blocks(document, "properties")) {
                Path file = Files.writeString(
                        directory.resolve("block-" + ++number + ".properties"), withFiles(block, directory));

                assertThat(Settings.load(Map.of(), file, Map.of()).warnings())
                        .as("warnings of settings in " + document + ":\n" + block)
                        .isEmpty();
            }
        }
        assertThat(number).isGreaterThan(6);
    }

    @Test
    void settingsThatWaitToBeUncommented_areWithoutAMistake(@TempDir Path directory) throws Exception {
        Path clientProperties = Files.writeString(directory.resolve("client.properties"), "");
        // Not the lines of whoever runs the tests.
        String settings = Files.readAllLines(Path.of("config/application.properties")).stream()
                .filter(line -> line.startsWith("#serai"))
                .map(line -> line.substring(1))
                .collect(Collectors.joining("\n"))
                .replace("config/client.properties", clientProperties.toString());
        Path file = Files.writeString(directory.resolve("application.properties"), withFiles(settings, directory));

        Settings loaded = Settings.load(Map.of("CONVAI_API_KEY", "k"), file, Map.of());

        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.values().sources()).isNotEmpty();
    }

    @Test
    void metricsOfSources_areDocumented() throws IOException {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        SourceMetrics metrics = new SourceMetrics(meters);
        Duration second = Duration.ofSeconds(1);
        metrics.lookedUp("s", Piece.SCENE, "found", second);
        metrics.served("s", Piece.SCENE, new Provenance(Provenance.Status.FRESH, second, "s", List.of()));
        metrics.watch(new Source<>(
                new LookUpRules("s", false, second, 1, second, second, 1, second),
                TextShape.ofField(new EnrichmentLimits(1, 1, 1, 1, 1), "text"),
                wanted -> Optional.empty(),
                metrics));

        List<String> scraped = Pattern.compile("# TYPE (serai_source_\\w+) ")
                .matcher(meters.scrape())
                .results()
                .map(type -> type.group(1))
                .filter(name -> !name.endsWith("_max"))
                .toList();
        assertThat(Pattern.compile("(?m)^\\| `(serai_source_\\w+)`")
                        .matcher(Files.readString(Path.of("src/docs/metrics.md")))
                        .results()
                        .map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(scraped);
    }

    @Test
    void exampleOfEachTypeOfSource_isThere() throws IOException {
        String examples = String.join("\n", blocks(ENRICHMENT, "properties"));

        assertThat(SourceType.values()).allSatisfy(type -> assertThat(examples).contains(".type=" + type + "\n"));
    }

    @Test
    void filesInDocuments_areThoseOfTheProject() throws IOException {
        assertThat(blocks(ENRICHMENT, "yaml"))
                .containsExactly(Files.readString(Path.of("routes/enrich-example.camel.yaml")));
        assertThat(blocks(ENRICHMENT, "text")).contains(Files.readString(Path.of("config/templates/customer.txt")));
    }

    /** The settings with files of the test's own in place of secrets, tables and mappings. */
    private static String withFiles(String settings, Path directory) throws IOException {
        for (MatchResult secret : Pattern.compile("/run/secrets/([\\w.-]+)")
                .matcher(settings)
                .results()
                .toList()) {
            Files.writeString(directory.resolve(secret.group(1)), "a-secret");
        }
        Path mapping = Files.writeString(directory.resolve("lantern.jsonata"), "$ignore(\"all\")");
        for (MatchResult table : Pattern.compile("config/([\\w-]+\\.csv)")
                .matcher(settings)
                .results()
                .toList()) {
            Files.writeString(directory.resolve(table.group(1)), "key\n");
        }
        return settings.replace("/run/secrets", directory.toString())
                .replaceAll("config/([\\w-]+\\.csv)", directory + "/$1")
                .replace("config/mappings/lantern.jsonata", mapping.toString());
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> documents = Files.list(Path.of("src/docs"))) {
            return Stream.concat(Stream.of(README, Path.of("CONTRIBUTING.md")), documents)
                    .sorted()
                    .toList();
        }
    }

    private static List<String> blocks(Path document, String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(document))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }
}
