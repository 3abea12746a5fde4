package dev.serai.wire;

import java.util.List;

/**
 * The fields of an event that its format does not have, for the publisher to read in the reply.
 *
 * @param notes one short line each, by name and never by value; of very many fields the first, and how many more
 * @param count of all of them
 */
public record IgnoredFields(List<String> notes, int count) {
    /** Of an event that says nothing else, or that could not be read. */
    public static final IgnoredFields NONE = new IgnoredFields(List.of(), 0);

    public IgnoredFields {
        notes = List.copyOf(notes);
    }
}
