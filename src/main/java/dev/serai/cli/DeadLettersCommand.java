package dev.serai.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serai dead-letters}: what failed, why, and once more. */
@Command(
        name = "dead-letters",
        description =
                "Lists events that failed, with what to do about them; shows one, exports them, publishes them again.",
        subcommands = {
            DeadLettersListCommand.class,
            DeadLettersShowCommand.class,
            DeadLettersExportCommand.class,
            DeadLettersReplayCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai dead-letters list --since 2h",
            "  ./serai dead-letters show conversation.dead-letters-3-41",
            "  ./serai dead-letters export --category invalid_event",
            "  ./serai dead-letters replay --category provider_unavailable"
        })
final class DeadLettersCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing COMMAND: list, show, export or replay");
    }
}
