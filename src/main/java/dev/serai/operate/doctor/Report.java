package dev.serai.operate.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.operate.doctor.Found.Status;
import dev.serai.wire.Json;
import dev.serai.wire.Secrets;
import java.util.List;
import java.util.Locale;

/** What all checks have found, in their order; secrets are masked. Immutable. */
public record Report(List<Line> lines) {
    public Report {
        lines = List.copyOf(lines);
    }

    /** What one check has found. */
    public record Line(CheckName check, Found found) {
        public Line {
            String remedy = found.remedy();
            found = new Found(
                    found.status(),
                    Secrets.inLog(found.text()),
                    remedy == null ? null : Secrets.inLog(remedy),
                    found.blocks());
        }
    }

    public long count(Status status) {
        return lines.stream().filter(line -> line.found().status() == status).count();
    }

    /** Whether Kafka or the provider did not answer, or not to this client, so that more could not be looked at. */
    public boolean isBlocked() {
        return lines.stream().anyMatch(line -> line.found().blocks());
    }

    /** One object: {@code checks}, one for each thing that was looked at, and how many of each status. */
    public ObjectNode json() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        for (Status status : Status.values()) {
            json.put(label(status), count(status));
        }
        ArrayNode checks = json.putArray("checks");
        lines.forEach(line -> checks.addObject()
                .put("check", line.check().label())
                .put("status", label(line.found().status()))
                .put("found", line.found().text())
                .put("remedy", line.found().remedy()));
        return json;
    }

    private static String label(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
