package dev.serai.loop;

import java.time.Duration;

/** How long something has lasted, or is ago, for people: in one unit, the one in which it is a number from 2 on. Stateless. */
public final class Elapsed {
    private Elapsed() {}

    /**
     * Such as {@code 850 ms}, {@code 95 s}, {@code 30 min}, {@code 47 h} or {@code 328 days}; rounded down.
     *
     * @param time not negative
     */
    public static String text(Duration time) {
        if (time.compareTo(Duration.ofSeconds(2)) < 0) {
            return time.toMillis() + " ms";
        }
        if (time.compareTo(Duration.ofMinutes(2)) < 0) {
            return time.toSeconds() + " s";
        }
        if (time.compareTo(Duration.ofHours(2)) < 0) {
            return time.toMinutes() + " min";
        }
        return time.compareTo(Duration.ofDays(2)) < 0 ? time.toHours() + " h" : time.toDays() + " days";
    }
}
