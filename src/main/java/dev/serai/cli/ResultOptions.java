package dev.serai.cli;

import dev.serai.batch.file.FailedRows;
import dev.serai.batch.file.PrivateFile;
import dev.serai.batch.file.ResultColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say where a job's results go. */
final class ResultOptions {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "RESULTS",
            description =
                    "The file of results, a line for each row: CSV, or JSON Lines if its name ends in .jsonl. Nobody"
                            + " but you can read it.")
    private @Nullable Path out;

    @Option(
            names = "--failed-out",
            paramLabel = "FILE",
            description = "In the end, the rows of the input that have no room, in a file of the same form: to be tried"
                    + " again. Without the bad rows, which --skip-invalid left out.")
    private @Nullable Path failedOut;

    @Option(
            names = "--redact",
            description = "Results without what lets their reader join the rooms: token and room_url.")
    private boolean redacted;

    @Option(
            names = "--with-session-id",
            description = "Results with the provider's session_id, which is a credential while its session lives.")
    private boolean withSessionId;

    @Nullable
    Path out() {
        return out;
    }

    @Nullable
    Path failedOut() {
        return failedOut;
    }

    ResultColumns columns() {
        return new ResultColumns(redacted, withSessionId);
    }

    /**
     * Where the results go; wrong usage is found by asking.
     *
     * @param isNew whether it must not be there yet
     */
    Path required(boolean isNew) {
        if (out == null) {
            throw usage("--out RESULTS is needed: it is where the rooms go");
        }
        String name = out.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".csv") && !name.endsWith(".jsonl") && !name.endsWith(".ndjson")) {
            throw usage("--out must name a file that ends in .csv or .jsonl, which tells its format, was " + out);
        }
        try {
            if (isNew) {
                PrivateFile.requireNew(out);
            }
            return out;
        } catch (IOException e) {
            throw usage("--out: " + e.getMessage());
        }
    }

    /** That failed rows of this file can be written where they are wanted; wrong usage is found by asking. */
    void requireFitting(Path input) {
        if (failedOut != null) {
            if (out != null && isSame(out, failedOut)) {
                throw usage("--failed-out must be another file than --out, was " + failedOut);
            }
            try {
                FailedRows.requireFitting(input, failedOut);
            } catch (IOException e) {
                throw usage("--failed-out: " + e.getMessage());
            }
        }
    }

    private static boolean isSame(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    /** As they are to be typed by who goes on, in a shell; without results the job is left to the service. */
    String asTyped() {
        return (out == null ? " --detach" : " --out " + HowToPublish.quoted(out.toString()))
                + (failedOut == null ? "" : " --failed-out " + HowToPublish.quoted(failedOut.toString()))
                + (redacted ? " --redact" : "")
                + (withSessionId ? " --with-session-id" : "");
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
