package dev.serai.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.utils.AppInfoParser;

/** All turns of a run, and what they were measured on. */
final class Report {
    private final Plan plan;
    private final List<String> javaOptions;
    private final List<Measured> turns = new ArrayList<>();

    Report(Plan plan, List<String> javaOptions) {
        this.plan = plan;
        this.javaOptions = javaOptions;
    }

    void add(Measured turn) {
        turns.add(turn);
    }

    /** Of every contender that had a turn, in the plan's order. */
    List<Measured> medians() {
        return plan.contenders().stream()
                .map(contender -> turns.stream()
                        .filter(turn -> turn.contender() == contender)
                        .toList())
                .filter(ofContender -> !ofContender.isEmpty())
                .map(Measured::median)
                .toList();
    }

    /** What the numbers depend on, a line each. */
    List<String> conditions() {
        return List.of(
                "Java " + Runtime.version() + " with " + String.join(" ", javaOptions) + " for every process",
                machine() + "; all processes share it",
                "Kafka " + AppInfoParser.getVersion() + ", one broker, replication 1; topics of " + plan.partitions()
                        + " partitions",
                String.format(
                        Locale.ROOT,
                        "%,d events%s of %,d conversations after %,d of warm-up; the provider takes %d ms; up to %d calls"
                                + " at once; turns of each: %d",
                        plan.events(),
                        plan.rate() == 0 ? "" : String.format(Locale.ROOT, " at %,d/s", plan.rate()),
                        plan.conversations(),
                        plan.warmUp(),
                        plan.latency().toMillis(),
                        plan.inFlight(),
                        plan.repeat()));
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch");
    }

    /** Writes the plan, the conditions, the medians and every single turn. */
    void writeJson(Path file) throws IOException {
        Files.write(file, Json.bytes(json(Instant.now().truncatedTo(ChronoUnit.SECONDS))));
    }

    ObjectNode json(Instant finishedAt) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("finished_at", finishedAt.toString());
        json.set("conditions", Json.MAPPER.valueToTree(conditions()));
        json.set("plan", Json.MAPPER.valueToTree(plan));
        json.set("medians", Json.MAPPER.valueToTree(medians()));
        json.set("turns", Json.MAPPER.valueToTree(turns));
        return json;
    }

    /** The options of this process that its children share: heap and collector, not what is about this process alone. */
    static List<String> javaOptionsOfThisProcess() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-D"))
                .toList();
    }
}
