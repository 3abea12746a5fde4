package dev.serai.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** A command that has the service change something of a conversation, and waits until it has. For one call. */
abstract class SessionChangeCommand extends SessionCommand {
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for the service (default: ${DEFAULT-VALUE}).")
    private int timeout = 30;

    /** How long to wait; wrong usage is found by asking. */
    final Duration limit() {
        if (timeout < 0) {
            throw usage("--timeout must be at least 0, was " + timeout);
        }
        return Duration.ofSeconds(timeout);
    }

    /** @param awaited what is waited for now */
    final void sayPublished(String startTopic, String awaited) {
        say("published on " + startTopic + "; waiting up to " + timeout + " s for " + awaited);
    }

    /**
     * The end of a command whose time is up.
     *
     * @param missing what has not happened
     * @param queued what waits for the service
     * @param where which Kafka that is
     * @return the exit code
     */
    final int notInTime(String missing, String queued, String startTopic, String where) {
        say(missing + " within " + timeout + " s: " + queued + " is queued on " + startTopic + " of " + where
                + "; it takes effect when the service of that Kafka runs");
        return ExitCode.FAILED;
    }
}
