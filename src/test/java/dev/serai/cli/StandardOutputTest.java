package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.SharedBroker;
import dev.serai.wire.ErrorCategory;
import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever keeps what a command prints must hear of it when not all of it was taken. */
@BesideOthers
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@LeftToCi
class StandardOutputTest {
    private static final String FULL = "/dev/full";
    private static final String SAID = "standard output takes no more";

    @TempDir
    private Path directory;

    private Path errors() {
        return directory.resolve("errors");
    }

    private ProcessBuilder serai(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                JavaProcess.classPath(),
                Serai.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors().toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(SERAI|CONVAI|KAFKA)_.*"));
        return builder;
    }

    private ProcessBuilder export(LetterTopic topic) {
        return serai(
                "dead-letters",
                "export",
                "--config",
                "/dev/null",
                "--topic",
                topic.letters,
                "--set",
                "serai.kafka.bootstrap-servers=" + SharedBroker.bootstrapServers());
    }

    private void assertFailed(Process process) throws Exception {
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(errors());
        assertThat(process.exitValue()).as(said).isEqualTo(ExitCode.FAILED);
        assertThat(said).contains(SAID).doesNotContain("\tat ");
    }

    @Test
    void exportToAFullDisk_fails() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of(FULL)));
        try (LetterTopic topic = new LetterTopic()) {
            topic.letter(ErrorCategory.INVALID_EVENT, "wrong", Instant.now(), "k", "{\"event_id\":\"e1\"}");

            assertFailed(export(topic).redirectOutput(new File(FULL)).start());
            assertThat(Files.readString(errors())).doesNotContain("1 dead letter of");
        }
    }

    @Test
    void exportThatNobodyReadsOn_ends() throws Exception {
        try (LetterTopic topic = new LetterTopic()) {
            String event = "{\"event_id\":\"e1\",\"text\":\"" + "x".repeat(20_000) + "\"}";
            for (int i = 0; i < 20; i++) {
                topic.letter(ErrorCategory.INVALID_EVENT, "wrong", Instant.now(), "k", event);
            }
            Process process = export(topic).start();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(out.readLine()).contains("\"e1\"");
            }

            assertFailed(process);
            assertThat(Files.readString(errors())).doesNotContain("20 dead letters of");
        }
    }

    /** As of all commands that do not look themselves. */
    @Test
    void resultThatIsNotTaken_failsTheCommand() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of(FULL)));

        assertFailed(serai("help", "run").redirectOutput(new File(FULL)).start());
    }
}
