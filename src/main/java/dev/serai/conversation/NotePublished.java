package dev.serai.conversation;

import org.apache.camel.Processor;

/**
 * Notes that the event's answer is on its way, so that the event is committed when its routes have ended. Stateless,
 * thread-safe.
 */
public final class NotePublished {
    private NotePublished() {}

    /** After a reply. */
    public static Processor reply() {
        return exchange -> EventInFlight.of(exchange).settlement().replied();
    }

    /** After a dead letter. */
    public static Processor deadLetter() {
        return exchange -> EventInFlight.of(exchange).settlement().deadLettered();
    }
}
