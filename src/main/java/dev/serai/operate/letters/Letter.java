package dev.serai.operate.letters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.DeadLetter;
import dev.serai.wire.EndConversation;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.RegistryFrame;
import dev.serai.wire.StartConversation;
import dev.serai.wire.cloudevents.CloudEvent;
import dev.serai.wire.cloudevents.Mode;
import dev.serai.wire.event.StartEventDecoder;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record of a topic of dead letters, whoever wrote it. Total: of what cannot be read it says what holds for letters that
 * say nothing. Holds personal data; {@code toString} shows none. Immutable.
 */
public final class Letter {
    private static final String FAILED_AT = "serai-failed-at";
    private static final String ATTEMPTS = "serai-attempts";

    private final OriginalRecord kafkaRecord;
    private final LetterFormat format;
    private final Optional<CloudEvent> envelope;
    private final JsonNode value;
    private final JsonNode event;

    private Letter(OriginalRecord kafkaRecord) {
        this.kafkaRecord = kafkaRecord;
        format = LetterFormat.of(kafkaRecord);
        envelope = CloudEvent.in(kafkaRecord);
        value = json(kafkaRecord.value());
        event = envelope.filter(each -> each.mode() == Mode.STRUCTURED)
                .map(structured -> json(structured.data()))
                .orElse(value);
    }

    /** Of a record as it was read; of what others have written, what can be read of it. */
    public static Letter of(ConsumerRecord<byte[], byte[]> read) {
        return new Letter(ReadRecord.original(read));
    }

    private static JsonNode json(byte @Nullable [] value) {
        try {
            return value == null ? Json.MAPPER.missingNode() : Json.MAPPER.readTree(RegistryFrame.takenOff(value));
        } catch (IOException e) {
            return Json.MAPPER.missingNode();
        }
    }

    /** As it lies there. */
    public OriginalRecord asRecord() {
        return kafkaRecord;
    }

    LetterFormat format() {
        return format;
    }

    /** {@code topic-partition-offset} of the letter itself. */
    public String position() {
        return kafkaRecord.position();
    }

    /** An error category, or what another's framework has written in its place. */
    public String reason() {
        return format.reason(kafkaRecord);
    }

    /** Empty if nothing is said. */
    public String detail() {
        return format.detail(kafkaRecord);
    }

    /** Where the event came from; empty if nothing is said. */
    public Optional<String> originalTopic() {
        return format.topic(kafkaRecord);
    }

    public OptionalLong originalPartition() {
        return format.partition(kafkaRecord);
    }

    public OptionalLong originalOffset() {
        return format.offset(kafkaRecord);
    }

    /** When it failed; of letters that do not say, the record's time. */
    public Instant failedAt() {
        return kafkaRecord.headerText(FAILED_AT).flatMap(Letter::instant).orElse(kafkaRecord.timestamp());
    }

    /** How many calls were made for it; empty if it does not say. */
    Optional<String> attempts() {
        return kafkaRecord.headerText(ATTEMPTS);
    }

    /** How often it was published again before it came here. */
    public int replays() {
        return DeadLetter.replays(kafkaRecord);
    }

    /** What the service calls the event; of an event that names no id, where it was, as far as that is known. */
    @SuppressWarnings("NullAway") // it does not see the annotations of a record's arrays, which may be null
    public String eventId() {
        return StartEventDecoder.eventId(new OriginalRecord(
                originalTopic().orElse(kafkaRecord.topic()),
                (int) originalPartition().orElse(kafkaRecord.partition()),
                originalOffset().orElse(kafkaRecord.offset()),
                kafkaRecord.timestamp(),
                kafkaRecord.key(),
                kafkaRecord.value(),
                kafkaRecord.headers()));
    }

    /** Whose it says it is. */
    public String tenant() {
        String named = event.path("tenant").textValue();
        return named == null ? StartConversation.DEFAULT_TENANT : named;
    }

    /** The value as JSON, without the frame of a schema registry; a missing node if it is none. */
    JsonNode json() {
        return value;
    }

    /** The CloudEvent that it is; empty if it is none. */
    Optional<CloudEvent> envelope() {
        return envelope;
    }

    /** The event, without what it is in, if it is a JSON object and ends nothing; never to be changed. */
    Optional<ObjectNode> startEvent() {
        boolean ends = envelope.filter(each -> each.action() == CloudEvent.Action.END)
                        .isPresent()
                || EndConversation.END.equals(event.path(EndConversation.ACTION).textValue());
        return event instanceof ObjectNode object && !ends ? Optional.of(object) : Optional.empty();
    }

    /** When it is too late, where the event names a time; a span counts anew from when it is published. */
    Optional<Instant> expiresAt() {
        return startEvent()
                .map(event -> event.path("expires_at").textValue())
                .filter(Objects::nonNull)
                .flatMap(Letter::instant);
    }

    /** The event's own headers, in their order. */
    List<RecordHeader> eventHeaders() {
        return kafkaRecord.headers().stream()
                .filter(header -> !header.isOfService() && !format.isOf(header.name()))
                .toList();
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "Letter[" + position() + "]";
    }
}
