package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.PseudoTerminal;
import dev.serai.testing.TypedCommands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What every command is for whoever types it: wrong usage, for all of them without a process each, for nothing is run then; and
 * as processes some of them, on a pseudo-terminal, in a pipe, and interrupted.
 */
@BesideOthers
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@LeftToCi
class CommandsAsProcessesTest {
    /** No number, no word of a list, no time and no file. */
    private static final String NONSENSE = "\u0001no-such-value";

    /** They take any option: one is run by another program, the other explains whatever it is given. */
    private static final Set<String> LENIENT = Set.of("serai bench", "serai help");

    static Stream<String> commands() {
        return tree(SeraiCommand.commandLine())
                .map(command -> command.getCommandSpec().qualifiedName());
    }

    private static Stream<CommandLine> tree(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(CommandsAsProcessesTest::tree));
    }

    private static CommandSpec spec(String command) {
        return tree(SeraiCommand.commandLine())
                .map(CommandLine::getCommandSpec)
                .filter(spec -> spec.qualifiedName().equals(command))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> words(String command, String... more) {
        List<String> words = new ArrayList<>(Arrays.asList(command.split(" ", -1)));
        words.removeFirst();
        words.addAll(List.of(more));
        return words;
    }

    /** What is said of it on standard error. */
    private static String misused(List<String> words) {
        TypedCommands commands = new TypedCommands();
        int code = commands.run(words);
        assertThat(code).as("exit code of %s: %s", words, commands.err()).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(commands.out()).as("standard output of %s", words).isEmpty();
        assertThat(commands.err())
                .as("standard error of %s", words)
                .startsWith("serai: ")
                .contains(" --help'.")
                .doesNotContain("\tat ", "Exception");
        return commands.err();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void unknownOption_isWrongUsage_andIsNamed(String command) {
        if (LENIENT.contains(command)) {
            return;
        }
        List<String> words = words(command, "--no-such-option");
        spec(command).positionalParameters().stream()
                .filter(positional -> positional.arity().min() > 0)
                .forEach(positional -> words.add(positional.type().isEnum() ? "bash" : "x"));
        assertThat(misused(words)).contains("unknown option '--no-such-option'", "See '" + command + " --help'.");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void optionWithoutItsValue_isWrongUsage_andIsNamed(String command) {
        for (OptionSpec option : spec(command).options()) {
            if (option.arity().min() > 0) {
                assertThat(misused(words(command, option.longestName()))).contains(option.longestName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void valueOfAnotherType_isWrongUsage_andIsNamedWithTheOption(String command) {
        for (OptionSpec option : spec(command).options()) {
            Class<?> type = option.type();
            if (option.arity().min() > 0
                    && (type.isPrimitive() || type.isEnum() || Number.class.isAssignableFrom(type))) {
                assertThat(misused(words(command, option.longestName(), NONSENSE)))
                        .contains(option.longestName(), "no-such-value");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_hasExamplesOfTheCommand_andItsExitCodes(String command) {
        CommandSpec spec = spec(command);
        SoftAssertions.assertSoftly(all -> {
            if (spec.subcommands().isEmpty() && !command.endsWith(" help")) {
                all.assertThat(spec.usageMessage().footerHeading())
                        .as("heading of examples of %s", command)
                        .contains("Examples:");
                all.assertThat(spec.usageMessage().footer())
                        .as("examples of %s", command)
                        .isNotEmpty()
                        .anyMatch(line -> line.contains("./" + command))
                        .allMatch(line -> line.contains("./serai "));
            }
            all.assertThat(spec.usageMessage().exitCodeList().keySet())
                    .as("exit codes of %s", command)
                    .contains("0", "1", "2", "3", "130, 143")
                    .allMatch(code -> code.matches("[0-4]|130, 143"));
            all.assertThat(spec.usageMessage().exitCodeListHeading())
                    .as("heading of exit codes of %s", command)
                    .contains("Exit codes:");
        });
    }

    private static JavaProcess start(String... arguments) {
        return JavaProcess.startSerai(Map.of(), arguments);
    }

    @Test
    void wrongUsage_isSaidOnStandardError_ofAProcess() throws Exception {
        try (JavaProcess process = start("prove", "--events", "19")) {
            assertThat(process.readToEnd()).isEmpty();
            assertThat(process.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
            assertThat(process.errors())
                    .isEqualToIgnoringNewLines("serai: --events must be 20 to 20000, was 19See 'serai prove --help'.");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--set serai.connect.base-url=https://live.convai.com", "--set serai.kafka.start-topic=mine"})
    void settingThatWouldReachSomethingElse_isWrongUsageOfProve(String setting) {
        assertThat(misused(words("serai prove " + setting)))
                .contains("does not use " + setting.substring("--set ".length(), setting.indexOf('=')));
    }

    @Test
    void helpInAPipe_isPlainText_andOnATerminalItIsNot() throws Exception {
        PseudoTerminal.assumeThereIsOne();
        String plain;
        try (JavaProcess process = start("prove", "--help")) {
            plain = process.readToEnd();
            assertThat(process.exitCode()).isEqualTo(ExitCode.OK);
        }
        try (PseudoTerminal terminal = onTerminal("prove", "--help")) {
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(ExitCode.OK);
            assertThat(terminal.shown()).contains("--kills", "\u001b[");
        }
        assertThat(plain).contains("--kills", "./serai prove").doesNotContain("\u001b");
    }

    @Test
    void ctrlC_onATerminal_endsWith130_andEverythingIsClosed() throws Exception {
        PseudoTerminal.assumeThereIsOne();
        try (PseudoTerminal terminal = onTerminal("standin", "--port", "0")) {
            terminal.awaitShown("http://127.0.0.1:");

            terminal.pressCtrlC();

            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
            assertThat(terminal.shown()).doesNotContain("\tat ");
        }
    }

    @Test
    void signals_endAProcessInAPipe_withTheirCodes() throws Exception {
        try (JavaProcess interrupted = start("standin", "--port", "0");
                JavaProcess terminated = start("standin", "--port", "0")) {
            interrupted.readLine();
            terminated.readLine();

            interrupted.interrupt();
            terminated.terminate();

            assertThat(interrupted.exitCode()).as(interrupted.errors()).isEqualTo(130);
            assertThat(terminated.exitCode()).as(terminated.errors()).isEqualTo(143);
            assertThat(interrupted.errors()).doesNotContain("\tat ");
        }
    }

    private static PseudoTerminal onTerminal(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                JavaProcess.classPath(),
                Serai.class.getName()));
        command.addAll(List.of(arguments));
        return PseudoTerminal.start(Path.of(""), Map.of(), command);
    }
}
