package dev.serai.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The frame that serializers of schema registries put before a value: a zero byte and the schema's id, of four bytes or, by
 * Apicurio's before its version 3, of eight. JSON behind it is an event like any other. Avro and Protobuf, whose bytes need
 * their schema to be read, are told by their names. No JSON text begins with a zero byte, so nothing is guessed here.
 */
public final class RegistryFrame {
    /** The zero byte and an id. */
    private static final int SHORT = 1 + Integer.BYTES;

    private static final int LONG = 1 + Long.BYTES;

    /** What headers begin with that have the id in place of the value; Confluent's since 8.0, and Apicurio's. */
    private static final List<String> HEADERS = List.of("__value_schema_id", "apicurio.value.");

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private RegistryFrame() {}

    /** How many bytes to take off a value: 0 where it has no frame, or no JSON object or array behind one. */
    public static int length(byte[] value) {
        if (!isMagic(value)) {
            return 0;
        }
        // Ids begin with 1: four zeros are the upper half of eight bytes.
        if (isJsonAt(LONG, value) && schemaId(value) == 0) {
            return LONG;
        }
        return isJsonAt(SHORT, value) ? SHORT : 0;
    }

    /** The value without its frame; itself where it has none. */
    public static byte[] takenOff(byte[] value) {
        int length = length(value);
        return length == 0 ? value : Arrays.copyOfRange(value, length, value.length);
    }

    /** What a value is called that has a frame and no JSON object or array behind it. */
    public static Optional<String> foreign(byte[] value) {
        return isMagic(value) && value.length >= SHORT && !isUtf16(value) && length(value) == 0
                ? Optional.of(
                        "the event is in schema-registry wire format, not JSON: behind its zero byte and the schema's"
                                + " id (" + schemaId(value)
                                + ") is no JSON, as with Avro and Protobuf, which are not read."
                                + " Publish JSON, with a registry's JSON serializer or without")
                : Optional.empty();
    }

    /** What to add where a value is no JSON, and by a header its schema is in a registry; else nothing. */
    public static String hint(OriginalRecord original) {
        return original.headers().stream()
                .map(RecordHeader::name)
                .flatMap(name -> HEADERS.stream().filter(name::startsWith))
                .findFirst()
                .map(name -> "; by its header " + name + " it is in schema-registry wire format, not JSON: Avro and"
                        + " Protobuf are not read")
                .orElse("");
    }

    private static boolean isMagic(byte[] value) {
        return value.length > 0 && value[0] == 0;
    }

    private static long schemaId(byte[] value) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(value, 1, Integer.BYTES).getInt());
    }

    /** JSON's first character in UTF-16, which is not read either, and is no id that a registry comes to. */
    private static boolean isUtf16(byte[] value) {
        return value[1] == '{' && value[2] == 0;
    }

    private static boolean isJsonAt(int begin, byte[] value) {
        int position = begin;
        if (startsWithMark(position, value)) {
            position += BYTE_ORDER_MARK.length;
        }
        while (position < value.length && isBlank(value[position])) {
            position++;
        }
        return position < value.length && (value[position] == '{' || value[position] == '[');
    }

    private static boolean startsWithMark(int begin, byte[] value) {
        for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
            if (begin + i >= value.length || value[begin + i] != BYTE_ORDER_MARK[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t' || character == '\n' || character == '\r';
    }
}
