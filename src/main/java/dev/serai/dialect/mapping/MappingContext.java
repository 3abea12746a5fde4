package dev.serai.dialect.mapping;

import org.jspecify.annotations.Nullable;

/**
 * What a mapping may use beside the record. Immutable; what it refers to is thread-safe.
 *
 * @param rows what {@code $row} looks a key up in; {@link LookUp#none()} without a table
 * @param digest what {@code $digest} does; null without a key file
 * @param country the country of numbers without a prefix, in two letters (ISO 3166-1), such as {@code DE}; null if they are
 *     left as they are
 */
public record MappingContext(
        LookUp rows,
        @Nullable NumberDigest digest,
        @Nullable String country,
        MappingDefaults defaults) {}
