package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connect.ProviderAccount;
import dev.serai.operate.doctor.CheckName;
import dev.serai.operate.doctor.Deployment;
import dev.serai.operate.doctor.Doctor;
import dev.serai.operate.doctor.Found;
import dev.serai.operate.doctor.Found.Status;
import dev.serai.operate.doctor.Report;
import dev.serai.service.Backends;
import dev.serai.service.ProviderTransport;
import dev.serai.service.SeraiService;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai doctor}: a deployment before it runs. */
@Command(
        name = "doctor",
        description = {
            "Looks at a deployment before it runs, or when something is wrong, and says how to mend what it finds: Kafka, its"
                    + " topics and their retention, rights, transactions, clocks, the provider with keys and characters, sources,"
                    + " mappings.",
            "",
            "One line for each thing: ok, warning, error, or skipped with the reason. Ends within half a minute, whoever does not"
                    + " answer. Nothing is changed: no topic is created, no event is read or published, no member joins the group and"
                    + " no session is opened. A transaction of an id of its own is begun and aborted."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no error",
            "1:there are errors",
            "2:wrong usage",
            "3:Kafka or the provider does not answer, or refuses this client, so that the rest could not be looked at; or invalid"
                    + " settings",
            "130, 143:ended by SIGINT (Ctrl-C), by SIGTERM"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai doctor",
            "  ./serai doctor --only broker,retention,provider",
            "  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 CONVAI_API_KEY_FILE=/run/secrets/convai ./serai doctor --json"
        })
final class DoctorCommand extends SettingsCommand {
    /** Two of them, and what is around them, take less than a check of the provider may. */
    private static final Duration PROVIDER_CALL = Duration.ofSeconds(6);

    private static final int STATUS_WIDTH = 9;
    private static final int CHECK_WIDTH = 14;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Runs these checks alone: broker, topics, rights, partitions, retention, transactions, hanging,"
                            + " groups, readers, dead-letters, clock, provider, http, routes, sources, mappings, poll, key-files."
                            + " Repeatable.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--json",
            description = "One JSON object in place of lines: exit_code, how many of each status, and checks.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Set<CheckName> wanted = wanted();
        Settings settings = settings().load();
        Backends backends = backends(settings.values());
        SeraiSettings values = settings.values();
        Map<String, ProviderAccount> providers = values.usesStandIn() ? Map.of() : backends.providers();
        Deployment deployment = new Deployment(
                values,
                backends.kafkaProperties(),
                SeraiService.instanceId(values),
                providers,
                ProviderTransport.within(ProviderTransport.of(values.connect()), PROVIDER_CALL),
                new UsedCharacters(values).all());
        try (Doctor doctor = new Doctor(deployment, new ServiceStartLook(settings, backends))) {
            Report report = doctor.examine(wanted);
            int exitCode = exitCode(report);
            out().println(json ? json(report, exitCode) : text(report));
            out().flush();
            return exitCode;
        }
    }

    private Set<CheckName> wanted() {
        Set<CheckName> wanted = EnumSet.noneOf(CheckName.class);
        for (String name : only) {
            wanted.add(CheckName.of(name)
                    .orElseThrow(() -> usage("--only: there is no check " + Printable.line(name) + "; there are "
                            + String.join(", ", CheckName.labels()))));
        }
        return wanted.isEmpty() ? EnumSet.allOf(CheckName.class) : wanted;
    }

    /** The Kafka that is named, else the embedded broker of a service that runs here. */
    private static Backends backends(SeraiSettings values) throws Exception {
        Backends named = NamedSystems.backends(values);
        return new Backends(
                RunningKafka.unasked(values),
                named.providers(),
                named.sampleData(),
                values.kafka().bootstrapServers() == null);
    }

    private static int exitCode(Report report) {
        if (report.isBlocked()) {
            return ExitCode.REFUSED;
        }
        return report.count(Status.ERROR) > 0 ? ExitCode.FAILED : ExitCode.OK;
    }

    private static String json(Report report, int exitCode) {
        ObjectNode all = Json.MAPPER.createObjectNode().put("exit_code", exitCode);
        all.setAll(report.json());
        return Printable.line(Json.text(all));
    }

    private static String text(Report report) {
        StringBuilder lines = new StringBuilder();
        for (Report.Line line : report.lines()) {
            Found found = line.found();
            String text = found.remedy() == null ? found.text() : found.text() + ". To mend it: " + found.remedy();
            lines.append(Printable.row(
                    found.status().name().toLowerCase(Locale.ROOT),
                    STATUS_WIDTH,
                    line.check().label(),
                    CHECK_WIDTH,
                    text));
        }
        return lines.append("errors: ")
                .append(report.count(Status.ERROR))
                .append(", warnings: ")
                .append(report.count(Status.WARNING))
                .append(", ok: ")
                .append(report.count(Status.OK))
                .append(", skipped: ")
                .append(report.count(Status.SKIPPED))
                .toString();
    }
}
