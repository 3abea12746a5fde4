package dev.serai.dialect.mapping;

import dev.serai.wire.OriginalRecord;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes start events and end events of what another system publishes, by a mapping file: one JSONata expression, as
 * {@code src/docs/mappings.md} describes. What a record becomes depends on the record, the file and the context only, never on
 * the clock, the load or other records: a record that is delivered again becomes the same. Immutable and thread-safe.
 */
public final class Mapping {
    private Mapping() {}

    /**
     * Reads a mapping file and checks what can be checked without a record.
     *
     * @param file UTF-8, at most 256 KiB
     * @throws InvalidMappingException if it cannot be used; the message names the file, line and column, and what is wrong
     */
    public static Mapping load(Path file, MappingContext context) throws InvalidMappingException {
        throw new InvalidMappingException(file, "cannot be read yet");
    }

    /** Maps one record. Total: it never throws, ends after a bounded number of steps, and makes a bounded amount. */
    public MappingResult map(OriginalRecord raw) {
        return new MappingResult.Mapped(List.of(), List.of());
    }
}
