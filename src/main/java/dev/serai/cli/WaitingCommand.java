package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.observe.waiting.WaitingReport;
import dev.serai.settings.InvalidSettingsException;
import java.io.PrintWriter;
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
        JsonNode report = port().waiting("limit=" + limit);
        PrintWriter out = out();
        if (json) {
            out.println(Printable.line(report.toString()));
        } else {
            WaitingTable.print(out, report);
        }
        out.flush();
        return ExitCode.OK;
    }

    private ServicePort port() throws InvalidSettingsException {
        if (at == null) {
            return ServicePort.of(settings().load().values().http())
                    .orElseThrow(
                            () -> usage("serai.http.port is 0, and the service has taken any that was free: name it"
                                    + " with --at HOST:PORT"));
        }
        ServicePort named = new ServicePort(at);
        if (!named.isAddress()) {
            throw usage("--at: expected HOST:PORT such as 127.0.0.1:8080, was " + Printable.line(at));
        }
        return named;
    }
}
