package dev.serai.testing;

import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Start events as the start topic delivers them, for routes behind it; each has an offset of its own. */
public final class Incoming {
    /** Where they say that they came from. */
    public static final String TOPIC = "elsewhere";

    /** One that the start topic has, too: their sessions are remembered there. */
    public static final int PARTITION = 3;

    private static final AtomicLong OFFSETS = new AtomicLong(1_000);

    private Incoming() {}

    /** An event of now, its JSON with single quotes for double ones. */
    public static OriginalRecord event(@Nullable String key, String json, RecordHeader... headers) {
        return bytes(key == null ? null : utf8(key), utf8(json(json)), headers);
    }

    /** Any record of now. */
    public static OriginalRecord bytes(byte @Nullable [] key, byte @Nullable [] value, RecordHeader... headers) {
        return at(Instant.now().truncatedTo(ChronoUnit.MILLIS), key, value, headers);
    }

    /** Any record. */
    public static OriginalRecord at(
            Instant timestamp, byte @Nullable [] key, byte @Nullable [] value, RecordHeader... headers) {
        return new OriginalRecord(TOPIC, PARTITION, OFFSETS.incrementAndGet(), timestamp, key, value, List.of(headers));
    }

    public static RecordHeader header(String name, String value) {
        return new RecordHeader(name, utf8(value));
    }

    /** JSON that is written with single quotes. */
    public static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
