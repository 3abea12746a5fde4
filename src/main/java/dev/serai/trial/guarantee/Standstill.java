package dev.serai.trial.guarantee;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A time in which events waited for their replies, and no call of the provider began. */
public record Standstill(Instant from, Instant until) {

    /** How long one event waited: from when Kafka had it until it was answered. */
    public record Wait(Instant from, Instant until) {}

    public Duration length() {
        return Duration.between(from, until);
    }

    /** Empty if no event waited. */
    public static Optional<Standstill> longest(List<Wait> waits, List<Instant> calls) {
        List<Instant> begun = calls.stream().sorted().toList();
        List<Standstill> all = new ArrayList<>();
        int next = 0;
        for (Wait busy : merged(waits)) {
            Instant last = busy.from();
            while (next < begun.size() && begun.get(next).isBefore(busy.until())) {
                if (begun.get(next).isAfter(last)) {
                    all.add(new Standstill(last, begun.get(next)));
                    last = begun.get(next);
                }
                next++;
            }
            all.add(new Standstill(last, busy.until()));
        }
        return all.stream().max(Comparator.comparing(Standstill::length));
    }

    /** The times in which at least one event waited, oldest first. */
    private static List<Wait> merged(List<Wait> waits) {
        List<Wait> merged = new ArrayList<>();
        for (Wait wait : waits.stream().sorted(Comparator.comparing(Wait::from)).toList()) {
            if (!merged.isEmpty() && !wait.from().isAfter(merged.getLast().until())) {
                Wait last = merged.removeLast();
                Instant until = last.until().isAfter(wait.until()) ? last.until() : wait.until();
                merged.add(new Wait(last.from(), until));
            } else {
                merged.add(wait);
            }
        }
        return merged;
    }
}
