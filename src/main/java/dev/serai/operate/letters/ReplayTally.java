package dev.serai.operate.letters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.operate.letters.Verdict.Why;
import dev.serai.wire.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a replay would do, or has done. For one thread. */
public final class ReplayTally {
    private final Map<String, Long> published = new TreeMap<>();
    private final Map<Why, Long> left = new EnumMap<>(Why.class);
    private long total;
    private long failingAgain;
    private long keepingDeadlines;

    void publish(Letter letter) {
        published.merge(letter.reason(), 1L, Long::sum);
        total++;
        failingAgain += Remedy.failsAgain(letter.reason()) ? 1 : 0;
    }

    /** Undoes {@link #publish}: it was not to be. */
    void takeBack(Letter letter) {
        published.merge(letter.reason(), -1L, Long::sum);
        published.values().removeIf(count -> count == 0);
        total--;
        failingAgain -= Remedy.failsAgain(letter.reason()) ? 1 : 0;
    }

    void keepsDeadline() {
        keepingDeadlines++;
    }

    void leave(Why why) {
        left.merge(why, 1L, Long::sum);
    }

    /** How many are published. */
    public long published() {
        return total;
    }

    /** How many the topic would not take. */
    public long refused() {
        return left.getOrDefault(Why.REFUSED, 0L);
    }

    /** How many letters stay. */
    public long stay() {
        return left.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many letters were meant. */
    public long meant() {
        return total + stay();
    }

    /**
     * For people.
     *
     * @param isPlan whether nothing of it was done
     */
    public List<String> lines(boolean isPlan) {
        List<String> lines = new ArrayList<>();
        lines.add(line(total, isPlan ? "to be published again" : "published again"));
        published.forEach((reason, count) -> lines.add("  " + line(count, reason)));
        if (failingAgain > 0) {
            lines.add("  " + line(failingAgain, "of these fail again if what is wrong with the event is not mended"));
        }
        if (keepingDeadlines > 0) {
            lines.add("  " + line(keepingDeadlines, "of these keep their deadlines: no JSON objects, or end events"));
        }
        if (!left.isEmpty()) {
            lines.add(line(stay(), isPlan ? "to stay" : "left as they are"));
            left.forEach((why, count) -> lines.add("  " + line(count, why.text())));
        }
        return lines;
    }

    private static String line(long count, String text) {
        return String.format("%8d  %s", count, text);
    }

    /** For machines. */
    public ObjectNode json() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("published", total);
        ObjectNode reasons = json.putObject("published_by_reason");
        published.forEach(reasons::put);
        json.put("failing_again", failingAgain);
        json.put("keeping_deadlines", keepingDeadlines);
        ObjectNode stay = json.putObject("left");
        left.forEach((why, count) -> stay.put(why.wireName(), count));
        return json;
    }
}
