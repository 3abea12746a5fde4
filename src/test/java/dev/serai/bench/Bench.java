package dev.serai.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.cli.ExitCode;
import dev.serai.cli.LogSetup;
import dev.serai.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./serai bench}. */
@Command(
        name = "serai bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures throughput, CPU, memory and added latency of Serai and of three other ways to do its work, side by"
                    + " side on this machine.",
            "",
            "Starts a Kafka broker and a stand-in for Convai, then one contender after the other, each in a process of its"
                    + " own. src/docs/performance.md says what is measured and how."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai bench --quick",
            "  ./serai bench --repeat 3 --json target/bench.json",
            "  ./serai bench --contenders bare,serai --latency 20",
            "  ./serai bench --contenders serai,serai-enriched --rate 1000",
            "  ./serai bench --restore",
            "  ./serai bench --gate",
            "  ./serai bench --mappings"
        })
final class Bench implements Callable<Integer> {
    private static final int QUICK_EVENTS = 2_000;
    private static final int QUICK_WARM_UP = 500;
    private static final int QUICK_REST_EVENTS = 40;
    private static final int MAPPED = 50_000;
    private static final int QUICK_MAPPED = 2_000;
    private static final Duration QUICK_SEQUENTIAL_LIMIT = Duration.ofSeconds(2);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--quick", description = "Few events, to see that it works: the numbers mean little.")
    private boolean quick;

    @Option(names = "--events", paramLabel = "N", description = "Measured events for each contender (default: 100000).")
    private @Nullable Integer events;

    @Option(names = "--warm-up", paramLabel = "N", description = "Events before them (default: 100000).")
    private @Nullable Integer warmUp;

    @Option(names = "--rest-events", paramLabel = "N", description = "Events one by one afterwards (default: 300).")
    private @Nullable Integer restEvents;

