package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.loop.Elapsed;
import dev.serai.wire.Characters;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The answer of {@code /observe/waiting} as a table: a line for each event. Stateless. */
final class WaitingTable {
    private static final List<String> HEADINGS =
            List.of("AGE", "TIME LEFT", "TENANT", "EVENT", "KEY", "RECORD", "WHAT IT IS AT");

    /** Of names that publishers chose; all of them are in the JSON. */
    private static final int NAME_CHARACTERS = 40;

    private static final String NOTHING = "-";

    private WaitingTable() {}

    static void print(PrintWriter out, JsonNode report) {
        JsonNode events = report.path("events");
        long total = report.path("total").asLong();
        if (events.isEmpty()) {
            out.println("no event is held: none waits here");
            return;
        }
        out.println("events held: " + total + ", the oldest published " + age(report.path("oldest_age_ms")) + " ago");
        out.println();
        List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
        events.forEach(event -> rows.add(row(event)));
        int[] widths = new int[HEADINGS.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        rows.forEach(row -> out.println(line(row, widths)));
        if (total > events.size()) {
            out.println();
            out.println("and " + (total - events.size()) + " more, which are younger: --limit lists up to 1000");
        }
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            line.append(cell);
            if (i < widths.length - 1) {
                line.append(" ".repeat(widths[i] - cell.length() + 2));
            }
        }
        return line.toString();
    }

    private static List<String> row(JsonNode event) {
        JsonNode step = event.path("step");
        return List.of(
                age(event.path("age_ms")),
                age(event.path("left_ms")),
                name(event.path("tenant")),
                name(event.path("event_id")),
                name(event.path("conversation_key")),
                Printable.line(event.path("record").asText()),
                Printable.line(step.path("text").asText()) + ", for " + age(step.path("since_ms")));
    }

    private static String age(JsonNode millis) {
        return millis.isNumber() ? Elapsed.inTwoUnits(Duration.ofMillis(millis.longValue())) : NOTHING;
    }

    private static String name(JsonNode name) {
        if (!name.isTextual()) {
            return NOTHING;
        }
        String text = Printable.line(name.textValue());
        return text.length() <= NAME_CHARACTERS ? text : Characters.atMost(NAME_CHARACTERS - 1, text) + "…";
    }
}
