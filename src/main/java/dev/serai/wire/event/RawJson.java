package dev.serai.wire.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.serai.wire.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record's value that is any JSON, of any system: what a mapping makes events of. The frame that serializers of schema
 * registries put before JSON is taken off. Stateless.
 */
public final class RawJson {
    private static final int SCHEMA_ID_BYTES = Integer.BYTES;

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
        int begin = frameLength(value);
        try {
            // Strict, and not left to Jackson, which would guess UTF-16 or UTF-32 from the first bytes.
            String json = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value, begin, value.length - begin))
                    .toString();
            String text = json.startsWith(EventJson.BYTE_ORDER_MARK) ? json.substring(1) : json;
            if (text.isBlank()) {
                throw new UnreadableException("is blank, must be JSON");
            }
            return Json.MAPPER.readValue(text, Object.class);
        } catch (CharacterCodingException e) {
            throw new UnreadableException("is not UTF-8, must be JSON");
        } catch (JsonProcessingException e) {
            throw new UnreadableException("is not valid JSON: " + EventJson.complaint(e));
        }
    }

    /** A zero byte, which no JSON begins with, and the schema's id. */
    private static int frameLength(byte[] value) throws UnreadableException {
        if (value[0] != 0) {
            return 0;
        }
        int begin = 1 + SCHEMA_ID_BYTES;
        if (value.length > begin && isJson(value[begin])) {
            return begin;
        }
        // Older ones of Apicurio have ids of eight bytes, of which the upper half is zero.
        int beginBehindLong = 1 + Long.BYTES;
        if (value.length > beginBehindLong
                && ByteBuffer.wrap(value, 1, SCHEMA_ID_BYTES).getInt() == 0
                && isJson(value[beginBehindLong])) {
            return beginBehindLong;
        }
        throw new UnreadableException(
                "is in schema-registry wire format, not JSON: Avro and Protobuf are not read, publish JSON");
    }

    private static boolean isJson(byte first) {
        return switch (first) {
            case '{', '[', ' ', '\t', '\r', '\n' -> true;
            default -> false;
        };
    }
}
