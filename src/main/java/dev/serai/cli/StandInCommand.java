package dev.serai.cli;

import dev.serai.settings.Home;
import dev.serai.trial.demo.SampleProvider;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
                    + " standin-api-key without one, and those in CONVAI_OTHER_API_KEYS, comma-separated, as further"
                    + " accounts. src/docs/standin.md says how to script faults, latency and limits."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai standin --port 8089",
            "  LIVEKIT_API_SECRET=a-secret-of-32-characters-or-more ./serai standin --room-url ws://127.0.0.1:7880"
                    + " --token-issuer devkey",
            "  ./serai standin --max-sessions 3 --idle-after-ms 300000 --second-create same_room",
            "  CONVAI_API_KEY=secret ./serai standin --port 0 --data config/demo/provider"
        })
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
            names = "--room-url",
            paramLabel = "URL",
            description =
                    "Where clients join: the URL of a LiveKit server of your own (default: LIVEKIT_URL, or else one"
                            + " at which nothing listens).",
            defaultValue = "${env:LIVEKIT_URL}")
    private @Nullable URI roomUrl;

    @Option(
            names = "--token-issuer",
            paramLabel = "KEY",
            description = "Who issues the room tokens: an API key of that server (default: LIVEKIT_API_KEY, or else"
                    + " standin). They are signed with the secret in LIVEKIT_API_SECRET.",
            defaultValue = "${env:LIVEKIT_API_KEY}")
    private @Nullable String tokenIssuer;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with scenes/, customers/, characters.json and unknown-characters.json (default:"
                    + " ${DEFAULT-VALUE}).")
    private Path data = Home.OF_PROCESS.resolve(SampleProvider.FOLDER);

    @Mixin
    private final StandInRuleOptions rules = new StandInRuleOptions();

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port must be between 0 and 65535, was " + port);
        }
        StandInOptions options = options();
        try (var stop = StopSignal.install();
                var standIn = StandIn.start(options)) {
            Integer maxSessions = rules.maxSessions();
            if (maxSessions != null) {
                standIn.limitSessions(maxSessions);
            }
            var out = spec.commandLine().getOut();
            out.println("CONVAI_BASE_URL=" + standIn.baseUrl());
            out.flush();
            stop.await();
        }
        return ExitCode.OK;
    }

    private StandInOptions options() throws IOException {
        StandInOptions options = SampleProvider.options(data).withPort(port);
        try {
            options = roomUrl == null ? options : options.withRoomUrl(roomUrl);
            options = tokenIssuer == null ? options : options.withTokenIssuer(tokenIssuer);
            // From the environment only: command lines are visible to other users.
            String secret = System.getenv("LIVEKIT_API_SECRET");
            options = secret == null ? options : options.withTokenSecret(secret);
            String apiKey = System.getenv("CONVAI_API_KEY");
            options = apiKey == null ? options : options.withApiKey(apiKey);
            String others = System.getenv("CONVAI_OTHER_API_KEYS");
            options = others == null ? options : options.withOtherApiKeys(List.of(others.split(",", -1)));
            return options.withSessionRules(rules.rules());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "the stand-in's " + e.getMessage(), e);
        }
    }
}
