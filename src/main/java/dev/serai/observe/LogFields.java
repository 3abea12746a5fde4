package dev.serai.observe;

/** Names of the fields that stand on every log line of an event. */
public final class LogFields {
    public static final String EVENT_ID = "event_id";
    public static final String CONVERSATION_KEY = "conversation_key";

    private LogFields() {}
}
