package dev.serai.dialect.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.table.WatchedTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the page on mappings shows works, and it tells of all that there is. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MappingsPageTest {
    private static final Path PAGE = Path.of("src/docs/mappings.md");

    @Test
    void tenMinutes_leadToWhatTheyPromise(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("lantern.jsonata"), block("jsonata", 0));
        Path table = Files.writeString(folder.resolve("lantern.csv"), block("csv", 0));
        Path samples = Files.createDirectory(folder.resolve("lantern"));
        Files.writeString(samples.resolve("answered.sample.json"), block("json", 0));
        Files.writeString(samples.resolve("answered.expected.json"), block("json", 1));
        try (LookUpTable rows = LookUpTable.open("intake lantern", table, "DE", WatchedTable.Listener.NONE)) {
            Mapping mapping = Mapping.load(
                    file,
                    new MappingContext(rows, null, "DE", new MappingDefaults(null, null, Duration.ofSeconds(30))));

            assertThat(MappingSample.in(samples))
                    .singleElement()
                    .satisfies(sample -> assertThat(sample.differences(mapping)).isEmpty());
            assertThat(Mappings.event(mapping.map(
                            Mappings.record("{\"kind\":\"call.ended\",\"call\":{\"id\":\"L-1\",\"dialled\":\"1\"}}"))))
                    .isEqualTo(Mappings.json("{\"event_id\":\"L-1:end\",\"action\":\"end\",\"final\":true}"));
            assertThat(Mappings.ignored(mapping.map(Mappings.record(
                            "{\"kind\":\"call.held\",\"call\":{\"id\":\"L-1\",\"dialled\":\"08000000002\"}}"))))
                    .containsExactly("unknown kind");
            assertThat(Mappings.ignored(mapping.map(Mappings.record(
                            "{\"kind\":\"call.answered\",\"call\":{\"id\":\"L-1\",\"dialled\":\"08000000002\"}}"))))
                    .containsExactly("table");
            assertThat(Mappings.rejection(mapping.map(Mappings.record("{\"kind\":\"call.ended\",\"call\":{}}"))))
                    .isEqualTo("/call/id: is missing");
        }
    }

    @Test
    void everyFunction_andEveryBound_isOnThePage() throws Exception {
        String page = Files.readString(PAGE);

        assertThat(new MappingFunctions(Mappings.plain()).all().keySet())
                .allSatisfy(name -> assertThat(page).contains("`$" + name + "("));
        assertThat(Stream.of(
                        Mapping.BOUNDS.steps(),
                        Mapping.BOUNDS.depth(),
                        Mapping.BOUNDS.items(),
                        Mapping.BOUNDS.weight(),
                        Mapping.BOUNDS.made()))
                .allSatisfy(bound -> assertThat(page).contains("| " + String.format(Locale.ROOT, "%,d", bound)));
        assertThat(EventMaker.OWN_FIELDS).allSatisfy(name -> assertThat(page).contains("\n| `" + name + "` |"));
    }

    private static String block(String language, int index) throws Exception {
        List<String> blocks = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .toList();
        return blocks.get(index);
    }
}
