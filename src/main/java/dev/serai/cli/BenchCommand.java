package dev.serai.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code serai bench} in the list of commands. What it names is the launcher's and the tests', no part of the jar. */
@Command(
        name = "bench",
        description = {
            "Measures Serai beside three other ways to do its work; in a checkout only, as ./serai bench.",
            "",
            "./serai bench --help lists its options, and src/docs/performance.md says what is measured and how."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./serai bench --quick", "  ./serai bench --repeat 3 --json target/bench.json"})
final class BenchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "the benchmark is not in the jar: run ./serai bench " + String.join(" ", arguments) + " in a checkout");
    }
}
