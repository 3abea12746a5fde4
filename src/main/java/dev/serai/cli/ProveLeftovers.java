package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.kafka.ClientProperties;
import dev.serai.loop.Counted;
import dev.serai.operate.doctor.Found;
import dev.serai.trial.prove.TrialLeftovers;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;

/** What runs of {@code serai prove} have left in a Kafka. Immutable. */
record ProveLeftovers(Map<String, Object> kafka, String prefix) {
    /**
     * Removes what is over.
     *
     * @return the command's exit code
     */
    int clean(PrintWriter out, boolean json) throws IOException, InterruptedException {
        List<String> removed = new ArrayList<>();
        List<String> left = new ArrayList<>();
        Instant now = Instant.now();
        try (var leftovers = new TrialLeftovers(kafka, prefix)) {
            for (TrialLeftovers.Run run : leftovers.find()) {
                List<String> kept = leftovers.delete(run, now);
                left.addAll(kept);
                if (kept.isEmpty()) {
                    removed.add(run.names().group());
                }
            }
        } catch (KafkaException e) {
            throw KafkaRefusedException.because(
                    "what earlier runs have left at " + ClientProperties.bootstrapServers(kafka)
                            + " cannot be looked at",
                    e);
        }
        print(removed, left, out, json);
        return left.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void print(List<String> removed, List<String> left, PrintWriter out, boolean json) {
        if (json) {
            ObjectNode told = Json.MAPPER.createObjectNode();
            removed.forEach(told.putArray("removed")::add);
            left.forEach(told.putArray("left")::add);
            out.println(Printable.line(told.toString()));
        } else {
            removed.forEach(each -> out.println(Printable.line("removed   " + each)));
            left.forEach(each -> out.println(Printable.line("left      " + each)));
            if (removed.isEmpty() && left.isEmpty()) {
                out.println(Printable.line("nothing is left of runs of " + prefix));
            }
        }
        out.flush();
    }

    /** What there is, for the run that comes next, which it does not disturb; empty if there is nothing. */
    Optional<String> text() throws InterruptedException {
        try {
            return text(run -> true);
        } catch (KafkaException e) {
            return Optional.of("whether earlier runs have left something cannot be seen: " + e.getMessage());
        }
    }

    /** What is over, for the doctor. */
    Optional<Found> found() throws InterruptedException {
        Instant now = Instant.now();
        try {
            return text(run -> run.isOver(now)).map(text -> Found.of(Found.Status.WARNING, text));
        } catch (KafkaException e) {
            return Optional.of(Found.of(
                    Found.Status.SKIPPED,
                    "whether runs of ./serai prove have left topics cannot be seen: " + e.getMessage()));
        }
    }

    private Optional<String> text(Predicate<TrialLeftovers.Run> isMeant) throws InterruptedException {
        try (var leftovers = new TrialLeftovers(kafka, prefix)) {
            List<String> runs = leftovers.find().stream()
                    .filter(isMeant)
                    .map(run -> run.names().group())
                    .toList();
            return runs.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            "topics of " + Counted.text(runs.size(), "other run") + " of ./serai prove are there: "
                                    + String.join(", ", runs) + "; ./serai prove --clean"
                                    + (prefix.equals(TrialLeftovers.PREFIX) ? "" : " --prefix " + prefix)
                                    + " removes those that are over");
        }
    }
}
