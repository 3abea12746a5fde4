package dev.serai.dialect.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Finds the row for a dialled number or a queue. Thread-safe; does not wait. */
@FunctionalInterface
public interface LookUp {
    /** The key of the row for all keys that have none. */
    String OTHERWISE = "*";

    /**
     * The row for a key.
     *
     * @param key as it is in the record
     * @return the key's own row, never to be changed; null if there is none
     */
    @Nullable
    ObjectNode row(String key);

    /** Finds nothing. */
    static LookUp none() {
        return key -> null;
    }
}
