package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.loop.Counted;
import dev.serai.operate.letters.DeadLetters;
import dev.serai.operate.letters.Letter;
import dev.serai.operate.letters.LetterFilter;
import dev.serai.operate.letters.LetterJson;
import dev.serai.operate.letters.Reasons;
import dev.serai.operate.letters.Remedy;
import dev.serai.operate.letters.ReplayMarks;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.Json;
import dev.serai.wire.Secrets;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai dead-letters list}: how many of which reason, what to do, and the newest ones. */
@Command(
        name = "list",
        description = {
            "Counts dead letters by reason, says what to do about each, and lists the newest.",
            "",
            "Reads the whole topic, of the Kafka that KAFKA_BOOTSTRAP_SERVERS names, else of the embedded broker of a serai"
                    + " run on this machine; nothing is changed. Knows letters of Serai, of Spring (kafka_dlt-),"
                    + " Kafka Connect (__connect.errors.), Knative (knativeerror) and of those who write x-original-topic."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai dead-letters list",
            "  ./serai dead-letters list --since 2h --category provider_unavailable,outcome_unknown",
            "  ./serai dead-letters list --topic orders.DLT --limit 100"
        })
final class DeadLettersListCommand extends LettersCommand {
    private static final int MOST = 10_000;
    private static final int DETAIL = 100;
    private static final int REPLAYS = 5;

    @Mixin
    private final LetterOptions letterOptions = new LetterOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many of the newest are listed, 0 to " + MOST + " (default: ${DEFAULT-VALUE}).")
    private int limit = 10;

    @Option(names = "--json", description = "One JSON object, for machines.")
    private boolean json;

    private record Listed(Letter letter, ObjectNode brief) {}

    @Override
    int call(SeraiSettings settings, Map<String, Object> kafka, DeadLetters letters) {
        if (limit < 0 || limit > MOST) {
            throw usage("--limit must be 0 to " + MOST + ", was " + limit);
        }
        LetterFilter filter = letterOptions.filter(InstantSource.system());
        ReplayMarks marks = marks(kafka, letters);
        Reasons reasons = new Reasons();
        Comparator<Listed> byTime =
                Comparator.comparing(listed -> listed.letter().failedAt());
        PriorityQueue<Listed> newest = new PriorityQueue<>(byTime);
        LetterJson form = new LetterJson(false);
        letters.read(
                letter -> {
                    if (filter.matches(letter)) {
                        var replay = marks.replayOf(letter);
                        reasons.add(letter, replay.isPresent());
                        newest.add(new Listed(letter, form.brief(letter, replay.orElse(null))));
                        if (newest.size() > limit) {
                            newest.poll();
                        }
                    }
                },
                () -> false);
        List<ObjectNode> listed =
                newest.stream().sorted(byTime.reversed()).map(Listed::brief).toList();
        if (json) {
            out().println(Printable.line(
                    json(letters, filter, reasons, listed, marks).toString()));
        } else {
            print(letters, reasons, listed);
            printReplays(marks);
        }
        out().flush();
        return ExitCode.OK;
    }

    private static ObjectNode json(
            DeadLetters letters, LetterFilter filter, Reasons reasons, List<ObjectNode> newest, ReplayMarks marks) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("topic", letters.topic());
        json.set("filter", filter.json());
        json.put("letters", reasons.letters());
        json.put("replayed", reasons.replayed());
        json.set("reasons", reasons.json());
        newest.forEach(json.putArray("newest")::add);
        marks.replays().values().forEach(json.putArray("replays")::add);
        return json;
    }

    private void print(DeadLetters letters, Reasons reasons, List<ObjectNode> newest) {
        PrintWriter out = out();
        out.println(letters.topic() + ": " + Counted.text(reasons.letters(), "dead letter") + ", " + reasons.replayed()
                + " replayed");
        if (reasons.letters() == 0) {
            return;
        }
        out.println();
        out.printf("%8s %8s  %-20s  %-22s %s%n", "letters", "replayed", "newest", "category", "what to do");
        for (Reasons.Reason reason : reasons.all()) {
            out.printf(
                    "%8d %8d  %-20s  %-22s %s%n",
                    reason.letters(),
                    reason.replayed(),
                    reason.newest().truncatedTo(ChronoUnit.SECONDS),
                    Printable.line(Secrets.inLog(reason.name())),
                    Remedy.of(reason.name()));
        }
        if (newest.isEmpty()) {
            return;
        }
        out.println();
        out.println("The newest:");
        newest.forEach(letter -> out.println(Printable.line(line(letter))));
    }

    /** Of all letters, whatever the filter. */
    private void printReplays(ReplayMarks marks) {
        List<ObjectNode> replays = List.copyOf(marks.replays().values());
        if (replays.isEmpty()) {
            return;
        }
        out().println();
        out().println("Replays, the last " + Math.min(replays.size(), REPLAYS) + " of " + replays.size() + ":");
        for (ObjectNode replay : replays.subList(Math.max(0, replays.size() - REPLAYS), replays.size())) {
            out().println(Printable.line(replay.path("begun_at").asText() + "  by "
                    + replay.path("by").asText() + "  " + replay.path("state").asText() + "  "
                    + replay.at("/done/published").asLong() + " published  "
                    + replay.path("reason").asText()));
        }
    }

    private static String line(ObjectNode letter) {
        String detail = letter.path("detail").asText();
        return letter.path("failed_at").asText() + "  " + letter.path("letter").asText() + "  "
                + letter.path("reason").asText() + "  key " + letter.path("key").asText() + "  event "
                + letter.path("event_id").asText()
                + (letter.path("replayed_by").isNull() ? "" : "  (replayed)")
                + (detail.isEmpty()
                        ? ""
                        : "  " + (detail.length() > DETAIL ? detail.substring(0, DETAIL) + "…" : detail));
    }
}
