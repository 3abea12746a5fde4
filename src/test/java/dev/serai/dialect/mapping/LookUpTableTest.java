package dev.serai.dialect.mapping;

import static dev.serai.dialect.mapping.Mappings.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.serai.loop.UnusableFileException;
import dev.serai.table.WatchedTable;
import dev.serai.testing.LogLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LookUpTableTest {
    private static final Duration CHECKS = Duration.ofMillis(20);

    @TempDir
    private Path folder;

    private LookUpTable table(Path file, WatchedTable.Listener listener) throws UnusableFileException {
        return LookUpTable.open("intake desk", file, "DE", CHECKS, listener);
    }

    private Path write(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content);
    }

    private static final String CSV = """
            key,character_id,tenant,scene_ref,ignore,language
            0800 0000001,guide,,hall,,de
            +498000000002,,,,TRUE,
            Museum queue,nurse,clinic,,false,en
            *,porter,,,,
            """;

    private static final String JSON = """
            {"0800 0000001": {"character_id": "guide", "scene_ref": "hall", "language": "de"},
             "+498000000002": {"ignore": true},
             "Museum queue": {"character_id": "nurse", "tenant": "clinic", "ignore": false, "language": "en"},
             "*": {"character_id": "porter"}}
            """;

    @ParameterizedTest
    @CsvSource({"table.csv", "table.json"})
    void number_isFoundHoweverItIsWritten_andAQueueByItsName(String name) throws Exception {
        try (LookUpTable table = table(write(name, name.endsWith("csv") ? CSV : JSON), WatchedTable.Listener.NONE)) {
            for (String number : new String[] {"tel:+49-800-0000001", "08000000001", "sip:+498000000001@pbx.example"}) {
                assertThat(String.valueOf(table.row(number)))
                        .contains(
                                "\"character_id\":\"guide\"",
                                "\"scene_ref\":\"hall\"",
                                "\"language\":\"de\"",
                                "\"ignore\":false");
            }
            assertThat(String.valueOf(table.row("+498000000002"))).contains("\"ignore\":true");
            assertThat(String.valueOf(table.row(" Museum queue ")))
                    .contains("nurse")
                    .contains("clinic");
            assertThat(table.row("museum queue")).isNull();
            assertThat(String.valueOf(table.row(LookUp.OTHERWISE))).contains("porter");
        }
    }

    /** The schema of events counts characters, of which one beyond the basic plane is two in Java. */
    @Test
    void identifierOfCharactersBeyondTheBasicPlane_isTaken() throws Exception {
        Path file = Files.writeString(
                folder.resolve("wide.json"), "{\"1\": {\"character_id\": \"" + "\uD83D\uDE00".repeat(512) + "\"}}");

        assertThat(LookUpRows.read(file, null).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            t.csv  | key, character_id, tenant, scene_ref, ignore, language\\n0800 0000001, guide , museum,  hall,  , de\\n*, porter, , , true,\\n
            t.json | {" 0800 0000001 ": {"character_id": " guide ", "tenant": "museum ", "scene_ref": "  hall", "language": " de"}, "*": {"character_id": "porter", "tenant": " ", "ignore": " true"}}
            """)
    void blanksAroundACell_areNotOfIt(String name, String content) throws Exception {
        LookUpRows rows = LookUpRows.read(write(name, content.replace("\\n", "\n")), "DE");

        assertThat(rows.problems()).isEmpty();
        assertThat(rows.row("+498000000001")).isEqualTo(json("""
                {"character_id": "guide", "tenant": "museum", "scene_ref": "hall", "language": "de", "ignore": false}"""));
        assertThat(String.valueOf(rows.row("*")))
                .contains("\"character_id\":\"porter\"", "\"ignore\":true")
                .doesNotContain("\" \"", "\"\"");
    }

    @Test
    void mapping_findsTheRow_elseTheOneForAllOthers_elseNothing() throws Exception {
        try (LookUpTable table = table(write("table.csv", CSV), WatchedTable.Listener.NONE)) {
            MappingContext context = new MappingContext(table, null, "DE", Mappings.DEFAULTS);
            assertThat(Mappings.value("$row(to).character_id", context, "{\"to\":\"tel:08000000001\"}"))
                    .isEqualTo(json("\"guide\""));
            assertThat(Mappings.value("$row(to).character_id", context, "{\"to\":\"tel:0800777\"}"))
                    .isEqualTo(json("\"porter\""));
            assertThat(Mappings.value("$row(to).character_id", context, "{}")).isEqualTo(json("\"porter\""));
            assertThat(Mappings.value("$row(to).tenant", context, "{\"to\":\"0800 0000001\"}"))
                    .isEqualTo(json("null"));
            assertThat(Mappings.value("$row(to)", Mappings.plain(), "{\"to\":1}")
                            .isMissingNode())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            t.csv  | number,character_id\\n1,a           | must name a column "key" in its first line
            t.csv  | key,charcter_id\\n1,a               | must have no column "charcter_id": did you mean "character_id"?
            t.csv  | key,ignore\\n1,perhaps              | must have true, false or nothing as ignore
            t.csv  | key,tenant\\n1,a\\n1,b              | must have one row for each key, and has several for one
            t.csv  | key,tenant\\n0800 0000001,a\\n+498000000001,b | has two for a number that is written in two ways
            t.csv  | key,tenant\\n1                      | , line 2 must have 2 cells
            t.json | {"1": "guide"}                      | must have an object under each key
            t.json | {"1": {"character_id": 7}}          | must have a text of 1 to 512 characters as character_id
            t.json | {"1": {                             | , line 1 is no JSON
            t.csv  | key,tenant\\n                         | must have at least one row
            t.json | {}                                  | must have at least one row
            t.yaml | x                                   | must end in .json or .csv
            """)
    void brokenTable_refusesTheStart(String name, String content, String message) throws Exception {
        Path file = write(name, content.replace("\\n", "\n"));

        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> table(file, WatchedTable.Listener.NONE))
                .withMessageStartingWith(file.toString())
                .withMessageContaining(message);
    }

    @Test
    void newVersion_isTaken_andABrokenOneIsNot_andIsCounted() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger loaded = new AtomicInteger();
        Path file = write("table.csv", "key,tenant\n1,a\n");
        WatchedTable.Listener listener = new WatchedTable.Listener() {
            @Override
            public void loaded(int rows) {
                loaded.addAndGet(rows);
            }

            @Override
            public void refused() {
                refused.incrementAndGet();
            }
        };
        try (LogLines log = new LogLines(WatchedTable.class);
                LookUpTable table = table(file, listener)) {
            replace(file, "key,tenant\n1,b\n2,c\n");
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> String.valueOf(table.row("1")).contains("\"b\""));
            assertThat(loaded).hasValue(3);
            assertThat(log.with("intake desk: " + file + " loaded, 2 entries")).hasSize(1);

            replace(file, "key,tenannt\n1,d\n");
            await().atMost(20, TimeUnit.SECONDS).until(() -> refused.get() == 1);
            assertThat(String.valueOf(table.row("1"))).contains("\"b\"");

            replace(file, "key,tenant\n1,e\n");
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> String.valueOf(table.row("1")).contains("\"e\""));
            assertThat(refused).hasValue(1);
        }
    }

    private void replace(Path file, String content) throws Exception {
        Path other = Files.writeString(folder.resolve("other.tmp"), content);
        Files.move(other, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
}
