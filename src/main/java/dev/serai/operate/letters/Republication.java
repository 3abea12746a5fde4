package dev.serai.operate.letters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.RegistryFrame;
import dev.serai.wire.cloudevents.Mode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a letter is published again: the event's value and its own headers as they were, but for what its time counts from
 * and, if that is asked for, how long it is. A start event without {@code expires_at} that is a CloudEvent loses its {@code
 * time}, so that its spans count from its new record's; one that is given a deadline has {@code ttl_ms} in place of {@code
 * expires_at}. JSON is written anew then, its numbers as they were. Immutable.
 *
 * @param value null if the letter has none
 * @param keepsDeadline whether it was to be given a deadline and has none that could be changed: it is no JSON object, or an
 *     end event, or what is around it cannot be written anew
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed over and never compared
record Republication(byte @Nullable [] value, List<RecordHeader> headers, boolean keepsDeadline) {
    private static final String EXPIRES_AT = "expires_at";
    private static final String TIME = "time";
    private static final String TIME_HEADER = "ce_time";
    private static final String DATA = "data";
    private static final String DATA_BASE64 = "data_base64";

    /** As it was, whatever it is. */
    @SuppressWarnings("NullAway") // it does not see the annotations of a record's arrays, which may be null
    static Republication unchanged(Letter letter) {
        return new Republication(letter.asRecord().value(), letter.eventHeaders(), false);
    }

    /**
     * Of a letter whose event the service reads.
     *
     * @param deadline from its publishing on, in place of what it says; null to leave that as it is
     */
    static Republication of(Letter letter, @Nullable Duration deadline) {
        Optional<ObjectNode> start = letter.startEvent();
        // Who reads events bears more in what is around one, such as a field twice, than can be written anew.
        boolean isUnreadable = isStructured(letter) && !letter.json().isObject();
        if (start.isEmpty() || isUnreadable) {
            return new Republication(letter.asRecord().value(), letter.eventHeaders(), deadline != null);
        }
        ObjectNode event = start.get();
        boolean losesTime =
                letter.envelope().filter(each -> each.time() != null).isPresent()
                        && (deadline != null || !event.hasNonNull(EXPIRES_AT));
        if (deadline == null && !losesTime) {
            return unchanged(letter);
        }
        ObjectNode changed = event.deepCopy();
        if (deadline != null) {
            changed.remove(EXPIRES_AT);
            changed.put("ttl_ms", deadline.toMillis());
        }
        return isStructured(letter)
                ? new Republication(inStructured(letter, changed), letter.eventHeaders(), false)
                : new Republication(
                        deadline == null ? letter.asRecord().value() : inFrame(letter, changed),
                        letter.eventHeaders().stream()
                                .filter(header -> !header.name().equals(TIME_HEADER))
                                .toList(),
                        false);
    }

    private static boolean isStructured(Letter letter) {
        return letter.envelope().filter(each -> each.mode() == Mode.STRUCTURED).isPresent();
    }

    /** The CloudEvent with this event in it, and without its time. */
    private static byte[] inStructured(Letter letter, ObjectNode event) {
        ObjectNode around = letter.json().deepCopy();
        around.remove(TIME);
        if (around.hasNonNull(DATA_BASE64)) {
            around.put(DATA_BASE64, Base64.getEncoder().encodeToString(Json.bytes(event)));
        } else {
            around.set(DATA, event);
        }
        return inFrame(letter, around);
    }

    /** As the value of a record, in the frame that the letter's is in, if it is in one. */
    private static byte[] inFrame(Letter letter, ObjectNode json) {
        byte[] was = letter.asRecord().value();
        byte[] bytes = Json.bytes(json);
        int frame = was == null ? 0 : RegistryFrame.length(was);
        if (was == null || frame == 0) {
            return bytes;
        }
        return ByteBuffer.allocate(frame + bytes.length)
                .put(was, 0, frame)
                .put(bytes)
                .array();
    }
}
