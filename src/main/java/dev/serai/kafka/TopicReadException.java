package dev.serai.kafka;

/** A topic was not read to its end in time; the message says where it stopped and what to do. */
public final class TopicReadException extends RuntimeException {
    TopicReadException(String message) {
        super(message);
    }
}
