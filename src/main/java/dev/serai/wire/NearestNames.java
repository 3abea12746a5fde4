package dev.serai.wire;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Which of the known names a misspelt one may be meant for, in edits: a letter more, less or changed. Stateless. */
public final class NearestNames {
    private static final int MOST_EDITS = 4;

    private NearestNames() {}

    /** The one with the fewest edits, of several the first by the alphabet; of a short name, no more than a third is edited. */
    public static Optional<String> nearest(String unknown, Collection<String> known) {
        // Or else anything is like anything.
        return within(Math.clamp(unknown.length() / 3, 1, MOST_EDITS), unknown, known).stream()
                .findFirst();
    }

    /** All that are so many edits away or fewer: those with the fewest first, then by the alphabet. */
    public static List<String> within(int edits, String unknown, Collection<String> known) {
        record Near(String name, int edits) {}
        var distance = new LevenshteinDistance(edits);
        return known.stream()
                .map(name -> new Near(name, distance.apply(unknown, name)))
                .filter(near -> near.edits >= 0)
                .sorted(Comparator.comparingInt(Near::edits).thenComparing(Near::name))
                .map(Near::name)
                .toList();
    }
}
