package dev.serai.dialect.mapping;

import dev.serai.jsonata.JsonataExpression;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of fields and numbers of items, joined by dots, as {@code $field} takes them. Stateless. */
final class FieldPath {
    private FieldPath() {}

    /** What lies there; null if there is nothing. A field as it is written counts before one in other capitals. */
    static @Nullable Object value(@Nullable Object object, @Nullable Object path) {
        Object value = object;
        for (String name : String.valueOf(path).split("\\.", -1)) {
            value = member(value, name);
        }
        return JsonataExpression.isAbsent(value) ? null : value;
    }

    private static @Nullable Object member(@Nullable Object value, String name) {
        return switch (value) {
            case Map<?, ?> map -> {
                Object exact = map.get(name);
                yield exact != null
                        ? exact
                        : map.entrySet().stream()
                                .filter(field -> name.equalsIgnoreCase(String.valueOf(field.getKey())))
                                .<Object>map(Map.Entry::getValue)
                                .filter(found -> found != null)
                                .findFirst()
                                .orElse(null);
            }
            case List<?> list -> item(list, name);
            case null -> null;
            default -> null;
        };
    }

    private static @Nullable Object item(List<?> list, String number) {
        if (!number.matches("\\d{1,6}")) {
            return null;
        }
        int place = Integer.parseInt(number);
        return place < list.size() ? list.get(place) : null;
    }
}
