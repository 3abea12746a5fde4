package dev.serai.wire.event;

import dev.serai.wire.NearestNames;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names of an object's fields, and which of them another name is meant for. Immutable and thread-safe. */
final class FieldNames {
    /** What a name looks like. Where a quotation mark was lost, any value can stand in its place: that is not repeated. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_.:$@ -]{1,40}");

    private static final int TYPING_ERRORS = 2;

    /** What is shorter ends or resembles too many names. */
    private static final int SHORTEST_LIKENESS = 4;

    private final Set<String> known;
    private final Map<String, String> bySpelling;

    FieldNames(Set<String> known) {
        this.known = Set.copyOf(known);
        bySpelling = known.stream().collect(Collectors.toMap(FieldNames::spelling, name -> name));
    }

    /** Whatever a language's convention makes of a name. */
    private static String spelling(String name) {
        return name.replaceAll("[_. -]", "").toLowerCase(Locale.ROOT);
    }

    boolean isKnown(String name) {
        return known.contains(name);
    }

    /** That it is no field, and what was probably meant. */
    String noField(String unknown) {
        return shown(unknown)
                + ": is no field"
                + suggestion(unknown)
                        .map(meant -> ", did you mean " + meant + "?")
                        .orElse("");
    }

    String note(String unknown) {
        return shown(unknown)
                + suggestion(unknown)
                        .map(meant -> ": did you mean " + meant + "?")
                        .orElse("");
    }

    /** The same in another spelling, or with a typing error, or the only one that ends like it. */
    Optional<String> suggestion(String unknown) {
        if (!NAME.matcher(unknown).matches()) {
            return Optional.empty();
        }
        String spelling = spelling(unknown);
        if (bySpelling.containsKey(spelling)) {
            return Optional.of(bySpelling.get(spelling));
        }
        if (spelling.length() < SHORTEST_LIKENESS) {
            return Optional.empty();
        }
        return only(NearestNames.within(TYPING_ERRORS, spelling, bySpelling.keySet()))
                .or(() -> only(bySpelling.keySet().stream()
                        .filter(name -> name.endsWith(spelling))
                        .toList()))
                .map(bySpelling::get);
    }

    private static Optional<String> only(Collection<String> names) {
        return names.size() == 1 ? names.stream().findFirst() : Optional.empty();
    }

    /** A name, if it looks like one. */
    static String shown(String name) {
        return NAME.matcher(name).matches()
                ? name
                : "a name of " + name.codePointCount(0, name.length())
                        + (name.length() == 1 ? " character" : " characters");
    }
}
