package dev.serai.loop;

import java.time.Duration;

/** How long something has lasted, or is ago, for people. Stateless. */
public final class Elapsed {
    private Elapsed() {}

    /**
     * In one unit, the one in which it is a number from 2 on: such as {@code 850 ms}, {@code 95 s}, {@code 30 min}, {@code 47
     * h} or {@code 328 days}; rounded down.
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

    /**
     * In the two largest units that there are, such as {@code 2 h 5 min}; below ten seconds with a tenth; a negative one with
     * its sign.
     */
    public static String inTwoUnits(Duration duration) {
        if (duration.isNegative()) {
            return "-" + inTwoUnits(duration.negated());
        }
        if (duration.toSeconds() < 10) {
            return duration.toSeconds() + "." + duration.toMillisPart() / 100 + " s";
        }
        if (duration.toMinutes() < 1) {
            return duration.toSeconds() + " s";
        }
        if (duration.toHours() < 1) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        if (duration.toDays() < 1) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toDays() + (duration.toDays() == 1 ? " day" : " days");
    }
}
