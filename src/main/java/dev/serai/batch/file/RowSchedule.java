package dev.serai.batch.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.JobTopics;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When rooms of rows are needed, and until when their events are wanted. Immutable. */
final class RowSchedule {
    private final InputOptions options;
    private final Instant now;

    /**
     * @param now when the job begins
     * @throws IllegalArgumentException if no room can be needed when the options say; the message begins with the option
     */
    RowSchedule(InputOptions options, Instant now) {
        this.options = options;
        this.now = now;
        String wrong = options.at() == null ? null : problem(options.at());
        if (wrong != null) {
            throw new IllegalArgumentException("--at " + wrong);
        }
    }

    /** When the row says that its room is needed, else as the options say; null: as soon as can be. */
    @Nullable
    Instant at(Row row) throws BadCell {
        String column = options.atColumn();
        JsonNode cell = column == null ? null : row.values().get(column);
        if (column == null || cell == null || cell.isNull() || cell.asText().isBlank()) {
            return options.at();
        }
        Instant at;
        try {
            at = RowTime.at(cell.asText(), options.zone());
        } catch (IllegalArgumentException e) {
            throw new BadCell(column, String.valueOf(e.getMessage()));
        }
        String wrong = problem(at);
        if (wrong != null) {
            throw new BadCell(column, wrong);
        }
        return at;
    }

    /** Why rooms cannot be needed then; null if they can. */
    private @Nullable String problem(Instant at) {
        if (at.plus(options.deadline()).isBefore(now)) {
            return "is " + at + ", which has passed for longer than --deadline allows";
        }
        return at.isAfter(now.plus(JobTopics.RETENTION))
                ? "is " + at + ", more than " + JobTopics.RETENTION.toDays()
                        + " days away, and rows are kept for so long: make a job of it later"
                : null;
    }

    /**
     * Says in the event until when it is wanted, and when its room is closed.
     *
     * @return when it is to be published; null: as soon as can be
     */
    @Nullable
    Instant complete(ObjectNode event, @Nullable Instant at) {
        if (options.closeAfter() != null && !event.hasNonNull("close_after_ms")) {
            event.put("close_after_ms", options.closeAfter().toMillis());
        }
        if (!event.hasNonNull("expires_at") && !event.hasNonNull("ttl_ms")) {
            if (at == null) {
                event.put("ttl_ms", options.deadline().toMillis());
            } else {
                event.put("expires_at", at.plus(options.deadline()).toString());
            }
        }
        return at == null ? null : at.minus(options.lead());
    }
}
