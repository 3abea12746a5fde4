package dev.serai.trial.standin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes fields out of a request's JSON and keeps what does not fit, as the provider reports it: an array of {@code {type,
 * loc, msg, input, ctx?}}. For one request, not thread-safe.
 */
final class RequestFields {

    private final JsonArray problems = new JsonArray();

    /** What did not fit so far, in the order in which it was found. */
    JsonArray problems() {
        return problems;
    }

    @Nullable
    String literal(JsonObject object, String field, Set<String> known, JsonArray location) {
        String value = optional(object, field, String.class, location);
        if (value != null && !known.contains(value)) {
            String expected = known.stream().map(each -> "'" + each + "'").collect(Collectors.joining(" or "));
            problem(
                    "literal_error",
                    at(location, field),
                    "Input should be " + expected,
                    value,
                    Map.of("expected", expected));
        }
        return value;
    }

    @Nullable
    String required(JsonObject object, String field, JsonArray location) {
        if (!object.containsKey(field)) {
            problem("missing", at(location, field), "Field required", object);
            return null;
        }
        if (object.getValue(field) instanceof String text) {
            return text;
        }
        wrongType(String.class, at(location, field), object.getValue(field));
        return null;
    }

    /** Null if the field is absent, JSON null, or of another type, which is then reported. */
    <T> @Nullable T optional(JsonObject object, String field, Class<T> type, JsonArray location) {
        Object value = object.getValue(field);
        if (value == null || type.isInstance(value)) {
            return type.cast(value);
        }
        wrongType(type, at(location, field), value);
        return null;
    }

    void wrongType(Class<?> type, JsonArray location, @Nullable Object input) {
        if (type == String.class) {
            problem("string_type", location, "Input should be a valid string", input);
        } else if (type == JsonArray.class) {
            problem("list_type", location, "Input should be a valid list", input);
        } else if (type == Boolean.class) {
            problem("bool_type", location, "Input should be a valid boolean", input);
        } else {
            problem("dict_type", location, "Input should be a valid dictionary", input);
        }
    }

    void problem(String type, JsonArray location, String message, @Nullable Object input) {
        problems.add(new JsonObject()
                .put("type", type)
                .put("loc", location)
                .put("msg", message)
                .put("input", input));
    }

    void problem(String type, JsonArray location, String message, @Nullable Object input, Map<String, Object> context) {
        problem(type, location, message, input);
        problems.getJsonObject(problems.size() - 1).put("ctx", new JsonObject(context));
    }

    static JsonArray at(JsonArray location, String field) {
        return location.copy().add(field);
    }
}
