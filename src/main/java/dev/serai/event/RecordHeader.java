package dev.serai.event;

import org.jspecify.annotations.Nullable;

/**
 * One header of a Kafka record. Names can repeat within a record, and values are opaque bytes.
 *
 * @param value the bytes as they are in the record; not copied, never to be changed; null where Kafka's value is null
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, passed on as they came and never compared
public record RecordHeader(String name, byte @Nullable [] value) {}
