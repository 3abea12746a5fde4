package dev.serai.observe.waiting;

import java.time.Duration;

/** Durations for people: in the two largest units that there are, such as {@code 2 h 5 min}. Stateless. */
public final class Ages {
    private Ages() {}

    /** Below ten seconds with a tenth; a negative one with its sign. */
    public static String text(Duration duration) {
        if (duration.isNegative()) {
            return "-" + text(duration.negated());
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
