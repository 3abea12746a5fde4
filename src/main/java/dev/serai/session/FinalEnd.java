package dev.serai.session;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How a conversation was ended for good, as far as it is one tenant's.
 *
 * @param eventId the end event that said so first
 * @param at when that was answered, in whole milliseconds
 */
public record FinalEnd(String eventId, Instant at) {
    public FinalEnd {
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Its time only: ids of events are the customer's. */
    @Override
    public String toString() {
        return "FinalEnd[" + at + "]";
    }
}
