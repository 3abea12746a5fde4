package dev.serai.settings;

import dev.serai.wire.NearestNames;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Guesses which of the known names was meant. */
public final class Suggestions {
    private Suggestions() {}

    /**
     * The nearest name that is a few edits away, or else the only one with the same last part, so that
     * {@code serai.start-topic} finds {@code serai.kafka.start-topic}.
     */
    public static Optional<String> nearest(String unknown, Collection<String> names) {
        return NearestNames.nearest(unknown, names).or(() -> onlyOneWithTheSameEnd(unknown, names));
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
