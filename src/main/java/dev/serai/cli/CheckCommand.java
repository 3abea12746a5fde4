package dev.serai.cli;

import dev.serai.check.FileCheck;
import dev.serai.check.Given;
import dev.serai.check.ServiceView;
import dev.serai.service.EventRules;
import dev.serai.service.Finding;
import dev.serai.service.Finding.Subject;
import dev.serai.service.Finding.Verdict;
import dev.serai.service.ServiceCheck;
import dev.serai.settings.InvalidSettingsException;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.wire.event.ReplyTopics;
import dev.serai.wire.event.StartEventDecoder;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai check}: what a start would say, without a start. */
@Command(
        name = "check",
        description = {
            "Looks at settings, the HTTP port, routes, intakes, topics, rights and sources as a start does, prints what it finds of each, and starts"
                    + " nothing: for a pipeline, and before a deployment.",
            "",
            "No event is consumed, no member joins the group, no transaction is opened, no transactional id is taken over, no topic is created and the"
                    + " provider is not called. Without KAFKA_BOOTSTRAP_SERVERS the rest is looked at."
                    + " A web service is connected to and asked nothing; a database looks at the query and does not run"
                    + " it. What cannot be looked at is printed as \"not checked\".",
            "",
            "With a FILE it looks at files only, offline: whether a service with these settings would take an event, what it would"
                    + " answer and send to the provider; what a mapping makes of a raw record; a mapping's tests; a look-up table."
                    + " It ends with 0 if all is well, 1 if something is wrong. Secrets are masked. A FILE is taken for:",
            "  *.jsonata             a mapping",
            "  *.sample.json         a raw record, and with *.expected.json beside it a test",
            "  *.csv, *.table.json   a look-up table",
            "  *.jsonl, *.ndjson     an event on each line",
            "  *.json                a raw record where there is a mapping; else a",
            "                        look-up table if it has an object for each key and",
            "                        no field of events; else an event",
            "  a folder              all of these in it and in its folders; but no",
            "                        other *.json beside a mapping or samples",
            "Of files that are given together, or lie in one folder, the only mapping is that of the records, and the only table that"
                    + " of the mapping. A folder that has none takes those that are given with it, else FOLDER.jsonata beside it.",
            "",
            "Without a FILE it ends with 0 if all is well, 1 if a source, an intake or the HTTP port cannot be used or the service could not be made, 3 if settings,"
                    + " routes or Kafka would refuse it, as a start does."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai check",
            "  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 CONVAI_API_KEY_FILE=/run/secrets/convai ./serai check",
            "  ./serai check --set serai.routes-dir=my-routes --json",
            "  ./serai check event.json --key caller-1",
            "  ./serai check my.jsonata sample.json numbers.csv",
            "  ./serai check my-mappings/ --intake my-calls --json",
            "  ./serai check --mapping twilio call.sample.json"
        })
final class CheckCommand extends SettingsCommand {
    @Option(
            names = "--json",
            description = "One JSON object in place of lines: exit_code, and findings; with FILE files, and problems.")
    private boolean json;

    @Mixin
    private final FileCheckOptions fileOptions = new FileCheckOptions();

    @Override
    public Integer call() throws Exception {
        if (!fileOptions.files().isEmpty()) {
            return checkFiles();
        }
        fileOptions.checkUnused();
        List<Finding> findings = new ArrayList<>();
        try {
            Settings settings = settings().readForService();
            findings.add(new Finding(
                    Subject.SETTINGS,
                    Verdict.OK,
                    (settings.changed().isEmpty()
                                    ? "all have their defaults"
                                    : "changed from their defaults: "
                                            + settings.changed().size() + "; all can be used")
                            + ownSettings(settings)));
            settings()
                    .warnings(settings)
                    .forEach(warning -> findings.add(new Finding(Subject.SETTINGS, Verdict.WARNING, warning)));
            findings.addAll(ServiceCheck.look(
                    settings, NamedSystems.backends(settings.values()), ServiceEnvironment.topics(settings.values())));
        } catch (InvalidSettingsException e) {
            e.problems().forEach(problem -> findings.add(new Finding(Subject.SETTINGS, Verdict.REFUSED, problem)));
            findings.add(new Finding(
                    Subject.ROUTES,
                    Verdict.NOT_CHECKED,
                    "nothing but the settings was looked at: mend them first, and check again"));
        }
        FindingReport report = new FindingReport(findings);
        print(json ? report.json() : report.text());
        return report.exitCode();
    }

    private int checkFiles() throws InvalidSettingsException {
        SeraiSettings settings = settings().load().values();
        Given given = fileOptions.given(settings);
        InstantSource clock = InstantSource.system();
        ReplyTopics replyTopics = EventRules.replyTopics(settings);
        ServiceView service = new ServiceView(
                settings,
                new StartEventDecoder(
                        EventRules.of(settings, EventRules.deadlines(settings), given.tenants()), replyTopics),
                replyTopics,
                clock);
        FileReport report = new FileReport(new FileCheck(service, given).check(fileOptions.files()));
        print(json ? report.json() : report.text());
        return report.exitCode();
    }

    private void print(String text) {
        PrintWriter out = out();
        out.println(text);
        out.flush();
    }

    /** Their names: their values may be secrets. */
    private static String ownSettings(Settings settings) {
        List<String> names =
                settings.otherProperties().keySet().stream().sorted().toList();
        return names.isEmpty() ? "" : "; and " + names.size() + " of your own: " + String.join(", ", names);
    }
}
