package dev.serai.table;

import java.util.Set;

/**
 * What a CSV file must have to be of use. Immutable.
 *
 * @param key the column with the reference
 * @param needed the columns that answers are made of, without which every look-up would fail or find nothing
 */
public record Columns(String key, Set<String> needed) {
    public Columns {
        needed = Set.copyOf(needed);
    }
}
