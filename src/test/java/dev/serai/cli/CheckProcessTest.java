package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of {@code serai check FILE} is the process's own: what it says to the shell. */
@BesideOthers
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@LeftToCi
class CheckProcessTest {
    @TempDir
    private Path directory;

    /** Also with a Kafka that is named, which is not asked. */
    @ParameterizedTest
    @CsvSource({"good.json, --key=a, 0", "bad.json, --key=a, 1", "good.json, --intake=none, 2"})
    void exitCode_saysWhatWasFound(String file, String option, int exitCode) throws Exception {
        Files.writeString(directory.resolve("good.json"), "{\"character_id\": \"guide\"}");
        Files.writeString(directory.resolve("bad.json"), "{}");
        Path key = Files.writeString(directory.resolve("key"), "a-key-of-this-test");
        try (JavaProcess check = JavaProcess.startSerai(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1", "CONVAI_API_KEY_FILE", key.toString()),
                "check",
                directory.resolve(file).toString(),
                option)) {
            assertThat(check.exitCode()).as(check.errors()).isEqualTo(exitCode);
        }
    }

    /** In Turkish, the capital of i is another one. */
    @Test
    void mapping_makesTheSame_whateverTheLanguageOfTheMachineIs() throws Exception {
        Files.writeString(
                directory.resolve("april.jsonata"),
                "{\"conversation\": \"c\", \"event_id\": \"e\", \"action\": \"end\","
                        + " \"reason\": $fromMillis(1776643200000, \"[MN]\")}");
        Files.writeString(directory.resolve("any.sample.json"), "{}");
        Files.writeString(
                directory.resolve("any.expected.json"),
                "{\"events\": [{\"conversation\": \"c\", \"event_id\": \"e\", \"action\": \"end\","
                        + " \"reason\": \"APRIL\"}]}");
        Path key = Files.writeString(directory.resolve("key"), "a-key-of-this-test");
        try (JavaProcess check = JavaProcess.startSerai(
                List.of("-Duser.language=tr", "-Duser.country=TR"),
                Map.of("CONVAI_API_KEY_FILE", key.toString()),
                "check",
                directory.toString())) {
            assertThat(check.exitCode()).as(check.errors()).isEqualTo(0);
        }
    }
}
