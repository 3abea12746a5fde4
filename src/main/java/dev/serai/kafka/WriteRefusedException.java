package dev.serai.kafka;

import org.apache.kafka.common.KafkaException;

/** Kafka does not take one of the records of a transaction for what it is, such as its size; none of them was written. */
public final class WriteRefusedException extends KafkaException {
    private static final long serialVersionUID = 1;

    WriteRefusedException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
