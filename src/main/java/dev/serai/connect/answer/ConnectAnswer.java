package dev.serai.connect.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ValueRange;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A successful answer of {@code POST /connect} with at least the fields of the contract's section 1. Holds secrets: it
 * goes into a reply and nowhere else.
 */
public final class ConnectAnswer {
    private static final Pattern ROOM_URL = Pattern.compile("(?i)(wss?|https?)://.+");
    private static final ValueRange FOUR_DIGIT_YEARS = ValueRange.of(
            Instant.parse("0000-01-01T00:00:00Z").getEpochSecond(),
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond());

    private static final String ROOM_URL_FIELD = RoomSecrets.ROOM_URL_FIELD;

    private final ObjectNode fields;

    private ConnectAnswer(ObjectNode fields) {
        this.fields = fields;
    }

    /**
     * Accepts an answer.
     *
     * @throws UnusableAnswerException if a required field is missing or not of its type; the message names the fields
     *     and none of their values
     */
    public static ConnectAnswer of(ObjectNode fields) throws UnusableAnswerException {
        RoomSecrets.know(fields);
        List<String> problems = new ArrayList<>();
        requireText(fields, SessionId.FIELD, false, problems);
        requireText(fields, "character_session_id", false, problems);
        requireText(fields, ROOM_URL_FIELD, false, problems);
        // Empty for transports other than LiveKit, where a room may have no name either (contract, section 2).
        if (!isWithoutRoomName(fields)) {
            requireText(fields, "room_name", true, problems);
        }
        requireText(fields, "token", true, problems);
        JsonNode speaker = fields.get("speaker_id");
        if (speaker != null && !speaker.isNull() && !speaker.isTextual()) {
            problems.add("speaker_id is neither text nor null");
        }
        if (problems.isEmpty()
                && !ROOM_URL.matcher(fields.get(ROOM_URL_FIELD).textValue()).matches()) {
            problems.add("room_url is no ws, wss, http or https URL");
        }
        if (!problems.isEmpty()) {
            throw new UnusableAnswerException(String.join(", ", problems));
        }
        if (speaker == null) {
            fields.putNull("speaker_id");
        }
        return new ConnectAnswer(fields);
    }

    private static boolean isWithoutRoomName(ObjectNode fields) {
        JsonNode name = fields.get("room_name");
        return name != null && name.isNull() && fields.path("token").asText("-").isEmpty();
    }

    private static void requireText(ObjectNode fields, String name, boolean mayBeEmpty, List<String> problems) {
        JsonNode value = fields.get(name);
        if (value == null || !value.isTextual()) {
            problems.add(name + " is missing or not text");
        } else if (!mayBeEmpty && value.textValue().isBlank()) {
            problems.add(name + " is empty");
        }
    }

    /** All fields, as the provider sent them: an object of the caller's, with values that are not to be changed. */
    public ObjectNode fields() {
        return Json.MAPPER.createObjectNode().setAll(fields);
    }

    /** The same without the {@code session_id} of the room, of its characters, and of whatever else has one. */
    public ObjectNode fieldsWithoutSessionIds() {
        return RoomSecrets.withoutSessionIds(fields);
    }

    /** The live sessions that the room consists of: one, or one for each of its characters as well. */
    public List<SessionId> sessionIds() {
        return SessionId.in(fields);
    }

    /** What continues this conversation next time. */
    public String characterSessionId() {
        return fields.get("character_session_id").textValue();
    }

    /**
     * Until when the token lets a client join: the {@code exp} of its claims (RFC 7519, section 4.1.4), read without
     * checking the signature, whose key is the provider's. Null if the token is none, or says no time that RFC 3339 has
     * a form for.
     */
    public @Nullable Instant tokenExpiry() {
        String[] parts = fields.get("token").textValue().split("\\.", -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            JsonNode expiry = Json.MAPPER
                    .readTree(Base64.getUrlDecoder().decode(parts[1]))
                    .path("exp");
            return expiry.isNumber() && FOUR_DIGIT_YEARS.isValidValue(expiry.longValue()) && expiry.canConvertToLong()
                    ? Instant.ofEpochSecond(expiry.longValue())
                    : null;
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    /** Nothing of the content. */
    @Override
    public String toString() {
        return "ConnectAnswer[" + fields.size() + " fields]";
    }

    /** The answer lacks what the contract requires. */
    static final class UnusableAnswerException extends Exception {
        private static final long serialVersionUID = 1L;

        private UnusableAnswerException(String message) {
            super(message);
        }
    }
}
