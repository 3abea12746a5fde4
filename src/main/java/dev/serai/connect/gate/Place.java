package dev.serai.connect.gate;

import java.time.Instant;
import java.util.Comparator;

/**
 * An event's place in the line before a gate. An event keeps its place when its call came to nothing through no fault of
 * its own.
 *
 * @param deadline until when the event can wait: the earliest goes first
 * @param failures how many of the event's calls have failed before
 * @param number of those with the same deadline, who has the lower number goes first; it is of this place alone
 */
public record Place(Instant deadline, int failures, long number) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::deadline).thenComparingLong(Place::number);

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}
