package dev.serai.trial.standin;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code POST /connect}: sections 1, 2 and 4 of the contract say what must fit, every other field is let through. What does not fit is reported as the provider does, an array of {@code {type, loc, msg, input, ctx?}}.
 * For one request, not thread-safe.
 */
final class ConnectRequestReader {

    private static final Set<String> CONNECTION_TYPES = new TreeSet<>(Set.of("audio", "video"));
    private static final Set<String> TRANSPORTS = new TreeSet<>(Set.of("livekit", "websocket"));
    private static final Set<String> MODES = new TreeSet<>(Set.of("create", "join"));
    private static final Pattern SHARED_KEY = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
    private static final int MAX_CHARACTERS = 50;

    private final JsonArray problems = new JsonArray();

    /** A request that can be handled, or the {@code detail} of the 422 that refuses it. */
    sealed interface Reading {
        record Valid(ConnectRequest request) implements Reading {}

        record Invalid(JsonArray detail) implements Reading {}
    }

    /** The body's {@code character_id} if there is one, or that of its first character, whatever else is wrong. */
    static @Nullable String characterId(String body) {
        try {
            if (!(Json.decodeValue(body) instanceof JsonObject object)) {
                return null;
            }
            JsonObject holder = object.getValue("characters") instanceof JsonArray several
                            && !several.isEmpty()
                            && several.getValue(0) instanceof JsonObject first
                    ? first
                    : object;
            return holder.getValue("character_id") instanceof String text ? text : null;
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
        boolean several = object.getValue("characters") != null;
        List<ConnectRequest.Character> characters =
                several ? severalCharacters(object, location) : one(object, location);
        String connectionType = literal(object, "connection_type", CONNECTION_TYPES, location);
        String transport = literal(object, "transport", TRANSPORTS, location);
        String speakerId = optional(object, "speaker_id", String.class, location);
        String endUserId = optional(object, "end_user_id", String.class, location);
        JsonObject endUserMetadata = optional(object, "end_user_metadata", JsonObject.class, location);
        if (endUserMetadata != null) {
            optional(endUserMetadata, "name", String.class, at(location, "end_user_metadata"));
        }
        String sharedSessionKey = sharedSessionKey(object, location);
        boolean join = "join".equals(literal(object, "mode", MODES, location));
        if (join && object.getValue("shared_session_key") == null) {
            problem("missing", at(location, "shared_session_key"), "Field required", object);
        }
        Boolean spawnAgent = optional(object, "spawn_agent", Boolean.class, location);
        String roomName = optional(object, "room_name", String.class, location);
        readDynamicInfo(object, location);
        readSceneDescription(object, location);
        if (!problems.isEmpty()) {
            return new Reading.Invalid(problems);
        }
        SessionWanted wanted = new SessionWanted(
                characters.stream().map(ConnectRequest.Character::id).toList(),
                connectionType,
                sharedSessionKey,
                join,
                !Boolean.FALSE.equals(spawnAgent),
                roomName,
                speakerId,
                endUserId);
        return new Reading.Valid(new ConnectRequest(
                characters, several, wanted, speakerId, endUserId, endUserMetadata, "websocket".equals(transport)));
    }

    private List<ConnectRequest.Character> severalCharacters(JsonObject object, JsonArray location) {
        JsonArray array = optional(object, "characters", JsonArray.class, location);
        if (array == null) {
            return List.of();
        }
        JsonArray place = at(location, "characters");
        if (array.isEmpty()) {
            problem("too_short", place, "List should have at least 1 item", array, Map.of("min_length", 1));
        } else if (array.size() > MAX_CHARACTERS) {
            String message = "List should have at most " + MAX_CHARACTERS + " items";
            problem("too_long", place, message, array.size(), Map.of("max_length", MAX_CHARACTERS));
        }
        List<ConnectRequest.Character> characters = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonArray inside = place.copy().add(i);
            if (array.getValue(i) instanceof JsonObject character) {
                characters.addAll(one(character, inside));
            } else {
                wrongType(JsonObject.class, inside, array.getValue(i));
            }
        }
        return characters;
    }

    /** Empty if there is no usable id, which is then reported. */
    private List<ConnectRequest.Character> one(JsonObject object, JsonArray location) {
        String id = required(object, "character_id", location);
        if (id != null && id.isBlank()) {
            problem(
                    "string_too_short",
                    at(location, "character_id"),
                    "String should have at least 1 character",
                    id,
                    Map.of("min_length", 1));
        }
        String sessionId = optional(object, "character_session_id", String.class, location);
        return id == null ? List.of() : List.of(new ConnectRequest.Character(id, sessionId));
    }

    private @Nullable String literal(JsonObject object, String field, Set<String> known, JsonArray location) {
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

    private @Nullable String sharedSessionKey(JsonObject object, JsonArray location) {
        String key = optional(object, "shared_session_key", String.class, location);
        if (key != null && !SHARED_KEY.matcher(key).matches()) {
            problem(
                    "string_pattern_mismatch",
                    at(location, "shared_session_key"),
                    "String should match pattern '^" + SHARED_KEY + "$'",
                    key,
                    Map.of("pattern", "^" + SHARED_KEY + "$"));
        }
        return key;
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
