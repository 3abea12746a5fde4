package dev.serai.cli;

import dev.serai.kafka.ClientProperties;
import dev.serai.settings.ConnectSettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.trial.prove.Proof;
import dev.serai.trial.prove.Proving;
import dev.serai.trial.prove.TrialLeftovers;
import dev.serai.trial.prove.TrialNames;
import dev.serai.trial.prove.TrialPlan;
import dev.serai.trial.prove.TrialProgress;
import dev.serai.trial.prove.TrialStoppedException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai prove}: the promises, tried on the user's own Kafka. */
@Command(
        name = "prove",
        description = {
            "Tries on your own Kafka whether the promises hold: runs replicas of the service as processes of their own, publishes events"
                    + " of its own, kills (SIGKILL) and freezes replicas while they work, and says of each promise whether it held, with the"
                    + " figures. Convai is never called: a stand-in in this process answers, whatever the settings say.",
            "",
            "Topics and consumer group are the run's own: PREFIX-RUN.start, .replies, .dead-letters and .sessions, and PREFIX-RUN."
                    + " Other topics are not touched: of the routes only those that answer events are run, without intakes and"
                    + " routes of your own. At the end, also after Ctrl-C or a failure, topics, group and processes are removed,"
                    + " and what could not be removed is named.",
            "",
            "A run that is killed itself leaves its topics and group behind: the next one names them, and --clean removes them. Runs"
                    + " that were written to in the last four and a half hours are left, for they may not be over, and so are"
                    + " those whose replicas run on.",
            "",
            "The same seed draws the same events and troubles; what is in flight at a kill is left to chance. With the defaults it takes"
                    + " about a minute."
        },
        exitCodeList = {
            "0:every promise held; with --clean: nothing is left of earlier runs",
            "1:one did not hold, or the run broke off; with --clean: something is left",
            "2:wrong usage",
            "3:invalid settings or routes, or refused by Kafka: which right is missing is said",
            "130, 143:ended by SIGINT (Ctrl-C), by SIGTERM; everything was removed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 ./serai prove",
            "  ./serai prove --events 2000 --kills 10 --freezes 3 --minutes 15",
            "  ./serai prove --seed 4711 --keep --json",
            "  ./serai prove --set serai.connect.one-room-per-event=shared-session-key",
            "  ./serai prove --clean"
        })
final class ProveCommand extends SettingsCommand {
    /** The settings that count; any other would be ignored, and is refused. */
    private static final Set<String> USED = Set.of(
            "serai.kafka.bootstrap-servers",
            "serai.kafka.client-properties-file",
            "serai.kafka.partitions",
            "serai.connect.one-room-per-event",
            "serai.routes-dir",
            "serai.embedded.port");

    private static final int MOST_SEEDS = 1_000_000;
    private static final int RUN_BYTES = 3;

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            defaultValue = TrialLeftovers.PREFIX,
            description =
                    "What the names of topics, group and transactional ids begin with (default: ${DEFAULT-VALUE}).")
    private String prefix = "";

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Draws events and troubles (default: any; it is printed).")
    private @Nullable Long seed;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "300",
            description = "How many, 20 to 20000 (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "2",
            description = "How often a replica is killed, 0 to 100 (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--freezes",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often a replica is frozen for 3 to 14 s, 0 to 100 (default: ${DEFAULT-VALUE}).")
    private int freezes;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many processes run the service, 1 to 8 (default: ${DEFAULT-VALUE}).")
    private int replicas;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "5",
            description = "What is not answered after so many, 1 to 240, counts as lost (default: ${DEFAULT-VALUE}).")
    private int minutes;

    @Option(names = "--keep", description = "Leave topics, group and the replicas' logs for you to look at.")
    private boolean keep;

    @Option(
            names = "--clean",
            description =
                    "Remove topics and groups of earlier runs of the prefix, those of --keep among them, and run nothing.")
    private boolean clean;

    @Option(names = "--json", description = "One JSON object, for machines.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        requireWithin("--events", events, TrialPlan.LEAST_EVENTS, TrialPlan.MOST_EVENTS);
        requireWithin("--kills", kills, 0, 100);
        requireWithin("--freezes", freezes, 0, 100);
        requireWithin("--replicas", replicas, 1, 8);
        requireWithin("--minutes", minutes, 1, 240);
        if (!TrialNames.PREFIX.matcher(prefix).matches()) {
            throw usage("--prefix must be 1 to 100 letters, digits, dots, dashes and underlines, was "
                    + Printable.line(prefix));
        }
        if (clean && keep) {
            throw usage("--clean removes what --keep leaves, and runs nothing: leave one of them out");
        }
        Set<String> ignored = new TreeSet<>(settings().given());
        ignored.removeAll(USED);
        if (!ignored.isEmpty()) {
            throw usage("prove has a provider, topics and settings of its own, and does not use "
                    + Printable.line(String.join(", ", ignored)) + ": leave it out");
        }
        SeraiSettings settings = settings().load().values();
        if (clean) {
            return new ProveLeftovers(RunningKafka.properties(settings), prefix).clean(out(), json);
        }
        try (var stop = StopSignal.install()) {
            return prove(settings, stop);
        }
    }

    private void requireWithin(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw usage(option + " must be " + least + " to " + most + ", was " + value);
        }
    }

    private int prove(SeraiSettings settings, StopSignal stop) throws IOException, InterruptedException {
        Map<String, Object> kafka = RunningKafka.properties(settings);
        TrialPlan plan = new TrialPlan(
                seed == null ? new Random().nextInt(MOST_SEEDS) : seed,
                events,
                kills,
                freezes,
                replicas,
                settings.kafka().partitions(),
                settings.connect().oneRoomPerEvent() == ConnectSettings.OneRoomPerEvent.SHARED_SESSION_KEY,
                Duration.ofMinutes(minutes));
        TrialNames names = new TrialNames(prefix, runId());
        Proof proof;
        try (var line = new ProgressLine(err(), Terminal.isThere())) {
            new ProveLeftovers(kafka, prefix).text().ifPresent(line::step);
            line.step("run " + names.group() + " on " + RunningKafka.text(settings, kafka) + ", --seed " + plan.seed());
            proof = new Proving(kafka, settings.kafka().clientPropertiesFile(), settings.routesDir(), names, plan, keep)
                    .run(stop::isRequested, progress(line));
        } catch (TrialStoppedException e) {
            // Before the signal is let go, and the process with it.
            say(String.valueOf(e.getMessage()));
            return ExitCode.FAILED;
        } catch (KafkaException e) {
            throw KafkaRefusedException.because(
                    "the Kafka at " + ClientProperties.bootstrapServers(kafka) + " does not do what a run needs", e);
        }
        if (json) {
            out().println(Printable.line(proof.json().toString()));
        } else {
            proof.lines().forEach(each -> out().println(Printable.line(each)));
            out().println();
            out().println(
                            proof.isKept()
                                    ? "Every promise held: " + names.group() + ", --seed " + plan.seed()
                                    : "Not every promise held: " + names.group() + ", --seed " + plan.seed()
                                            + " draws the same events and troubles");
        }
        out().flush();
        return proof.isKept() ? ExitCode.OK : ExitCode.FAILED;
    }

    private TrialProgress progress(ProgressLine line) {
        return new TrialProgress() {
            @Override
            public void step(String what) {
                line.step(what);
            }

            @Override
            public void answered(int answered) {
                line.show(answered + " of " + events + " events answered");
            }
        };
    }

    private static String runId() {
        byte[] run = new byte[RUN_BYTES];
        new SecureRandom().nextBytes(run);
        return HexFormat.of().formatHex(run);
    }
}
