package dev.serai.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code serai help}: the same as {@code --help}. Picocli's own takes whatever follows the command, and ends with 0. */
@Command(
        name = "help",
        description = "Explains a command, or lists them.",
        footerHeading = "%nExamples:%n",
        footer = {"  ./serai help", "  ./serai help run", "  ./serai help provision run"})
final class HelpCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Which one; within it, which one of its own.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        CommandLine command = spec.root().commandLine();
        for (String name : names) {
            CommandLine named = command.getSubcommands().get(name);
            if (named == null) {
                throw new UnmatchedArgumentException(command, List.of(name));
            }
            command = named;
        }
        command.usage(spec.commandLine().getOut());
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
