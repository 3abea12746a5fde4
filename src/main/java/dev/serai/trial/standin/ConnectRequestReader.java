package dev.serai.trial.standin;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code POST /connect}: sections 1 and 2 of the contract say what must fit, every other field is let through
 * (section 4). What does not fit is reported as the provider does, an array of {@code {type, loc, msg, input, ctx?}}.
 * For one request, not thread-safe.
 */
final class ConnectRequestReader {

    private static final Set<String> CONNECTION_TYPES = new TreeSet<>(Set.of("audio", "video"));

    private final JsonArray problems = new JsonArray();

    /** A request that can be handled, or the {@code detail} of the 422 that refuses it. */
    sealed interface Reading {
        record Valid(ConnectRequest request) implements Reading {}

        record Invalid(JsonArray detail) implements Reading {}
    }

    /** The body's {@code character_id} if there is one, whatever else is wrong. */
    static @Nullable String characterId(String body) {
        try {
            return Json.decodeValue(body) instanceof JsonObject object
                            && object.getValue("character_id") instanceof String text
                    ? text
                    : null;
        } catch (DecodeException e) {
            return null;
        }
    }

    Reading read(@Nullable String contentType, String body) {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith(Answer.JSON)) {
            problem(
                    "content_type",
                    new JsonArray().add("header").add("content-type"),
                    "Content-Type should be " + Answer.JSON,
                    contentType);
            return new Reading.Invalid(problems);
        }
        JsonArray bodyLocation = new JsonArray().add("body");
        Object json;
        try {
            json = Json.decodeValue(body);
        } catch (DecodeException e) {
            problem("json_invalid", bodyLocation, "JSON decode error", new JsonObject());
            return new Reading.Invalid(problems);
        }
        if (!(json instanceof JsonObject object)) {
            problem("model_attributes_type", bodyLocation, "Input should be a valid dictionary or object", json);
            return new Reading.Invalid(problems);
        }
        return read(object, bodyLocation);
    }

    private Reading read(JsonObject object, JsonArray location) {
        String characterId = required(object, "character_id", location);
        if (characterId != null && characterId.isBlank()) {
            problem(
                    "string_too_short",
                    at(location, "character_id"),
                    "String should have at least 1 character",
                    characterId,
                    Map.of("min_length", 1));
        }
        String connectionType = optional(object, "connection_type", String.class, location);
        if (connectionType != null && !CONNECTION_TYPES.contains(connectionType)) {
            String expected =
                    CONNECTION_TYPES.stream().map(type -> "'" + type + "'").collect(Collectors.joining(" or "));
            problem(
                    "literal_error",
                    at(location, "connection_type"),
                    "Input should be " + expected,
                    connectionType,
                    Map.of("expected", expected));
        }
        String characterSessionId = optional(object, "character_session_id", String.class, location);
        String speakerId = optional(object, "speaker_id", String.class, location);
        String endUserId = optional(object, "end_user_id", String.class, location);
        JsonObject endUserMetadata = optional(object, "end_user_metadata", JsonObject.class, location);
        readDynamicInfo(object, location);
        readSceneDescription(object, location);
        if (characterId == null || !problems.isEmpty()) {
            return new Reading.Invalid(problems);
        }
        return new Reading.Valid(
                new ConnectRequest(characterId, characterSessionId, speakerId, endUserId, endUserMetadata));
    }

    private void readDynamicInfo(JsonObject object, JsonArray location) {
        JsonObject dynamicInfo = optional(object, "dynamic_info", JsonObject.class, location);
        if (dynamicInfo == null) {
            return;
        }
        JsonArray inside = at(location, "dynamic_info");
        optional(dynamicInfo, "static_text", String.class, inside);
        optional(dynamicInfo, "keep_in_context", Boolean.class, inside);
        if (dynamicInfo.getValue("static_text") == null) {
            required(dynamicInfo, "text", inside);
        } else {
            optional(dynamicInfo, "text", String.class, inside);
        }
    }

    private void readSceneDescription(JsonObject object, JsonArray location) {
        JsonArray scenes = optional(object, "scene_description", JsonArray.class, location);
        if (scenes == null) {
            return;
        }
        for (int i = 0; i < scenes.size(); i++) {
            JsonArray inside = at(location, "scene_description").add(i);
            if (scenes.getValue(i) instanceof JsonObject scene) {
                required(scene, "name", inside);
                required(scene, "description", inside);
            } else {
                wrongType(JsonObject.class, inside, scenes.getValue(i));
            }
        }
    }

    private @Nullable String required(JsonObject object, String field, JsonArray location) {
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
    private <T> @Nullable T optional(JsonObject object, String field, Class<T> type, JsonArray location) {
        Object value = object.getValue(field);
        if (value == null || type.isInstance(value)) {
            return type.cast(value);
        }
        wrongType(type, at(location, field), value);
        return null;
    }

    private void wrongType(Class<?> type, JsonArray location, @Nullable Object input) {
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

    private void problem(String type, JsonArray location, String message, @Nullable Object input) {
        problems.add(new JsonObject()
                .put("type", type)
                .put("loc", location)
                .put("msg", message)
                .put("input", input));
    }

    private void problem(
            String type, JsonArray location, String message, @Nullable Object input, Map<String, Object> context) {
        problem(type, location, message, input);
        problems.getJsonObject(problems.size() - 1).put("ctx", new JsonObject(context));
    }

    private static JsonArray at(JsonArray location, String field) {
        return location.copy().add(field);
    }
}
