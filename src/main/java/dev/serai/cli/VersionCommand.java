package dev.serai.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code serai version}: the same as {@code --version}. */
@Command(
        name = "version",
        description = "Prints the version of Serai, and of the Java that it runs on.",
        footerHeading = "%nExamples:%n",
        footer = {"  ./serai version"})
final class VersionCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine command = spec.commandLine();
        command.printVersionHelp(command.getOut());
        command.getOut().flush();
        return ExitCode.OK;
    }
}
