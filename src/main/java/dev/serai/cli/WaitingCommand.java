package dev.serai.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.observe.waiting.WaitingReport;
import dev.serai.settings.InvalidSettingsException;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai waiting}: who waits in a running service, and why. */
@Command(
        name = "waiting",
        description = {
            "Lists the oldest events that a running service holds, and what each is at: which step, source, gate or"
                    + " call, and since when.",
            "",
            "Asks the service's HTTP port, which is on loopback unless serai.http.host says otherwise. Each replica"
                    + " knows its own events: ask them all. Ends with exit code 1 if no service answers."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./serai waiting", "  ./serai waiting --at serai-0.example:8080 --limit 5 --json"})
final class WaitingCommand extends SettingsCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;

    @Option(
            names = "--at",
            paramLabel = "HOST:PORT",
            description = "Where the service's HTTP port is (default: serai.http.host and serai.http.port).")
    private @Nullable String at;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "How many events are listed, 1 to " + WaitingReport.MOST_EVENTS + " (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "One JSON object, as the service answers it, for machines.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (limit < 1 || limit > WaitingReport.MOST_EVENTS) {
            throw usage("--limit must be 1 to " + WaitingReport.MOST_EVENTS + ", was " + limit);
        }
        String address = at == null ? addressOfSettings() : at;
        JsonNode report = ask(uri(address), address);
        PrintWriter out = out();
        if (json) {
            out.println(report);
        } else {
            WaitingTable.print(out, report);
        }
        out.flush();
        return ExitCode.OK;
    }

    private String addressOfSettings() throws InvalidSettingsException {
        SeraiSettings.Http http = settings().load().values().http();
        if (http.port() == 0) {
            throw usage(
                    "serai.http.port is 0, and the service has taken any that was free: name it with --at HOST:PORT");
        }
        // A service that listens on all addresses is asked on this machine's own.
        boolean all = http.host().equals("0.0.0.0") || http.host().equals("::");
        return (all ? "127.0.0.1" : http.host()) + ":" + http.port();
    }

    private URI uri(String address) {
        try {
            URI uri = URI.create("http://" + address + "/observe/waiting?limit=" + limit);
            if (uri.getHost() != null && uri.getPort() > 0 && address.equals(uri.getHost() + ":" + uri.getPort())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // As below.
        }
        throw usage("--at: expected HOST:PORT such as 127.0.0.1:8080, was " + Printable.line(address));
    }

    private static JsonNode ask(URI uri, String address) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer;
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build()) {
            answer = client.send(
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new IOException(
                    "no service answers at " + address + " (" + e.getClass().getSimpleName()
                            + "): is it running, and is that its serai.http.host and serai.http.port? --at HOST:PORT"
                            + " names another",
                    e);
        }
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        try {
            JsonNode report = answer.statusCode() == OK ? Json.MAPPER.readTree(body) : null;
            if (report != null && report.path("events").isArray()) {
                return report;
            }
        } catch (JsonProcessingException e) {
            // As below.
        }
        throw new IOException("what answers at " + address + " is no Serai of this version: GET " + uri.getPath()
                + " came to status " + answer.statusCode());
    }
}
