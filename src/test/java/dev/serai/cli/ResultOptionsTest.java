package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How a command tells to go on. */
class ResultOptionsTest {
    @TempDir
    private Path directory;

    @Command
    static final class Any {
        @Mixin
        private final ResultOptions options = new ResultOptions();
    }

    private static String asTyped(String... arguments) {
        Any command = new Any();
        new CommandLine(command).parseArgs(arguments);
        return command.options.asTyped();
    }

    /** What a shell makes of it is what was given. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rooms.csv",
                "my rooms.csv",
                "$(touch made); it's \"a\" `touch made`.csv",
                "a\\b*.csv",
                "~/&|.csv"
            })
    void file_isOneWordOfAShell(String file) throws Exception {
        assertThat(words(asTyped("--out", file, "--failed-out", file + "x")))
                .isEqualTo("--out|" + file + "|--failed-out|" + file + "x|");
        assertThat(directory).isEmptyDirectory();
    }

    private String words(String typed) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", "printf '%s|'" + typed)
                .directory(directory.toFile())
                .start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void whatTheResultsAreLike_isSaid_forTheyGoOnOnlyAsTheyWere() {
        assertThat(asTyped("--redact", "--with-session-id", "--failed-out", "f 1.csv", "--out", "r.csv"))
                .isEqualTo(" --out r.csv --failed-out 'f 1.csv' --redact --with-session-id");
        assertThat(asTyped()).isEqualTo(" --detach");
    }
}
