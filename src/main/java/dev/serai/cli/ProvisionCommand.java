package dev.serai.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serai provision}: rooms for the rows of a file. */
@Command(
        name = "provision",
        description = {
            "Opens rooms for the rows of a file, when they are needed: a job that the running service does, behind live callers.",
            "",
            "src/docs/batch.md tells it from the first command to the last."
        },
        subcommands = {
            ProvisionRunCommand.class,
            ProvisionStatusCommand.class,
            ProvisionResumeCommand.class,
            ProvisionCancelCommand.class,
            ProvisionResultsCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai provision run learners.csv --dry-run",
            "  ./serai provision run learners.csv --out rooms.csv",
            "  ./serai provision status",
            "  ./serai provision resume 20260301-0800-k3x9q2vb --out rooms.csv",
            "  ./serai provision cancel 20260301-0800-k3x9q2vb",
            "  ./serai provision results 20260301-0800-k3x9q2vb --out rooms.csv"
        })
final class ProvisionCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing COMMAND: run, status, resume, cancel or results");
    }
}
