package dev.serai.observe;

/**
 * Keys of the logging context (SLF4J's MDC). Both log layouts print them, the JSON one under these names; {@code
 * log4j2.xml} and {@code log4j2-event.json} repeat them.
 */
public final class LogFields {
    /** The id of the start event that is being worked on. */
    public static final String EVENT_ID = "event_id";

    /** The Kafka key of that event; absent where the record has none. */
    public static final String CONVERSATION_KEY = "conversation_key";

    /** What the provider calls the event's latest request, for its support; absent where its answer does not say. */
    public static final String REQUEST_TRACE_ID = "request_trace_id";

    private LogFields() {}
}
