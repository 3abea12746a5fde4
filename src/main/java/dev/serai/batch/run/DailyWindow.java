package dev.serai.batch.run;

import dev.serai.batch.JobSpec.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/**
 * When a window of times of day is open, by the clocks of its zone: what they show counts, also on the days on which they are
 * changed. Immutable.
 */
record DailyWindow(Window window) {
    /** A window that a change of the clocks leaves out on one day is there on the next. */
    private static final int DAYS = 3;

    boolean isOpen(Instant at) {
        return window.isOpen(at.atZone(window.zone()).toLocalTime());
    }

    /** The first instant at which it is open: this one, or a later one. */
    Instant opens(Instant from) {
        if (isOpen(from)) {
            return from;
        }
        return beginnings(from).stream()
                .filter(begin -> begin.isAfter(from) && isOpen(begin))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** It can begin when the clocks show its beginning, or when they are changed. */
    private List<Instant> beginnings(Instant from) {
        ZoneRules rules = window.zone().getRules();
        List<Instant> beginnings = new ArrayList<>();
        LocalDate today = from.atZone(window.zone()).toLocalDate();
        for (int day = 0; day <= DAYS; day++) {
            LocalDateTime begin = today.plusDays(day).atTime(window.from());
            rules.getValidOffsets(begin).forEach(offset -> beginnings.add(begin.toInstant(offset)));
        }
        ZoneOffsetTransition change = rules.nextTransition(from);
        if (change != null) {
            beginnings.add(change.getInstant());
        }
        return beginnings;
    }
}
