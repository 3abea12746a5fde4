package dev.serai.connect.gate;

import java.time.Instant;
import java.util.Comparator;

/**
 * An event's place in the line before a gate. It keeps its ticket when its call came to nothing through no fault of its own.
 *
 * @param deadline until when the event can wait: the earliest goes first
 * @param failures how many of the event's calls have failed or were refused before
 * @param number of those with the same deadline, who has the lower number goes first; it is of this ticket alone
 */
public record Ticket(Instant deadline, int failures, long number) implements Comparable<Ticket> {
    private static final Comparator<Ticket> ORDER =
            Comparator.comparing(Ticket::deadline).thenComparingLong(Ticket::number);

    /** The same place, after so many of the event's calls have failed or were refused. */
    public Ticket after(int callsInVain) {
        return new Ticket(deadline, callsInVain, number);
    }

    @Override
    public int compareTo(Ticket other) {
        return ORDER.compare(this, other);
    }
}
