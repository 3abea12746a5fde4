package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's ten lines, added to the demo's settings. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class DemoOnPostgresTest {
    private static final String PASSWORD = "of the museum";

    @TempDir
    Path samples;

    @Test
    void linesOfReadme_haveTheDemosScenesComeFromPostgres() throws IOException {
        SharedPostgres.run(
                "CREATE SCHEMA museum",
                "SET search_path TO museum",
                Files.readString(Path.of("config/demo/scenes.sql")),
                "CREATE ROLE serai_reader LOGIN PASSWORD '" + PASSWORD + "'",
                "GRANT USAGE ON SCHEMA museum TO serai_reader",
                "GRANT SELECT ON scene_elements TO serai_reader");
        DemoSamples.copyTo(samples);
        Path password = Files.writeString(samples.resolve("password"), PASSWORD);
        List<String> lines = linesOfReadme();
        assertThat(lines).hasSize(10);
        addToSettings(lines.stream()
                .map(line -> with(line, ".jdbc-url=", SharedPostgres.jdbcUrl() + "?currentSchema=museum"))
                .map(line -> with(line, ".jdbc-password-file=", password.toString()))
                .toList());
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);

        int exitCode = SeraiCommand.commandLine()
                .setOut(writer)
                .setErr(writer)
                .execute("demo", "--samples", samples.toString());

        assertThat(out.toString())
                .contains("scene from scenes (sql), ", "19 of 19 samples")
                .doesNotContain("sample-scenes");
        assertThat(exitCode).isEqualTo(ExitCode.OK);
    }

    private static List<String> linesOfReadme() throws IOException {
        Matcher block = Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("README.md")));
        assertThat(block.find()).isTrue();
        return block.group(1).lines().toList();
    }

    /** The line with another value, if it is the one of that key. */
    private static String with(String line, String endOfKey, String value) {
        int end = line.indexOf(endOfKey);
        return end < 0 ? line : line.substring(0, end) + endOfKey + value;
    }

    private void addToSettings(List<String> lines) throws IOException {
        Path file = samples.resolve("application.properties");
        Files.writeString(file, Files.readString(file) + String.join("\n", lines));
    }
}
