package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.JobSpec.Window;
import dev.serai.batch.JobTopics;
import dev.serai.batch.client.Forecast;
import dev.serai.batch.client.Forecast.Bounds;
import dev.serai.batch.file.InputOptions;
import dev.serai.batch.file.Mistake;
import dev.serai.batch.file.PreparedRows;
import dev.serai.loop.Counted;
import dev.serai.loop.Elapsed;
import dev.serai.settings.Durations;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.TenantSettings;
import dev.serai.wire.Json;
import dev.serai.wire.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a job will be: its rows, how many rooms at once, and how long it takes at the least. Immutable. */
final class JobForecast {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    private final PreparedRows rows;
    private final SeraiSettings settings;
    private final InputOptions options;
    private final @Nullable Double rate;
    private final @Nullable Integer slots;
    private final @Nullable Window window;
    private final Duration roomTime;
    private final Forecast forecast;
    private final Instant now;

    JobForecast(
            PreparedRows rows,
            SeraiSettings settings,
            InputOptions options,
            String tenant,
            @Nullable Double jobRate,
            @Nullable Integer maxOpen,
            @Nullable Window window,
            Instant now) {
        this.rows = rows;
        this.settings = settings;
        this.options = options;
        this.window = window;
        this.now = now;
        TenantSettings plan = settings.tenant(tenant);
        rate = Stream.of(jobRate == null ? 0 : jobRate, plan.rate())
                .filter(bound -> bound > 0)
                .min(Double::compare)
                .orElse(null);
        slots = Stream.of(
                        maxOpen == null ? 0 : maxOpen,
                        plan.maxSessions() == null ? 0 : plan.maxSessions() - plan.liveReserve())
                .filter(bound -> bound > 0)
                .min(Integer::compare)
                .orElse(null);
        Duration longest = rows.longestRoom().isZero() ? settings.connect().sessionIdle() : rows.longestRoom();
        Duration most = settings.connect().maxSession();
        roomTime = most != null && most.compareTo(longest) < 0 ? most : longest;
        forecast = Forecast.of(
                new Bounds(Math.max(1, rows.rows()), rate, slots, roomTime, window, rows.earliest(), rows.latest()),
                now);
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("rows       " + rows.rows() + " good, " + rows.invalid() + " bad"
                + (rows.invalid() == 0
                        ? ""
                        : options.skipsInvalid() ? ", which are left out" : ": nothing would be sent"));
        lines.add("rooms      "
                + (slots == null
                        ? "as many at once as the provider allows: neither --max-open nor serai.connect.max-sessions says"
                        : slots + " at once at most")
                + ", each for " + Durations.format(roomTime)
                + (rows.longestRoom().isZero() ? " (serai.connect.session-idle; --close-after ends them)" : "")
                + (rate == null ? "" : "; " + rate + " a second at most"));
        Duration lasts = forecast.lasts();
        lines.add("time       "
                + (lasts == null
                        ? "begins " + shown(forecast.begins()) + "; how long it takes is the provider's to say"
                        : lasts.isZero()
                                ? "all at once, " + shown(forecast.begins())
                                : "at least " + Elapsed.inTwoUnits(lasts) + ", from " + shown(forecast.begins())
                                        + " to " + shown(String.valueOf(forecast.ends()), forecast.ends()))
                + (window == null ? "" : ", between " + window.from() + " and " + window.to()));
        Duration kept = settings.kafka().replyRetention();
        boolean isLong = lasts == null || lasts.compareTo(kept) > 0;
        lines.add("replies    kept for " + Durations.format(kept) + " (serai.kafka.reply-retention)"
                + (isLong
                        ? ": shorter than the job may take. Let the command wait, or collect results meanwhile"
                        : ""));
        if (forecast.ends() != null && forecast.ends().isAfter(now.plus(JobTopics.RETENTION))) {
            lines.add("warning    rows are kept for " + JobTopics.RETENTION.toDays()
                    + " days, and the last ones will be gone before their turn: make several files of it");
        }
        if (!rows.unusedColumns().isEmpty()) {
            lines.add("not used   columns " + String.join(", ", rows.unusedColumns()));
        }
        rows.ignored()
                .forEach((note, count) -> lines.add("ignored    " + note + " (" + Counted.text(count, "row") + ")"));
        return lines;
    }

    private String shown(Instant at) {
        return shown(at.toString(), at);
    }

    private String shown(String otherwise, @Nullable Instant at) {
        ZoneId zone = window == null ? options.zone() : window.zone();
        return at == null ? otherwise : MINUTE.format(at.atZone(zone)) + " " + zone;
    }

    /** The first events, masked. */
    List<String> events() {
        return rows.first().stream()
                .map(row -> "line " + row.line() + ", key " + row.key()
                        + (row.due() == null ? "" : ", at " + row.due()) + ": "
                        + Secrets.masked(row.event()))
                .toList();
    }

    /** For machines. */
    ObjectNode json() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("rows", rows.rows()).put("invalid", rows.invalid());
        json.set("mistakes", mistakes(rows));
        json.put("slots", slots).put("rate", rate).put("room_ms", roomTime.toMillis());
        Duration lasts = forecast.lasts();
        json.put("begins_at", forecast.begins().toString())
                .put("ends_at", forecast.ends() == null ? null : forecast.ends().toString())
                .put("lasts_ms", lasts == null ? null : lasts.toMillis())
                .put("replies_kept_ms", settings.kafka().replyRetention().toMillis());
        rows.unusedColumns().forEach(json.putArray("unused_columns")::add);
        ObjectNode ignored = json.putObject("ignored");
        rows.ignored().forEach(ignored::put);
        ArrayNode events = json.putArray("events");
        rows.first().forEach(row -> events.addObject()
                .put("row", row.number())
                .put("line", row.line())
                .put("key", row.key())
                .put("due_at", row.due() == null ? null : row.due().toString())
                .set("event", Secrets.masked(row.event())));
        return json;
    }

    static ArrayNode mistakes(PreparedRows rows) {
        ArrayNode mistakes = Json.MAPPER.createArrayNode();
        for (Mistake mistake : rows.mistakes().first()) {
            mistakes.addObject()
                    .put("row", mistake.row())
                    .put("line", mistake.line())
                    .put("column", mistake.column())
                    .put("reason", Secrets.inLog(mistake.reason()));
        }
        return mistakes;
    }
}
