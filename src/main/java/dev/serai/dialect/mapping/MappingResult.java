package dev.serai.dialect.mapping;

import java.util.List;

/** What became of a record. It is all or nothing: no event of a record that is rejected is made. Immutable. */
public sealed interface MappingResult {
    /**
     * The record was understood.
     *
     * @param events in the mapping's order; may be empty
     * @param ignored why something was ignored, once for each thing, to be counted by: short labels such as {@code chat}
     */
    record Mapped(List<MappedEvent> events, List<String> ignored) implements MappingResult {
        public Mapped {
            events = List.copyOf(events);
            ignored = List.copyOf(ignored);
        }
    }

    /**
     * The record is a dead letter.
     *
     * @param reason where in the record, in the event that was made of it, or in the mapping, and what is wrong there; quotes
     *     no value
     */
    record Rejected(String reason) implements MappingResult {}
}
