package dev.serai.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serai sessions}: what is remembered of conversations. */
@Command(
        name = "sessions",
        description = "Shows what is remembered of a conversation, ends it, or has it forgotten.",
        subcommands = {SessionsShowCommand.class, SessionsEndCommand.class, SessionsForgetCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai sessions show learner-1",
            "  ./serai sessions end learner-1",
            "  ./serai sessions forget learner-1"
        })
final class SessionsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing COMMAND: show, end or forget");
    }
}
