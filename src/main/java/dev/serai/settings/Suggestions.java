package dev.serai.settings;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses which of the known names was meant. */
public final class Suggestions {
    private static final int MOST_EDITS = 4;

    private Suggestions() {}

    /**
     * The nearest name that is a few edits away, or else the only one with the same last part, so that
     * {@code serai.start-topic} finds {@code serai.kafka.start-topic}.
     */
    public static Optional<String> nearest(String unknown, Collection<String> names) {
        // Of a short name no more than a third: or else anything is like anything.
        var distance = new LevenshteinDistance(Math.clamp(unknown.length() / 3, 1, MOST_EDITS));
        String best = null;
        int fewest = Integer.MAX_VALUE;
        for (String name : names) {
            int edits = distance.apply(unknown, name);
            if (edits >= 0 && edits < fewest) {
                best = name;
                fewest = edits;
            }
        }
        return best != null ? Optional.of(best) : onlyOneWithTheSameEnd(unknown, names);
    }

    private static Optional<String> onlyOneWithTheSameEnd(String unknown, Collection<String> names) {
        int dot = unknown.lastIndexOf('.');
        String end = unknown.substring(dot + 1);
        List<String> same = names.stream()
                .filter(name -> dot >= 0 && name.endsWith("." + end))
                .toList();
        return same.size() == 1 ? Optional.of(same.getFirst()) : Optional.empty();
    }
}
