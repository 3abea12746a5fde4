package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.PseudoTerminal;
import dev.serai.testing.StockTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real shell makes of {@code serai completion}. */
@BesideOthers
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CompletionTest {
    @TempDir
    private Path directory;

    private Path script;

    @BeforeEach
    void writeScript() throws IOException {
        script = Files.writeString(
                directory.resolve("completion"), CompletionCommand.script(SeraiCommand.commandLine()));
    }

    private List<String> bash(String commands) throws Exception {
        StockTools.assumeThereAre("bash");
        Process bash = new ProcessBuilder("bash", "--norc", "-c", "source '" + script + "'; " + commands)
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(bash.exitValue()).as(said).isZero();
        return said.lines().toList();
    }

    /** @param line the last word is what is completed; empty after a space */
    private List<String> completions(String line) throws Exception {
        String[] words = line.split(" ", -1);
        List<String> quoted = new ArrayList<>();
        for (String word : words) {
            quoted.add("'" + word + "'");
        }
        // Which only a completion that the tab key has begun may call.
        return bash("compopt() { :; }; COMP_WORDS=(" + String.join(" ", quoted) + "); COMP_CWORD=" + (words.length - 1)
                + "; _complete_serai; printf '%s\\n' \"${COMPREPLY[@]}\"");
    }

    @Test
    void script_registersItself() throws Exception {
        assertThat(bash("complete -p serai")).containsExactly("complete -o default -F _complete_serai serai");
    }

    @ParameterizedTest
    @CsvSource({
        "serai dead-le, dead-letters",
        "serai dead-letters sho, show",
        "serai prove --kil, --kills",
        "serai dead-letters replay --dead, --deadline",
        "serai run --log-f, --log-format",
        "serai run --log-format j, json",
        "serai completion z, zsh"
    })
    void beginning_isCompleted(String line, String completed) throws Exception {
        assertThat(completions(line)).containsExactly(completed);
    }

    @Test
    void everyCommand_isOffered_andNothingHidden() throws Exception {
        List<String> visible = SeraiCommand.commandLine().getSubcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();

        assertThat(completions("serai ")).containsExactlyInAnyOrderElementsOf(visible);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serai", "./serai"})
    void tabKey_completesTheCommand_onThePathAndInTheFolder(String typed) throws Exception {
        StockTools.assumeThereAre("bash");
        PseudoTerminal.assumeThereIsOne();
        Path serai = Files.writeString(directory.resolve("serai"), "#!/bin/sh\necho \"was told: $*\"\n");
        Files.setPosixFilePermissions(serai, PosixFilePermissions.fromString("rwxr-xr-x"));

        try (PseudoTerminal terminal = PseudoTerminal.start(
                directory,
                Map.of("PATH", directory + ":" + System.getenv("PATH"), "PS1", "> "),
                List.of("bash", "--noprofile", "--norc", "-i"))) {
            terminal.type("source ./completion && echo has''been''read\n");
            terminal.awaitShown("hasbeenread");
            terminal.type(typed + " dead-le\trepl\t--dead\t10m\n");
            terminal.awaitShown("was told: dead-letters replay --deadline 10m");
            terminal.type("exit\n");
            assertThat(terminal.exitCode()).isZero();
        }
    }
}
