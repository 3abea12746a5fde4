package dev.serai.batch.client;

import dev.serai.batch.JobSpec.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * How long a job takes at the least: rooms as early as rate, slots, window and the rows' times allow, and nobody else who needs
 * the slots. Immutable.
 *
 * @param begins when its first event is published
 * @param ends when its last one is; null if nothing bounds it but the provider
 */
public record Forecast(Instant begins, @Nullable Instant ends) {
    private static final int LONGEST_DAYS = 20_000;

    /**
     * What bounds a job.
     *
     * @param rows at least 1
     * @param rate events a second; null: no bound
     * @param slots rooms that may be open at once; null: no bound that is known
     * @param roomTime how long a room is open
     * @param window times of day; null: all
     * @param earliest when the first row with a time is to be published; null if none has one
     * @param latest likewise the last one
     */
    public record Bounds(
            long rows,
            @Nullable Double rate,
            @Nullable Integer slots,
            Duration roomTime,
            @Nullable Window window,
            @Nullable Instant earliest,
            @Nullable Instant latest) {
        /** From the first event's publishing to the last one's, at the least; null if nothing bounds it. */
        @Nullable
        Duration work() {
            if (rows <= 1) {
                return Duration.ZERO;
            }
            Duration byRate = rate == null ? null : Duration.ofMillis((long) ((rows - 1) / rate * 1000));
            Duration bySlots = slots == null ? null : roomTime.multipliedBy((rows - 1) / slots);
            if (byRate == null || bySlots == null) {
                return byRate == null ? bySlots : byRate;
            }
            return byRate.compareTo(bySlots) > 0 ? byRate : bySlots;
        }
    }

    /**
     * Reckons it out.
     *
     * @param now when the job would begin
     */
    public static Forecast of(Bounds bounds, Instant now) {
        Instant first = bounds.earliest() == null || bounds.earliest().isBefore(now) ? now : bounds.earliest();
        Instant begins = after(first, Duration.ZERO, bounds.window());
        Duration work = bounds.work();
        Instant ends = work == null ? bounds.latest() : after(first, work, bounds.window());
        if (ends != null && bounds.latest() != null && bounds.latest().isAfter(ends)) {
            ends = after(bounds.latest(), Duration.ZERO, bounds.window());
        }
        boolean isOpenEnded = ends == null || (work == null && ends.isBefore(begins));
        return new Forecast(begins, isOpenEnded ? null : ends);
    }

    /** When so much time has passed within the window. */
    private static Instant after(Instant from, Duration work, @Nullable Window window) {
        if (window == null) {
            return from.plus(work);
        }
        ZonedDateTime at = from.atZone(window.zone());
        Duration left = work;
        for (int day = 0; day < LONGEST_DAYS; day++) {
            if (!window.isOpen(at.toLocalTime())) {
                at = next(at, window.from());
            }
            ZonedDateTime closes = next(at, window.to());
            Duration here = Duration.between(at, closes);
            if (left.compareTo(here) < 0) {
                return at.plus(left).toInstant();
            }
            left = left.minus(here);
            at = closes;
        }
        return at.toInstant();
    }

    private static ZonedDateTime next(ZonedDateTime at, LocalTime time) {
        ZonedDateTime sameDay = at.with(time);
        return sameDay.isAfter(at) ? sameDay : sameDay.plusDays(1);
    }

    /** From its first event to its last one; null if that is not known. */
    public @Nullable Duration lasts() {
        return ends == null ? null : Duration.between(begins, ends);
    }
}
