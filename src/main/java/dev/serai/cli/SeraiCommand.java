package dev.serai.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command: options that all commands share, and the list of commands. */
@Command(
        name = "serai",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Start-conversation events in from Kafka, live avatar sessions, room credentials out on Kafka.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:fine",
            "1:failed; standard error says why",
            "2:wrong usage",
            "3:invalid settings or routes, or refused by Kafka; or memory has run out",
            "130, 143:ended by SIGINT (Ctrl-C), by SIGTERM; everything was closed in order"
        },
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            CheckCommand.class,
            SendCommand.class,
            SessionsCommand.class,
            ProvisionCommand.class,
            DeadLettersCommand.class,
            DoctorCommand.class,
            WaitingCommand.class,
            ExplainCommand.class,
            StandInCommand.class,
            BrokerCommand.class,
            ProveCommand.class,
            BenchCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
public final class SeraiCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--log-level",
            scope = ScopeType.INHERIT,
            paramLabel = "LEVEL",
            defaultValue = "${env:SERAI_LOG_LEVEL:-info}",
            description = "error, warn, info, debug or trace (default: SERAI_LOG_LEVEL, or else info). At trace"
                    + " libraries log too.")
    private LogLevel logLevel = LogLevel.INFO;

    @Option(
            names = "--log-format",
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            defaultValue = "${env:SERAI_LOG_FORMAT:-text}",
            description = "text, or json: one object a line (default: SERAI_LOG_FORMAT, or else text). The log goes to"
                    + " standard error.")
    private LogFormat logFormat = LogFormat.TEXT;

    /** What is said where somebody who keeps the result must not take it for all of it. */
    static final String OUTPUT_REFUSED = "standard output takes no more: not all of the result is out";

    private SeraiCommand() {}

    /**
     * The command line of a process of its own, ready to {@link CommandLine#execute execute}: before a command runs, the
     * log of the process is set up as the log options say. One that has done its work and whose result standard output did not
     * take has failed.
     */
    public static CommandLine ofProcess() {
        var root = new SeraiCommand();
        // One that knows of the stream's failures, as picocli's own does not.
        PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
        return commandLine(root).setOut(out).setExecutionStrategy(parsed -> {
            LogSetup.apply(root.logLevel, root.logFormat);
            int code = new RunLast().execute(parsed);
            if (code == ExitCode.OK && out.checkError()) {
                PrintWriter err = parsed.commandSpec().commandLine().getErr();
                err.println("serai: " + OUTPUT_REFUSED);
                err.flush();
                return ExitCode.FAILED;
            }
            return code;
        });
    }

    /**
     * The command line, ready to {@link CommandLine#execute execute}, for a process that does other things, too: its log
     * stays as it is, whatever the log options say.
     */
    public static CommandLine commandLine() {
        return commandLine(new SeraiCommand());
    }

    private static CommandLine commandLine(SeraiCommand root) {
        var failures = new FailureReport();
        return new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing COMMAND");
    }
}
