package dev.serai.ledger;

/** Kafka will never take a record of this event: it is larger than its topic's {@code max.message.bytes}. */
public final class RecordRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String topic;

    RecordRefusedException(String topic, Throwable cause) {
        super("a record is larger than topic " + topic + " takes: raise its max.message.bytes", cause);
        this.topic = topic;
    }

    /** The topic that refused the record. */
    public String topic() {
        return topic;
    }
}
