package dev.serai.source;

import java.util.List;

/**
 * What a source has for a dynamic text. Immutable.
 *
 * @param text not longer than a whole dynamic text may be; empty, never blank, if there is nothing to say
 * @param leftOut how many more characters there were
 * @param notes on what else was left out, as in {@link Shaped}
 */
public record FoundText(String text, int leftOut, List<String> notes) {

    public FoundText {
        notes = List.copyOf(notes);
    }

    /** The length only: the text may be personal data. */
    @Override
    public String toString() {
        return "FoundText[" + text.length() + " characters, " + leftOut + " left out, " + notes + "]";
    }
}
