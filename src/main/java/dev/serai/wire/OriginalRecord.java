package dev.serai.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record of the start topic as it arrived, whatever its bytes are: what a dead letter preserves and what replies are
 * addressed by.
 *
 * @param timestamp the record's own timestamp, which deadlines are counted from
 * @param key the conversation key's bytes; null when the publisher set none; not copied, never to be changed
 * @param value the event's bytes; null for a tombstone; not copied, never to be changed
 * @param headers in the record's order, names may repeat
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, passed on as they came and never compared
public record OriginalRecord(
        String topic,
        int partition,
        long offset,
        Instant timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RecordHeader> headers) {

    // Not compact: NullAway would not see that the arrays may be null.
    public OriginalRecord(
            String topic,
            int partition,
            long offset,
            Instant timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<RecordHeader> headers) {
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
        this.headers = List.copyOf(headers);
    }

    /** Where the record is, which also identifies an event that names no id: {@code topic-partition-offset}. */
    public String position() {
        return topic + "-" + partition + "-" + offset;
    }

    /**
     * The key as text, or null without one or with an empty one. A key that is not UTF-8 is shown in hexadecimal, such as
     * {@code 0x80ff}, so that two keys are never taken for one conversation; replies keep the bytes.
     */
    public @Nullable String conversationKey() {
        if (key == null || key.length == 0) {
            return null;
        }
        return Characters.ofUtf8(key).orElseGet(() -> "0x" + HexFormat.of().formatHex(key));
    }

    /** The last header of that name, as Kafka's own {@code lastHeader} does it; empty when absent or null. */
    public Optional<byte[]> header(String name) {
        for (RecordHeader header : headers.reversed()) {
            if (header.name().equals(name)) {
                return Optional.ofNullable(header.value());
            }
        }
        return Optional.empty();
    }

    /** {@link #header} as UTF-8 text. */
    public Optional<String> headerText(String name) {
        return header(name).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    /** Position and sizes only: key, value and headers may hold personal data. */
    @Override
    public String toString() {
        return "OriginalRecord[" + position() + ", " + (value == null ? 0 : value.length) + " bytes]";
    }
}
