package dev.serai.trial.standin;

import dev.serai.trial.standin.OpenSessions.OpenResult;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What a call of {@code /connect} is answered that opened sessions (contract, sections 1 and 2). Thread-safe. */
final class ConnectAnswers {

    private final TokenMint tokens;
    private final InstantSource clock;
    private final String roomUrl;

    ConnectAnswers(TokenMint tokens, InstantSource clock, StandInOptions options) {
        this.tokens = tokens;
        this.clock = clock;
        this.roomUrl = options.roomUrl().toString();
    }

    /** @param characterSessionIds one for each character of the request, in its order */
    Answer room(ConnectRequest request, OpenResult.Opened opened, List<String> characterSessionIds) {
        String sessionId = opened.sessionIds().getFirst();
        JsonObject answer = new JsonObject()
                .put("session_id", sessionId)
                .put("character_session_id", characterSessionIds.getFirst())
                .put("room_url", request.websocket() ? chatUrl(sessionId) : roomUrl)
                .put("room_name", request.websocket() ? null : opened.roomName())
                .put(
                        "token",
                        request.websocket() ? "" : tokens.mint(opened.roomName(), subject(request), clock.instant()))
                .put("speaker_id", request.speakerId())
                .put("request_trace_id", "req_" + hex());
        if (request.endUserId() != null) {
            answer.put("end_user_id", request.endUserId());
            putIfSent(answer, "end_user_metadata", request.endUserMetadata());
        }
        if (request.severalCharacters()) {
            addCharacters(answer, request, opened.sessionIds(), characterSessionIds);
        }
        return Answer.json(200, answer).ofSession();
    }

    private static void addCharacters(
            JsonObject answer, ConnectRequest request, List<String> sessionIds, List<String> characterSessionIds) {
        JsonArray characters = new JsonArray();
        for (int i = 0; i < request.characters().size(); i++) {
            characters.add(new JsonObject()
                    .put("character_id", request.characters().get(i).id())
                    .put("session_id", sessionIds.get(i))
                    .put("character_session_id", characterSessionIds.get(i))
                    .put("membership_id", UUID.randomUUID().toString())
                    .put("provisioning_status", "ready")
                    .put("failure_code", null));
        }
        answer.put("room_session_id", UUID.randomUUID().toString())
                .put("active_membership_id", characters.getJsonObject(0).getString("membership_id"))
                .put("partial_dispatch", false)
                .put("route_epoch", 1)
                .put("roster_epoch", 1)
                .put("characters", characters);
    }

    private String chatUrl(String sessionId) {
        String base = roomUrl.endsWith("/") ? roomUrl.substring(0, roomUrl.length() - 1) : roomUrl;
        return base + "/chat?session_id=" + sessionId;
    }

    private static String hex() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private static String subject(ConnectRequest request) {
        if (request.endUserId() != null) {
            return request.endUserId();
        }
        return request.speakerId() != null ? request.speakerId() : "user-" + UUID.randomUUID();
    }

    private static void putIfSent(JsonObject answer, String field, @Nullable Object value) {
        if (value != null) {
            answer.put(field, value);
        }
    }
}
