package dev.serai.operate.letters;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts letters by reason. For one thread. */
public final class Reasons {
    private final Map<String, Reason> found = new HashMap<>();

    /**
     * Letters of one reason.
     *
     * @param replayed how many of them were published again
     * @param newest when the last one failed
     */
    public record Reason(String name, long letters, long replayed, Instant newest) {
        Reason and(boolean wasReplayed, Instant failedAt) {
            return new Reason(
                    name, letters + 1, replayed + (wasReplayed ? 1 : 0), failedAt.isAfter(newest) ? failedAt : newest);
        }
    }

    /** Counts one more. */
    public void add(Letter letter, boolean wasReplayed) {
        found.compute(letter.reason(), (name, sum) -> (sum == null ? new Reason(name, 0, 0, Instant.MIN) : sum)
                .and(wasReplayed, letter.failedAt()));
    }

    /** The most frequent first. */
    public List<Reason> all() {
        return found.values().stream()
                .sorted(Comparator.comparingLong(Reason::letters).reversed().thenComparing(Reason::name))
                .toList();
    }

    public long letters() {
        return found.values().stream().mapToLong(Reason::letters).sum();
    }

    public long replayed() {
        return found.values().stream().mapToLong(Reason::replayed).sum();
    }

    /** For machines. */
    public ArrayNode json() {
        ArrayNode json = Json.MAPPER.createArrayNode();
        for (Reason reason : all()) {
            ObjectNode one = json.addObject();
            one.put("reason", reason.name());
            one.put("letters", reason.letters());
            one.put("replayed", reason.replayed());
            one.put("newest", reason.newest().toString());
            one.put("remedy", Remedy.of(reason.name()));
        }
        return json;
    }
}
