package dev.serai.wire.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.serai.wire.Characters;
import dev.serai.wire.Json;
import dev.serai.wire.RegistryFrame;
import org.jspecify.annotations.Nullable;

/**
 * A record's value that is any JSON, of any system: what a mapping makes events of. The frame that serializers of schema
 * registries put before JSON is taken off. Stateless.
 */
public final class RawJson {
    private RawJson() {}

    /** The value cannot be read. The message says why, and quotes nothing of it. */
    public static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * Reads a value.
     *
     * @param maxBytes that are read
     * @return maps, lists, texts, numbers and truth values; null for JSON's null
     */
    public static @Nullable Object read(byte[] value, int maxBytes) throws UnreadableException {
        if (value.length == 0) {
            throw new UnreadableException("is empty, must be JSON");
        }
        if (value.length > maxBytes) {
            throw new UnreadableException("has " + value.length + " bytes, must have at most " + maxBytes);
        }
        byte[] json = RegistryFrame.takenOff(value);
        if (json[0] == 0) {
            throw new UnreadableException(
                    "is in schema-registry wire format, not JSON: Avro and Protobuf are not read, publish JSON");
        }
        try {
            // Strict, and not left to Jackson, which would guess UTF-16 or UTF-32 from the first bytes.
            String text = Characters.ofUtf8(json)
                    .map(Characters::withoutMark)
                    .orElseThrow(() -> new UnreadableException("is not UTF-8, must be JSON"));
            if (text.isBlank()) {
                throw new UnreadableException("is blank, must be JSON");
            }
            return Json.MAPPER.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw new UnreadableException("is not valid JSON: " + EventJson.complaint(e));
        }
    }
}
