package dev.serai.cli;

import dev.serai.config.Home;
import dev.serai.demo.SampleProvider;
import dev.serai.standin.StandIn;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serai standin}: the provider's stand-in alone, until it is stopped. */
@Command(
        name = "standin",
        description = {
            "Runs the stand-in for Convai alone, until it is stopped.",
            "",
            "Prints one line, CONVAI_BASE_URL=URL, once it is ready. It takes the API key that CONVAI_API_KEY holds,"
                    + " standin-api-key without one. src/docs/standin.md says how to script faults, latency and limits."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  serai standin --port 8089", "  CONVAI_API_KEY=secret serai standin --port 0 --data my-samples"})
final class StandInCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8089",
            description = "Port on 127.0.0.1; 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with scenes/, customers/ and unknown-characters.json (default: ${DEFAULT-VALUE}).")
    private Path data = Home.OF_PROCESS.resolve(SampleProvider.FOLDER);

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port must be between 0 and 65535, was " + port);
        }
        var options = SampleProvider.options(data).withPort(port);
        // From the environment only: command lines are visible to other users.
        String apiKey = System.getenv("CONVAI_API_KEY");
        try (var stop = StopSignal.install();
                var standIn = StandIn.start(apiKey == null ? options : options.withApiKey(apiKey))) {
            var out = spec.commandLine().getOut();
            out.println("CONVAI_BASE_URL=" + standIn.baseUrl());
            out.flush();
            stop.await();
        }
        return ExitCode.OK;
    }
}
