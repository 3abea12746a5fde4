package dev.serai.operate.doctor;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

/** What a failure is, as the end of a sentence that begins with "this check". Stateless. */
final class KafkaTrouble {
    private KafkaTrouble() {}

    static String text(Throwable failure) {
        return switch (failure) {
            case AuthorizationException refused -> "may not ask what it asks: " + refused.getMessage();
            case RetriableException late -> "got no answer of Kafka in time: " + late.getMessage();
            case KafkaException other -> "was refused by Kafka: " + other.getMessage();
            default -> "failed: " + failure;
        };
    }
}
