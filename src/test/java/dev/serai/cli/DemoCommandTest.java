package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DemoCommandTest {
    private final StringWriter out = new StringWriter();

    @Test
    void demo_ofTheProject_comesOutAsItsFilesSay() {
        assertThat(demo("config/demo")).isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .contains("11 of 11 samples", "01-audio", "character_not_found", "Next:")
                .doesNotContain("WRONG", "\u001b");
    }

    @Test
    void demo_ofSampleThatComesToSomethingElse_showsDifferenceAndFails(@TempDir Path samples) throws Exception {
        write(samples, "events/one.json", "{\"event_id\":\"e\",\"character_id\":\"c\"}");
        write(
                samples,
                "expected/one.json",
                "{\"about\":\"a wrong expectation\",\"key\":\"k\",\"reply\":{\"status\":\"started\",\"attempts\":7}}");

        assertThat(demo(samples.toString())).isEqualTo(ExitCode.FAILED);

        assertThat(out.toString())
                .contains("WRONG", "reply: /attempts should be 7, was 1", "0 of 1 samples")
                .doesNotContain("Next:");
    }

    @Test
    void demo_ofBrokenSample_namesItsFile(@TempDir Path samples) throws Exception {
        write(samples, "events/one.json", "{}");
        write(samples, "expected/one.json", "{\"about\":\"a typo\",\"reply\":{},\"cal\":{}}");

        assertThat(demo(samples.toString())).isEqualTo(ExitCode.FAILED);

        assertThat(out.toString()).contains("one.json", "\"cal\"").doesNotContain("\tat ");
    }

    private int demo(String samples) {
        PrintWriter writer = new PrintWriter(out, true);
        return SeraiCommand.commandLine().setOut(writer).setErr(writer).execute("demo", "--samples", samples);
    }

    private static void write(Path folder, String name, String text) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
