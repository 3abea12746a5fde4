package dev.serai.cli;

import dev.serai.batch.JobSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say how much of the provider's plan a job may take. */
final class JobPaceOptions {
    private static final double HIGHEST_RATE = 10_000;

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "Rows that are handed to the service in a second at most, such as 0.5 (default: no bound). What they allow"
                            + " in 5 s, at least 5, may wait there, and then goes on together.")
    private @Nullable Double rate;

    @Option(
            names = "--max-open",
            paramLabel = "N",
            description = "Rooms of this job that may be open at once, 1 to " + JobSpec.MOST_OPEN
                    + " (default: no bound but the service's).")
    private @Nullable Integer maxOpen;

    /** Events a second; null: no bound. Wrong usage is found by asking. */
    @Nullable
    Double rate() {
        if (rate != null && !(rate > 0 && rate <= HIGHEST_RATE)) {
            throw usage("--rate must be above 0 and at most " + (int) HIGHEST_RATE + ", was " + rate);
        }
        return rate;
    }

    /** Null: no bound. Wrong usage is found by asking. */
    @Nullable
    Integer maxOpen() {
        if (maxOpen != null && (maxOpen < 1 || maxOpen > JobSpec.MOST_OPEN)) {
            throw usage("--max-open must be 1 to " + JobSpec.MOST_OPEN + ", was " + maxOpen);
        }
        return maxOpen;
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
