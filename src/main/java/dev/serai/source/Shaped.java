package dev.serai.source;

import java.util.List;

/**
 * A value that was brought into shape, and what had to be left out for it.
 *
 * @param value immutable
 * @param notes one short line for each kind of thing that was left out, without what a source said; empty if nothing was
 */
public record Shaped<T>(T value, List<String> notes) {

    public Shaped {
        notes = List.copyOf(notes);
    }

    /** The notes only: the value may be personal data. */
    @Override
    public String toString() {
        return "Shaped" + notes;
    }
}
