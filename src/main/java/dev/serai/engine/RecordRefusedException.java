package dev.serai.engine;

import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Kafka does not take a record of this event, and would not if it were sent again: see its message for why. */
public final class RecordRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String topic;
    private final boolean tooLarge;
    private final boolean outOfTime;
    private final boolean withoutPartition;

    RecordRefusedException(String topic, Throwable cause) {
        this(topic, cause, false);
    }

    private RecordRefusedException(String topic, Throwable cause, boolean withoutPartition) {
        super(text(topic, cause), cause);
        this.topic = topic;
        this.withoutPartition = withoutPartition;
        tooLarge = cause instanceof RecordTooLargeException;
        outOfTime = cause instanceof InvalidTimestampException;
    }

    /** Of a record for a partition that its topic does not have. */
    static RecordRefusedException withoutPartition(String topic, int partition, int partitions) {
        return new RecordRefusedException(
                topic,
                new UnknownTopicOrPartitionException(
                        "partition " + partition + " was asked for, and it has " + partitions),
                true);
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

    /** Whether the topic does not have the record's partition. */
    public boolean isWithoutPartition() {
        return withoutPartition;
    }

    /** Whether it is because of the record's size. */
    public boolean isTooLarge() {
        return tooLarge;
    }
}
