package dev.serai.kafka;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The key of a record, for maps with a million of them: 16 bytes of heap beside its array. Equal if the bytes are.
 * Immutable, if nobody changes the array.
 */
public final class RecordKey {
    private final byte[] bytes;

    /** @param bytes not copied, never to be changed */
    public RecordKey(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
