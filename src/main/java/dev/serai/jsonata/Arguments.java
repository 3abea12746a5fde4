package dev.serai.jsonata;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one of the library's functions is called with. A {@link ClassCastException} where it is of another kind. */
record Arguments(List<?> all) {
    /** Null for nothing, and for JSON's null. */
    @Nullable
    Object value(int index) {
        Object value = index < all.size() ? all.get(index) : null;
        return JsonataExpression.isAbsent(value) ? null : value;
    }

    @Nullable
    String text(int index) {
        return (String) value(index);
    }

    @Nullable
    Number number(int index) {
        return (Number) value(index);
    }
}