    @Option(
            names = "--conversations",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Distinct keys (default: ${DEFAULT-VALUE}).")
    private int conversations;

    @Option(
            names = "--latency",
            paramLabel = "MS",
            defaultValue = "100",
            description = "What the provider takes for a call, in milliseconds (default: ${DEFAULT-VALUE}).")
    private int latencyMillis;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "512",
            description = "Calls that a contender may have in progress at once (default: ${DEFAULT-VALUE}).")
    private int inFlight;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "8",
            description = "Partitions of every topic (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--contenders",
            paramLabel = "NAME",
            split = ",",
            description = "Which of them, in which order (default: all).")
    private List<String> contenders = List.of();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Measured events published per second (default: all wait in the topic, to be answered as fast as"
                            + " it goes).")
    private int rate;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Turns of each contender, one after the other; the medians count (default: ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(
            names = "--cpu-at-most",
            paramLabel = "X",
            description = "Fails if serai takes more than so many times the CPU of bare for an event.")
    private @Nullable Double cpuAtMost;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes every turn and the medians to this file too.")
    private @Nullable Path json;

    @Option(
            names = "--restore",
            description = "Measures, instead of all that, how long a restart takes to restore the session table and a"
                    + " table of enrichment.")
    private boolean restore;

    @Option(
            names = "--gate",
            description = "Measures, instead of all that, what the gate before the provider costs an event.")
    private boolean gate;

    @Option(
            names = "--mappings",
            description = "Measures, instead of all that, how many contact-centre events one core maps, by each shipped"
                    + " mapping.")
    private boolean mappings;

    @Option(
            names = "--restore-conversations",
            paramLabel = "N",
            description = "Conversations, and entries, in the tables (default: 1000000; with --quick 50000).")
    private @Nullable Integer restoreConversations;

    private Bench() {}

    public static void main(String[] arguments) {
        LogSetup.routeJavaUtilLogging();
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench()).setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof BenchFailure) {
                command.getErr().println("serai bench: " + failure.getMessage());
                for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
                    command.getErr().println("  because of " + cause);
                }
            } else {
                failure.printStackTrace(command.getErr());
            }
            command.getErr().flush();
            return ExitCode.FAILED;
        });
    }

    @Override
    public Integer call() throws Exception {
        Plan plan;
        CpuBound cpuBound = null;
        try {
            plan = plan();
            if (cpuAtMost != null) {
                cpuBound = new CpuBound(cpuAtMost);
                cpuBound.requireBoth(plan.contenders());
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        List<String> javaOptions = Report.javaOptionsOfThisProcess();
        Report report = new Report(plan, javaOptions);
        if (restore) {
            restore(javaOptions);
            return ExitCode.OK;
        }
        if (gate) {
            gate();
            return ExitCode.OK;
        }
        if (mappings) {
            mappings();
            return ExitCode.OK;
        }
        report.conditions().forEach(this::say);
        say("");
        try (Workplace workplace = Workplace.create(javaOptions);
                Servers servers = Servers.start(workplace)) {
            servers.provider().latency(plan.latency());
            for (int round = 1; round <= plan.repeat(); round++) {
                for (Contender contender : plan.contenders()) {
                    String name = "bench-" + round + "-" + contender;
                    Measured turn = run(new Turn(plan, workplace, servers, contender, name), servers);
                    say(String.format(
                            Locale.ROOT,
                            "%s: %,d events, %,.0f/s, %.2f ms of CPU per event",
                            contender,
                            turn.events(),
                            turn.eventsPerSecond(),
                            turn.cpuMillis()));
                    report.add(turn);
                }
            }
        }
        say("");
        ResultTable table = new ResultTable(report.medians());
        table.underLoad().forEach(this::say);
        say("");
        table.atRest().forEach(this::say);
        if (json != null) {
            report.writeJson(json);
        }
        if (cpuBound != null) {
            cpuBound.check(report.medians());
        }
        return ExitCode.OK;
    }

    private void gate() throws Exception {
        GateRun.Cost cost = GateRun.measure();
        say(cost.toString());
        if (json != null) {
            Files.write(json, Json.bytes(cost.json()));
        }
    }

    private void mappings() throws Exception {
        ArrayNode costs = Json.MAPPER.createArrayNode();
        for (MappingRun.Cost cost : MappingRun.measure(quick ? QUICK_MAPPED : MAPPED)) {
            say(cost.toString());
            costs.add(cost.json());
        }
        if (json != null) {
            Files.write(json, Json.bytes(costs));
        }
    }

    private void restore(List<String> javaOptions) throws Exception {
        int conversations = restoreConversations != null ? restoreConversations : quick ? 50_000 : 1_000_000;
        try (Workplace workplace = Workplace.create(javaOptions);
                ChildProcess broker = Servers.startBroker(workplace)) {
            String bootstrapServers = Servers.awaitBootstrapServers(broker);
            RestoreRun.Restored sessions = RestoreRun.measure(workplace, bootstrapServers, partitions, conversations);
            say(sessions.toString());
            TopicTableRun.Restored entries =
                    TopicTableRun.measure(workplace, bootstrapServers, partitions, conversations);
            say(entries.toString());
            if (json != null) {
                ObjectNode result = Json.MAPPER.createObjectNode();
                result.set("session_table", sessions.json());
                result.set("topic_table", entries.json());
                Files.write(json, Json.bytes(result));
            }
        }
    }

    private Measured run(Turn turn, Servers servers) throws Exception {
        try {
            return turn.run();
        } catch (BenchFailure e) {
            spec.commandLine()
                    .getErr()
                    .println("serai bench: the broker" + servers.broker().itSaid());
            throw e;
        }
    }

    private Plan plan() {
        if (restoreConversations != null && restoreConversations < 1) {
            throw new IllegalArgumentException(
                    "--restore-conversations must be at least 1, was " + restoreConversations);
        }
        return new Plan(
                events != null ? events : quick ? QUICK_EVENTS : 100_000,
                warmUp != null ? warmUp : quick ? QUICK_WARM_UP : 100_000,
                conversations,
                Duration.ofMillis(latencyMillis),
                inFlight,
                partitions,
                contenders.isEmpty()
                        ? Arrays.asList(Contender.values())
                        : contenders.stream().map(Contender::of).toList(),
                rate,
                repeat,
                restEvents != null ? restEvents : quick ? QUICK_REST_EVENTS : 300,
                quick ? QUICK_SEQUENTIAL_LIMIT : Duration.ofSeconds(30));
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
