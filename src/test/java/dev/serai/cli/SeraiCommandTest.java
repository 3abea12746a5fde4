package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.TypedCommands;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class SeraiCommandTest {
    private final TypedCommands commands = new TypedCommands();

    private int execute(String... arguments) {
        return commands.run(List.of(arguments));
    }

    @Test
    void help_listsCommandsOptionsAndExitCodes() {
        assertThat(execute("--help")).isEqualTo(ExitCode.OK);

        assertThat(commands.out()).contains("broker", "--log-level", "--log-format", "Exit codes:", "invalid settings");
    }

    @ParameterizedTest
    @ValueSource(strings = {"broker --help", "help broker"})
    void helpOfACommand_hasExamplesAndSharedOptions(String line) {
        assertThat(execute(line.split(" ", -1))).isEqualTo(ExitCode.OK);

        assertThat(commands.out()).contains("Examples:", "--data-dir", "--log-format", "Exit codes:");
    }

    @Test
    void help_explainsACommandWithinAnother() {
        assertThat(execute("help", "provision", "run")).isEqualTo(ExitCode.OK);

        assertThat(commands.out()).contains("Usage: serai provision run", "--skip-invalid");
    }

    @Test
    void bench_saysWhereItIs() {
        assertThat(execute("bench", "--quick")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains("./serai bench");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "broker --version", "version"})
    void version_namesSeraiAndJava(String line) {
        assertThat(execute(line.split(" ", -1))).isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .matches("serai \\d+\\.\\d+\\.\\d+\\S* \\(Java "
                        + Runtime.version().feature() + "\\S*\\)\\s+");
    }

    @Test
    void noCommand_isWrongUsage() {
        assertThat(execute()).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains("serai: missing COMMAND", "See 'serai --help'.");
    }

    @Test
    void misspeltCommand_isWrongUsageWithASuggestion() {
        assertThat(execute("brokr")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains("'brokr'", "Did you mean: serai broker");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            broker --prot 80     | unknown option '--prot'
            broker --prot 80 -x  | unknown options '--prot', '-x'
            broker 80            | unexpected argument '80'
            brokr --port 80      | unknown command 'brokr'
            help --prot          | unknown option '--prot'
            help broker --prot   | unknown option '--prot'
            help broker 80       | unexpected argument '80'
            help brokr           | unknown command 'brokr'
            help sessions shw    | unknown command 'shw'
            """)
    void whatIsNotUnderstood_isCalledWhatItIs(String line, String told) {
        assertThat(execute(line.split(" ", -1))).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err().lines()).first().isEqualTo("serai: " + told);
    }

    @Test
    void helpsExamples_canBeCopied() {
        List<String> examples = new ArrayList<>();
        CommandLine parser = SeraiCommand.commandLine();
        SoftAssertions.assertSoftly(all -> commands(SeraiCommand.commandLine()).forEach(command -> {
            for (String line : command.getCommandSpec().usageMessage().footer()) {
                List<String> words = new ArrayList<>(List.of(line.strip().split(" ", -1)));
                words.removeIf(word -> word.matches("[A-Z_]+=\\S+"));
                all.assertThat(words.removeFirst()).as(line).isEqualTo("./serai");
                all.assertThatCode(() -> parser.parseArgs(words.toArray(String[]::new)))
                        .as(line)
                        .doesNotThrowAnyException();
                words.stream()
                        .filter(word -> word.startsWith("config/"))
                        .forEach(path -> all.assertThat(Path.of(path)).as(line).exists());
                examples.add(line);
            }
        }));
        assertThat(examples).hasSizeGreaterThan(10);
    }

    private static Stream<CommandLine> commands(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(SeraiCommandTest::commands));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"broker --port x", "broker --port 65536", "broker --log-level loud", "broker --log-format xml"})
    void invalidOption_isWrongUsageThatNamesOptionAndValue(String line) {
        assertThat(execute(line.split(" ", -1))).isEqualTo(ExitCode.WRONG_USAGE);

        String[] words = line.split(" ", -1);
        assertThat(commands.err()).contains(words[1], words[2], "See 'serai broker --help'.");
    }

    @Test
    void expectedFailure_isAMessageWithoutAStackTrace(@TempDir Path directory) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());

            assertThat(execute("broker", "--port", port, "--data-dir", directory.toString()))
                    .isEqualTo(ExitCode.FAILED);

            assertThat(commands.err()).startsWith("serai: port " + port).doesNotContain("\tat ");
        }
    }
}
