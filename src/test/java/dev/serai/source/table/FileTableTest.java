package dev.serai.source.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.loop.BackgroundLoop;
import dev.serai.loop.FileWatch;
import dev.serai.loop.UnusableFileException;
import dev.serai.table.Columns;
import dev.serai.table.WatchedTable;
import dev.serai.testing.LogLines;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FileTableTest {
    private static final Duration INTERVAL = Duration.ofMillis(20);

    @TempDir
    private Path directory;

    /** A file system that was closed answers with an exception that no file's trouble is. */
    @Test
    void unexpectedException_isSaidOnce_andTheWatchGoesOn() throws Exception {
        Path archive = directory.resolve("places.zip");
        FileSystem files = FileSystems.newFileSystem(archive, Map.of("create", "true"));
        Path file = Files.writeString(files.getPath("places.json"), "{\"hall\": \"dark\"}");
        try (LogLines lines = new LogLines(BackgroundLoop.class);
                FileTable table = table(file)) {
            Files.writeString(file, "{\"hall\": \"bright\"}");
            await().until(() -> String.valueOf(table.get("hall")).equals("\"bright\""));

            files.close();

            await().until(() -> !lines.with("failed and goes on").isEmpty());
            assertThat(table.get("hall")).isEqualTo(json("\"bright\""));
            assertThat(lines.with("failed and goes on")).hasSize(1).allMatch(line -> line.contains("serai-file-"));
        }
    }

    @Test
    void jsonFile_hasAnyValueUnderAReference() throws Exception {
        try (var table = table(write("places.json", """
                {"hall": [{"name": "lamp"}], "attic": "dusty", "cellar": null, "": 1}"""))) {
            assertThat(table.get("hall")).isEqualTo(json("[{\"name\": \"lamp\"}]"));
            assertThat(table.get("attic")).isEqualTo(json("\"dusty\""));
            assertThat(table.get("cellar")).isEqualTo(json("null"));
            assertThat(table.get("")).isEqualTo(json("1"));
            assertThat(table.get("kitchen")).isNull();
        }
    }

    @Test
    void csvFile_hasTheRowsOfAReference_inOrder() throws Exception {
        try (var table = table(write("places.csv", """
                name, id ,description
                lamp,hall,"bright, ""very"" bright
                and warm"

                box,attic,
                door,hall," open "
                """))) {
            assertThat(table.get("hall")).isEqualTo(json("""
                    [{"name": "lamp", "id": "hall", "description": "bright, \\"very\\" bright\\nand warm"},
                     {"name": "door", "id": "hall", "description": " open "}]"""));
            assertThat(table.get("attic"))
                    .isEqualTo(json("[{\"name\": \"box\", \"id\": \"attic\", \"description\": null}]"));
            assertThat(table.get("id")).isNull();
        }
    }

    @Test
    void csvFile_mayHaveOneColumnAndNoRows() throws Exception {
        try (var none = table(write("none.csv", "id"));
                var one = table(write("one.csv", "id\r\nhall\r\n"))) {
            assertThat(none.get("hall")).isNull();
            assertThat(one.get("hall")).isEqualTo(json("[{\"id\": \"hall\"}]"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            places.json | {"hall": "\u00fc"}
            PLACES.CSV  | id,name\\nhall,\u00fc
            """)
    void byteOrderMark_doesNotCount(String name, String content) throws Exception {
        try (var table = table(write(name, "\ufeff" + content.replace("\\n", "\n")))) {
            assertThat(String.valueOf(table.get("hall"))).contains("ü");
        }
    }

    /** And that nothing of it is repeated. */
    private static void assertUnusable(Path file, String message) {
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> table(file))
                .withMessageStartingWith(file.toString())
                .withMessageContaining(message)
                .withMessageNotContaining("secret")
                .withNoCause();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1,\\n"b":               | , line 2 is no JSON
            {"a":1,\\n"b":{"c":1,"c":2}} | , line 2 is no JSON, or has a name for the second time in one object
            {"a":1,\\n\\n"a":2}          | , line 3 is no JSON, or has a name for the second time in one object
            {"a":1} secret               | , line 1 is no JSON
            secret                       | , line 1 is no JSON
            ``                           | must hold one JSON object
            ["secret"]                   | must hold one JSON object
            "secret"                     | must hold one JSON object
            """)
    void unusableJson_saysWhere_withoutRepeatingIt(String content, String message) throws Exception {
        Path file = write("bad.json", content.replace("\\n", "\n"));

        assertUnusable(file, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                              | must name its columns in its first line
            secret,name\\nhall,x            | must name a column "id" in its first line
            id,,secret\\n                   | , line 1 must have a name for column 2
            id,  ,secret\\n            | , line 1 must have a name for column 2
            id,secret, secret\\n            | , line 1 must have another name for column 3
            id,name\\nhall,x\\nsecret       | , line 3 must have 2 cells, as the first line has, not 1
            id,name\\nhall,x,secret\\na,b   | , line 2 must have 2 cells, as the first line has, not 3
            id,name\\na,"b\\nc"\\n\\n,secret | , line 5 must have a reference in column "id"
            id\\nhall\\n"secret             | is no CSV: a quote that opens a cell needs one that closes it
            id\\nhall\\n"secret"x\\na       | is no CSV: a quote that opens a cell needs one that closes it
            """)
    void unusableCsv_saysWhere_withoutRepeatingIt(String content, String message) throws Exception {
        Path file = write("bad.csv", content.replace("\\n", "\n"));

        assertUnusable(file, message);
    }

    /** Told when the file is loaded, not by every look-up in it. */
    @Test
    void columnThatAnswersAreMadeOf_mustBeThere() throws Exception {
        Path file = write("places.csv", "id,name,descripton\nhall,lamp,secret");

        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> table(file, Set.of("name", "description")))
                .withMessage(
                        file + " must name a column \"description\" in its first line: what is found is made of it");

        write("places.csv", "id,name,description\nhall,lamp,x");
        try (var log = new LogLines(FileWatch.class);
                var table = table(file, Set.of("name", "description"))) {
            // At once, not an empty file first.
            Files.move(write("next", "id,name\nhall,chair"), file, StandardCopyOption.ATOMIC_MOVE);
            await().until(() -> !log.with("goes on with what it read before").isEmpty());
            assertThat(log.with("goes on with")).singleElement().asString().contains("\"description\"");
            assertThat(table.get("hall")).hasToString("[{\"id\":\"hall\",\"name\":\"lamp\",\"description\":\"x\"}]");
        }
    }

    @Test
    void jsonNeedsNoColumns() throws Exception {
        try (var table = table(write("places.json", "{\"hall\": 1}"), Set.of("name"))) {
            assertThat(table.get("hall")).isEqualTo(json("1"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad.json", "bad.csv"})
    void malformedUtf8_saysWhere(String name) throws Exception {
        Path file = directory.resolve(name);
        Files.write(file, new byte[] {'i', 'd', '\n', '\n', (byte) 0xc3, '\n', 'x'});

        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> table(file))
                .withMessage(file + ", line 3 must be in UTF-8: save it so");
    }

    @Test
    void utf8ThatEndsWithinACharacter_isMalformed() throws Exception {
        Path file = directory.resolve("bad.csv");
        Files.write(file, new byte[] {'i', 'd', '\n', (byte) 0xc3});

        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> table(file))
                .withMessage(file + ", line 2 must be in UTF-8: save it so");
    }

    @Test
    void whatIsNoSuitableFile_isRefused() throws Exception {
        Path missing = directory.resolve("missing.json");
        Path folder = Files.createDirectory(directory.resolve("folder.csv"));
        Path text = write("places.txt", "{}");
        Path large = directory.resolve("large.json");
        try (var sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength((64L << 20) + 1);
        }

        assertRefused(missing, "must be a file that exists");
        assertRefused(folder, "must be a file");
        assertRefused(text, "must end in .json or .csv, which tells its format");
        assertRefused(large, "must have at most 64 MiB, has more");
    }

    @Test
    void changedFile_isLoaded() throws Exception {
        Path file = write("places.json", "{\"hall\": 1}");
        try (var log = new LogLines(WatchedTable.class);
                var table = table(file)) {
            // As long as before, and by another file's renaming.
            write("next", "{\"hall\": 2}");
            Files.setLastModifiedTime(directory.resolve("next"), Files.getLastModifiedTime(file));
            Files.move(directory.resolve("next"), file, StandardCopyOption.ATOMIC_MOVE);

            await().until(() -> json("2").equals(table.get("hall")));
            assertThat(log.with("loaded"))
                    .hasSize(2)
                    .last()
                    .isEqualTo("INFO source places: " + file + " loaded, 1 entry");
        }
    }

    @Test
    void fileThatCannotBeUsed_leavesTheEarlierContent_andIsWarnedOfOnce() throws Exception {
        Path file = write("places.json", "{\"hall\": 1}");
        try (var log = new LogLines(FileWatch.class);
                var table = table(file)) {
            // At once: half a file would be a mistake of another kind.
            Files.move(write("broken.json", "{\"hall\": 2"), file, StandardCopyOption.ATOMIC_MOVE);
            await().until(() -> log.with("WARN").size() == 1);
            await().during(INTERVAL.multipliedBy(10))
                    .until(() -> log.with("WARN").size() == 1);
            assertThat(log.with("WARN"))
                    .singleElement()
                    .asString()
                    .contains("source places goes on with what it read before: " + file + ", line 1 is no JSON");
            assertThat(table.get("hall")).isEqualTo(json("1"));

            write("places.json", "{\"hall\": 2}");
            await().until(() -> json("2").equals(table.get("hall")));
        }
    }

    @Test
    void missingFile_leavesTheEarlierContent_andIsWarnedOfOnce() throws Exception {
        Path file = write("places.csv", "id\nhall");
        try (var log = new LogLines(FileWatch.class);
                var table = table(file)) {
            Files.delete(file);
            await().until(() -> log.with("WARN").size() == 1);
            await().during(INTERVAL.multipliedBy(10))
                    .until(() -> log.with("WARN").size() == 1);
            assertThat(table.get("hall")).isNotNull();

            write("places.csv", "id\nattic");
            await().until(() -> table.get("attic") != null);
            assertThat(table.get("hall")).isNull();
            assertThat(log.with("can be used again")).hasSize(1);
        }
    }

    @Test
    void close_endsTheWatch() throws Exception {
        Path file = write("places.json", "{\"hall\": 1}");
        var table = table(file);
        table.close();

        write("places.json", "{\"hall\": 2}");

        await().pollDelay(INTERVAL.multipliedBy(10)).until(() -> json("1").equals(table.get("hall")));
    }

    private void assertRefused(Path file, String message) {
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> table(file))
                .withMessage(file + " " + message);
    }

    private static FileTable table(Path file) throws UnusableFileException {
        return table(file, Set.of());
    }

    private static FileTable table(Path file, Set<String> needed) throws UnusableFileException {
        return new FileTable("places", file, new Columns("id", needed), INTERVAL);
    }

    private Path write(String name, String content) throws IOException {
        return Files.write(directory.resolve(name), content.getBytes(UTF_8));
    }

    private static JsonNode json(String text) throws IOException {
        return Json.MAPPER.readTree(text);
    }
}
