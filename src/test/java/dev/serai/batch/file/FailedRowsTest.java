package dev.serai.batch.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file of failed rows is read as the first one was. */
class FailedRowsTest {
    @TempDir
    private Path directory;

    private static List<Row> read(Path file) throws Exception {
        List<Row> all = new ArrayList<>();
        try (Rows rows = Rows.open(file)) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                all.add(row);
            }
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rows.csv   | '\"a;b;c\",d\n1,2\n'",
                "rows.csv   | '\"a, b, c\";d\n\"x\"\"\";\"2\n3\"\n'",
                "rows.csv   | 'only\n\"1;2,3\"\n1\n'",
                "rows.csv   | 'a\tb\n\" 1\"\t\"2\r\"\n'",
                "rows.csv   | '\"a\nb\",c\n\"\",\" x\"\n1,2'",
                "rows.jsonl | '{\"a\":1e400,\"b\":{\"c\":[1.50,null]}}\n{\"a\":9007199254740993}'",
                "rows.jsonl | '{\"a\":\"\\ud83d\",\"b\\ud83d\":1}'"
            })
    void failedRows_areReadAsTheyStoodInTheFile(String name, String content) throws Exception {
        Path file = Files.writeString(directory.resolve(name), content);
        List<Row> before = read(file);
        ResultTally tally = new ResultTally();
        before.forEach(row -> tally.add(ResultRow.unanswered(row.number(), "j/" + row.number(), 0, "lost", "")));
        Path out = directory.resolve("failed-" + name);
        FailedRows.write(file, digest(file), tally, out);

        assertThat(read(out))
                .extracting(Row::values)
                .isEqualTo(before.stream().map(Row::values).toList());
    }

    /** Who is killed in the middle leaves nothing that looks like all of them. */
    @Test
    void file_hasItsNameWhenItIsWhole() throws Exception {
        Path file = Files.writeString(directory.resolve("rows.csv"), "id\n1\n2\n");
        ResultTally tally = new ResultTally();
        tally.add(ResultRow.unanswered(2, "j/2", 0, "lost", ""));
        Path out = directory.resolve("failed.csv");
        Path part = Files.writeString(directory.resolve(".failed.csv.part"), "of a command that was killed");

        assertThatThrownBy(() -> FailedRows.write(file, "another", tally, out))
                .hasMessageContaining("is not what it was when the job began");
        assertThat(out).doesNotExist();
        assertThat(part).doesNotExist();

        Files.writeString(part, "of a command that was killed");
        FailedRows.write(file, digest(file), tally, out);
        assertThat(out).hasContent("id\n2\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rw-------");
        assertThat(part).doesNotExist();

        assertThatThrownBy(() -> FailedRows.write(file, digest(file), tally, out))
                .hasMessageContaining("failed.csv is there already");
        assertThat(part).doesNotExist();
    }

    private static String digest(Path file) throws Exception {
        try (Rows rows = Rows.open(file)) {
            while (rows.next() != null) {
                // To its end.
            }
            return rows.digest();
        }
    }
}
