package dev.serai.cli;

import dev.serai.engine.NoTransactionsException;
import dev.serai.engine.TransactionsForbiddenException;
import dev.serai.kafka.TopicSetupException;
import dev.serai.service.InvalidRoutesException;
import dev.serai.service.ServiceStartException;
import dev.serai.session.SessionRestoreException;
import dev.serai.settings.InvalidSettingsException;
import dev.serai.trial.broker.EmbeddedBrokerException;
import dev.serai.trial.demo.Sample;
import dev.serai.trial.prove.TrialRefusedException;
import dev.serai.trial.standin.StandInException;
import dev.serai.wire.Secrets;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says on standard error why a command failed: in a message where the message is meant for the user, with a stack trace
 * where only a developer can help.
 */
final class FailureReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(FailureReport.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        switch (failure) {
            case EmbeddedBrokerException expected -> say(command, expected);
            case TopicSetupException expected -> {
                say(command, expected);
                return ExitCode.REFUSED;
            }
            case TransactionsForbiddenException expected -> {
                say(command, expected);
                return ExitCode.REFUSED;
            }
            case NoTransactionsException expected -> {
                say(command, expected);
                return ExitCode.REFUSED;
            }
            case ServiceStartException expected -> say(command, expected);
            case SessionRestoreException expected -> say(command, expected);
            case StandInException expected -> say(command, expected);
            case TrialRefusedException expected -> {
                say(command, expected);
                return ExitCode.REFUSED;
            }
            case Sample.BrokenSampleException expected -> say(command, expected);
            case KafkaRefusedException expected -> {
                say(command, expected);
                return ExitCode.REFUSED;
            }
            case IOException expected -> say(command, expected);
            case ParameterException mistake -> {
                return handleParseException(mistake, new String[0]);
            }
            case InvalidRoutesException expected -> {
                say(command, expected);
                return ExitCode.INVALID_SETTINGS;
            }
            case InvalidSettingsException expected -> {
                say(command, expected);
                return ExitCode.INVALID_SETTINGS;
            }
            default -> log.error("unexpected failure", failure);
        }
        return ExitCode.FAILED;
    }

    private static void say(CommandLine command, Exception expected) {
        String said = Printable.withBreaks(Secrets.inLog(String.valueOf(expected.getMessage())));
        command.getErr().println("serai: " + said);
        command.getErr().flush();
        log.debug("the failure's origin", expected);
    }

    /** Picocli takes all that follows an unknown option for options, too. */
    private static String text(ParameterException mistake) {
        if (!(mistake instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(mistake.getMessage());
        }
        List<String> arguments = unmatched.getUnmatched();
        if (!unmatched.isUnknownOption()) {
            boolean choosesCommand = !mistake.getCommandLine().getSubcommands().isEmpty();
            return (choosesCommand ? "unknown command '" : "unexpected argument '") + arguments.getFirst() + "'";
        }
        List<String> options =
                arguments.stream().filter(argument -> argument.startsWith("-")).toList();
        return (options.size() == 1 ? "unknown option '" : "unknown options '") + String.join("', '", options) + "'";
    }

    @Override
    public int handleParseException(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        var err = command.getErr();
        err.println("serai: " + Printable.withBreaks(Secrets.inLog(text(mistake))));
        UnmatchedArgumentException.printSuggestions(mistake, err);
        err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCode.WRONG_USAGE;
    }
}
