package dev.serai.wire;

import org.jspecify.annotations.Nullable;

/**
 * One header of a Kafka record. Names can repeat within a record, and values are opaque bytes.
 *
 * @param value the bytes as they are in the record; not copied, never to be changed; null where Kafka's value is null
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, passed on as they came and never compared
public record RecordHeader(String name, byte @Nullable [] value) {
    /** Of an event that an intake has made: its raw record, {@code topic-partition-offset}. */
    public static final String MAPPED_FROM = "serai-mapped-from";

    /** What the names of headers begin with that this service adds; it takes those of others away. */
    private static final String OF_SERVICE = "serai-";

    /** Whether it is one that only this service may set, however its name is written. */
    public boolean isOfService() {
        return name.regionMatches(true, 0, OF_SERVICE, 0, OF_SERVICE.length());
    }
}
