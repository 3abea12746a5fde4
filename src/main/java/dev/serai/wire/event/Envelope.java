package dev.serai.wire.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;

/** What others wrap an event in before they publish it, and what a publisher does about it. */
enum Envelope {
    CLOUD_EVENT(
            "a structured CloudEvent, though neither its content type nor its attributes say so",
            "publish it with specversion, id, source and type, and with the header content-type:"
                    + " application/cloudevents+json; or in binary mode, the data as the record's value and the"
                    + " attributes as ce_ headers"),
    KAFKA_CONNECT("an envelope of Kafka Connect's JSON converter", "set value.converter.schemas.enable=false"),
    DEBEZIUM(
            "a change event of Debezium",
            "unwrap it with the transform io.debezium.transforms.ExtractNewRecordState, or the outbox's EventRouter"),
    SNS("a notification of Amazon SNS", "switch raw message delivery on for the subscription"),
    SQS("a message of Amazon SQS", "publish its body"),
    EVENT_BRIDGE("an event of Amazon EventBridge", "let the rule's target take $.detail only");

    private final String name;
    private final String advice;

    Envelope(String name, String advice) {
        this.name = name;
        this.advice = advice;
    }

    /** The envelope that an object is by the fields that it has. */
    static Optional<Envelope> of(ObjectNode object) {
        return Arrays.stream(values())
                .filter(envelope -> envelope.isShownBy(object))
                .findFirst();
    }

    private boolean isShownBy(ObjectNode object) {
        return switch (this) {
            case CLOUD_EVENT -> object.has("specversion") && hasAny(object, "data", "data_base64");
            case KAFKA_CONNECT -> object.has("schema") && object.has("payload");
            case DEBEZIUM -> object.has("op") && hasAny(object, "before", "after");
            case SNS -> object.has("TopicArn") && object.has("Message");
            case SQS -> isMessage(object) || isMessage(object.path("Records").path(0));
            case EVENT_BRIDGE -> object.has("detail-type") && object.has("detail");
        };
    }

    private static boolean isMessage(JsonNode object) {
        return object.has("body") && hasAny(object, "receiptHandle", "eventSource");
    }

    private static boolean hasAny(JsonNode object, String one, String other) {
        return object.has(one) || object.has(other);
    }

    /** Why an event is refused that is still in it: unwrapping is said by whoever knows what is inside, and never guessed. */
    String reason() {
        return "the event is " + name + ", and what is in it is not looked for: " + advice
                + "; or publish it to a topic of its own, which a mapping makes events of (serai.intake.NAME.topic)";
    }
}
