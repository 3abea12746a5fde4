package dev.serai.batch.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of results, and what can be in their place. */
class ResultFileTest {
    private static final ResultColumns COLUMNS = new ResultColumns(false, false);
    private static final String JOB = "20260301-1200-test";

    @TempDir
    private Path directory;

    private static ResultRow row(int number) {
        return ResultRow.answered(
                number,
                JOB + "/" + number,
                number + 1,
                Json.MAPPER.createObjectNode().put("status", "started").put("token", "t" + number),
                Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "learners.csv   | 'learner,figure\nanna,guide'",
                "learners.csv   | 'a note to myself'",
                "learners.csv   | 'row,row_id,lines of my own'",
                "learners.jsonl | '{\"learner\":\"anna\"}'",
                "learners.jsonl | '{\"row\":1,\"learner\":\"anna\"}'",
                "learners.jsonl | '{\"row\":1,\"row_id\":null}\n{\"row\":2'",
                "learners.jsonl | 'x'",
                "learners.csv   | '\n'",
                "learners.csv   | 'row,status\n1,started\n2,sta'"
            })
    void fileThatHoldsSomethingElse_isRefused_andStaysAsItIs(String name, String content) throws Exception {
        Path file = Files.writeString(directory.resolve(name), content);

        assertThatThrownBy(() -> ResultFile.resume(file, COLUMNS, JOB))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("another");

        assertThat(file).hasContent(content);
        assertThat(Files.size(file)).isEqualTo(content.length());
    }

    @ParameterizedTest
    @CsvSource({"-1", "2147483648", "one"})
    void rowThatIsNone_isRefused(String number) throws Exception {
        Path file = directory.resolve("rooms.csv");
        ResultFile.create(file, COLUMNS).close();
        Files.writeString(file, number + ",".repeat(COLUMNS.names().size() - 1) + "\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> ResultFile.resume(file, COLUMNS, JOB))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no file of results");
    }

    @ParameterizedTest
    @CsvSource({"rooms.csv", "rooms.jsonl"})
    void fileThatWasCutOff_isGoneOnWith_whereverThatWas(String name) throws Exception {
        Path file = directory.resolve(name);
        try (ResultFile results = ResultFile.create(file, COLUMNS)) {
            results.add(row(1));
            results.add(row(2));
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (ResultFile results = ResultFile.resume(file, COLUMNS, JOB)) {
                results.add(row(1));
                results.add(row(2));
            }
            assertThat(Files.readAllBytes(file))
                    .as("cut off after %d bytes", length)
                    .isEqualTo(whole);
        }
    }

    @Test
    void fileThatAnotherWrites_isRefused() throws Exception {
        Path file = directory.resolve("rooms.csv");
        ResultFile first = ResultFile.create(file, COLUMNS);
        first.add(row(1));

        assertThatThrownBy(() -> ResultFile.resume(file, COLUMNS, JOB))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rooms.csv is written by another command");
        first.close();

        ResultFile second = ResultFile.resume(file, COLUMNS, JOB);
        assertThatThrownBy(() -> ResultFile.resume(file, COLUMNS, JOB)).isInstanceOf(IOException.class);
        second.close();
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    /** Such as an empty one that somebody made before. */
    @Test
    void fileThatOthersCanRead_isTheirsNoMore() throws Exception {
        Path file = Files.createFile(
                directory.resolve("rooms.csv"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));

        try (ResultFile results = ResultFile.resume(file, COLUMNS, JOB)) {
            results.add(row(1));
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void disk_thatIsFullForAWhile_doublesNothing() throws Exception {
        Path file = directory.resolve("rooms.csv");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FullDisk disk = new FullDisk(channel);
        ResultFile results = new ResultFile(disk, COLUMNS, RowFormat.CSV, new ResultTally());
        results.add(row(1));
        disk.left = 20;

        assertThatThrownBy(results::flush).hasMessage("No space left on device");
        disk.left = Integer.MAX_VALUE;
        assertThatThrownBy(() -> results.add(row(2))).isInstanceOf(IOException.class);
        results.close();

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).startsWith("1,").hasSize(20);
    }
}
