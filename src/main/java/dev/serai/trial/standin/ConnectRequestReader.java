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
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code POST /connect}: sections 1, 2 and 4 of the contract say what must fit, every other field is let through.
 * For one request, not thread-safe.
 */
final class ConnectRequestReader {

    private static final Set<String> CONNECTION_TYPES = new TreeSet<>(Set.of("audio", "video"));
    private static final Set<String> TRANSPORTS = new TreeSet<>(Set.of("livekit", "websocket"));
    private static final Set<String> MODES = new TreeSet<>(Set.of("create", "join"));
    private static final Pattern SHARED_KEY = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
    private static final int MAX_CHARACTERS = 50;

    private final RequestFields fields = new RequestFields();

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
            fields.problem(
                    "content_type",
                    new JsonArray().add("header").add("content-type"),
                    "Content-Type should be " + Answer.JSON,
                    contentType);
            return new Reading.Invalid(fields.problems());
        }
        JsonArray bodyLocation = new JsonArray().add("body");
        Object json;
        try {
            json = Json.decodeValue(body);
        } catch (DecodeException e) {
            fields.problem("json_invalid", bodyLocation, "JSON decode error", new JsonObject());
            return new Reading.Invalid(fields.problems());
        }
        if (!(json instanceof JsonObject object)) {
            fields.problem("model_attributes_type", bodyLocation, "Input should be a valid dictionary or object", json);
            return new Reading.Invalid(fields.problems());
        }
        return read(object, bodyLocation);
    }

    private Reading read(JsonObject object, JsonArray location) {
        boolean several = object.getValue("characters") != null;
        List<ConnectRequest.Wanted> characters = several ? severalCharacters(object, location) : one(object, location);
        String connectionType = fields.literal(object, "connection_type", CONNECTION_TYPES, location);
        String transport = fields.literal(object, "transport", TRANSPORTS, location);
        String speakerId = fields.optional(object, "speaker_id", String.class, location);
        String endUserId = fields.optional(object, "end_user_id", String.class, location);
        JsonObject endUserMetadata = fields.optional(object, "end_user_metadata", JsonObject.class, location);
        if (endUserMetadata != null) {
            fields.optional(endUserMetadata, "name", String.class, RequestFields.at(location, "end_user_metadata"));
        }
        String sharedSessionKey = sharedSessionKey(object, location);
        boolean join = "join".equals(fields.literal(object, "mode", MODES, location));
        if (join && object.getValue("shared_session_key") == null) {
            fields.problem("missing", RequestFields.at(location, "shared_session_key"), "Field required", object);
        }
        Boolean spawnAgent = fields.optional(object, "spawn_agent", Boolean.class, location);
        String roomName = fields.optional(object, "room_name", String.class, location);
        readDynamicInfo(object, location);
        readSceneDescription(object, location);
        if (!fields.problems().isEmpty()) {
            return new Reading.Invalid(fields.problems());
        }
        RoomWanted wanted = new RoomWanted(
                characters.stream().map(ConnectRequest.Wanted::id).toList(),
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

    private List<ConnectRequest.Wanted> severalCharacters(JsonObject object, JsonArray location) {
        JsonArray array = fields.optional(object, "characters", JsonArray.class, location);
        if (array == null) {
            return List.of();
        }
        JsonArray place = RequestFields.at(location, "characters");
        if (array.isEmpty()) {
            fields.problem("too_short", place, "List should have at least 1 item", array, Map.of("min_length", 1));
        } else if (array.size() > MAX_CHARACTERS) {
            String message = "List should have at most " + MAX_CHARACTERS + " items";
            fields.problem("too_long", place, message, array.size(), Map.of("max_length", MAX_CHARACTERS));
        }
        List<ConnectRequest.Wanted> characters = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonArray inside = place.copy().add(i);
            if (array.getValue(i) instanceof JsonObject character) {
                characters.addAll(one(character, inside));
            } else {
                fields.wrongType(JsonObject.class, inside, array.getValue(i));
            }
        }
        return characters;
    }

    /** Empty if there is no usable id, which is then reported. */
    private List<ConnectRequest.Wanted> one(JsonObject object, JsonArray location) {
        String id = fields.required(object, "character_id", location);
        if (id != null && id.isBlank()) {
            fields.problem(
                    "string_too_short",
                    RequestFields.at(location, "character_id"),
                    "String should have at least 1 character",
                    id,
                    Map.of("min_length", 1));
        }
        String sessionId = fields.optional(object, "character_session_id", String.class, location);
        return id == null ? List.of() : List.of(new ConnectRequest.Wanted(id, sessionId));
    }

    private @Nullable String sharedSessionKey(JsonObject object, JsonArray location) {
        String key = fields.optional(object, "shared_session_key", String.class, location);
        if (key != null && !SHARED_KEY.matcher(key).matches()) {
            fields.problem(
                    "string_pattern_mismatch",
                    RequestFields.at(location, "shared_session_key"),
                    "String should match pattern '^" + SHARED_KEY + "$'",
                    key,
                    Map.of("pattern", "^" + SHARED_KEY + "$"));
        }
        return key;
    }

    private void readDynamicInfo(JsonObject object, JsonArray location) {
        JsonObject dynamicInfo = fields.optional(object, "dynamic_info", JsonObject.class, location);
        if (dynamicInfo == null) {
            return;
        }
        JsonArray inside = RequestFields.at(location, "dynamic_info");
        fields.optional(dynamicInfo, "static_text", String.class, inside);
        fields.optional(dynamicInfo, "keep_in_context", Boolean.class, inside);
        if (dynamicInfo.getValue("static_text") == null) {
            fields.required(dynamicInfo, "text", inside);
        } else {
            fields.optional(dynamicInfo, "text", String.class, inside);
        }
    }

    private void readSceneDescription(JsonObject object, JsonArray location) {
        JsonArray scenes = fields.optional(object, "scene_description", JsonArray.class, location);
        if (scenes == null) {
            return;
        }
        for (int i = 0; i < scenes.size(); i++) {
            JsonArray inside = RequestFields.at(location, "scene_description").add(i);
            if (scenes.getValue(i) instanceof JsonObject scene) {
                fields.required(scene, "name", inside);
                fields.required(scene, "description", inside);
            } else {
                fields.wrongType(JsonObject.class, inside, scenes.getValue(i));
            }
        }
    }
}
