package dev.serai.trial.standin;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that an admin sent, read strictly: whatever is not as asked for is {@link BadAdminInput}. For one request,
 * not thread-safe.
 */
final class AdminInput {

    /** A day: what a test waits for is shorter, and a slip of units is caught. */
    private static final int MAX_MILLIS = 86_400_000;

    private final String name;
    private final JsonObject object;

    private AdminInput(String name, JsonObject object) {
        this.name = name;
        this.object = object;
    }

    /** @param name stands for the object in messages */
    static AdminInput parse(String name, String body) {
        Object json;
        try {
            json = Json.decodeValue(body);
        } catch (DecodeException e) {
            throw new BadAdminInput(name + " should be a JSON object, was no JSON");
        }
        if (json instanceof JsonObject object) {
            return new AdminInput(name, object);
        }
        throw new BadAdminInput(name + " should be a JSON object, was " + show(json));
    }

    /** This, if it has no other fields. */
    AdminInput only(String... fields) {
        Set<String> unknown = new TreeSet<>(object.fieldNames());
        unknown.removeAll(List.of(fields));
        if (!unknown.isEmpty()) {
            String expected = fields.length == 0 ? "no fields" : "only " + String.join(", ", fields);
            throw new BadAdminInput(name + " should have " + expected + ", had " + String.join(", ", unknown));
        }
        return this;
    }

    /** True also if it is JSON null. */
    boolean names(String field) {
        return object.containsKey(field);
    }

    boolean has(String field) {
        return object.getValue(field) != null;
    }

    AdminInput object(String field) {
        if (object.getValue(field) instanceof JsonObject inner) {
            return new AdminInput(name + "." + field, inner);
        }
        throw wrong(field, "an object");
    }

    /** Null if the field is absent. */
    @Nullable
    String text(String field) {
        Object value = object.getValue(field);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrong(field, "text");
    }

    /** Of a field that is mostly a whole number, and may be a text to try something else; null if it is absent. */
    @Nullable
    String textOrNumber(String field) {
        Object value = object.getValue(field);
        if (value instanceof Integer || value instanceof Long) {
            return value.toString();
        }
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrong(field, "a whole number or text");
    }

    List<String> texts(String field) {
        if (object.getValue(field) instanceof JsonArray array
                && !array.isEmpty()
                && array.stream().allMatch(String.class::isInstance)) {
            return array.stream().map(String.class::cast).toList();
        }
        throw wrong(field, "an array of at least one text");
    }

    int number(String field, int min, int max) {
        if (object.getValue(field) instanceof Integer number && number >= min && number <= max) {
            return number;
        }
        throw wrong(field, "a whole number from " + min + " to " + max);
    }

    /** The constant whose text this is. */
    <E extends Enum<E>> E choice(String field, Class<E> type) {
        List<E> all = List.of(type.getEnumConstants());
        for (E each : all) {
            if (each.toString().equals(object.getValue(field))) {
                return each;
            }
        }
        throw wrong(field, "one of " + all.stream().map(E::toString).collect(Collectors.joining(", ")));
    }

    Duration millis(String field) {
        return Duration.ofMillis(number(field, 0, MAX_MILLIS));
    }

    Duration positiveMillis(String field) {
        return Duration.ofMillis(number(field, 1, MAX_MILLIS));
    }

    BadAdminInput wrong(String field, String expected) {
        Object value = object.getValue(field);
        return new BadAdminInput(name + "." + field + " should be " + expected + ", was " + show(value));
    }

    private static String show(@Nullable Object value) {
        return value == null ? "absent" : Json.encode(value);
    }
}
