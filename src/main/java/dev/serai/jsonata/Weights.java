package dev.serai.jsonata;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much values hold, written out: what stands in a value twice counts twice, which is what it costs to write or compare
 * it, though in memory it is there once. Each container is walked through once. For one thread.
 */
final class Weights {
    private final IdentityHashMap<Object, Known> known = new IdentityHashMap<>();

    /** @param size that the container had: some grow while they are made */
    private record Known(int size, long weight) {}

    /** An item, a field and a character are 1 each. */
    long of(@Nullable Object value) {
        return switch (value) {
            case String text -> 1L + text.length();
            case Map<?, ?> map -> {
                Known before = known.get(map);
                if (before != null && before.size() == map.size()) {
                    yield before.weight();
                }
                long weight = 1;
                for (Map.Entry<?, ?> field : map.entrySet()) {
                    weight += of(field.getKey()) + of(field.getValue());
                }
                known.put(map, new Known(map.size(), weight));
                yield weight;
            }
            case List<?> list -> {
                Known before = known.get(list);
                if (before != null && before.size() == list.size()) {
                    yield before.weight();
                }
                long weight = 1;
                for (Object item : list) {
                    weight += of(item);
                }
                known.put(list, new Known(list.size(), weight));
                yield weight;
            }
            case null -> 1;
            default -> 1;
        };
    }
}
