package dev.serai.engine;

import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Kafka does not take a record of this event, and would not if it were sent again: see its message for why. */
public final class RecordRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String topic;
    private final boolean tooLarge;
    private final boolean outOfTime;

    RecordRefusedException(String topic, Throwable cause) {
        super(text(topic, cause), cause);
        this.topic = topic;
        tooLarge = cause instanceof RecordTooLargeException;
        outOfTime = cause instanceof InvalidTimestampException;
    }

    private static String text(String topic, Throwable cause) {
        return cause instanceof RecordTooLargeException
                ? "a record is larger than topic " + topic + " takes: raise its max.message.bytes"
                : "topic " + topic + " does not take a record: " + Refusal.text(cause);
    }

    /** The topic that refused the record. */
    public String topic() {
        return topic;
    }

    /** Whether it is because of the record's timestamp. */
    public boolean isOutOfTime() {
        return outOfTime;
    }

    /** Whether it is because of the record's size. */
    public boolean isTooLarge() {
        return tooLarge;
    }
}
