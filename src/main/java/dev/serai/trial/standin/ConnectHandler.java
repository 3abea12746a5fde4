package dev.serai.trial.standin;

import dev.serai.trial.standin.ConnectRequestReader.Reading;
import dev.serai.trial.standin.SessionRegistry.Admission;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /connect} (contract, sections 1 and 3). The key is looked at first, then the body; only a call that passes
 * both can meet a scripted fault, and then the character, its session and the plan's limit decide.
 */
final class ConnectHandler implements Handler<RoutingContext> {

    private final CallServer calls;
    private final SessionRegistry sessions;
    private final TokenMint tokens;
    private final InstantSource clock;
    private final String apiKey;
    private final String roomUrl;
    private final Set<String> unknownCharacters;

    ConnectHandler(
            CallServer calls, SessionRegistry sessions, TokenMint tokens, InstantSource clock, StandInOptions options) {
        this.calls = calls;
        this.sessions = sessions;
        this.tokens = tokens;
        this.clock = clock;
        this.apiKey = options.apiKey();
        this.roomUrl = options.roomUrl().toString();
        this.unknownCharacters = options.unknownCharacters();
    }

    @Override
    public void handle(RoutingContext context) {
        String body = CallServer.body(context);
        if (!apiKey.equals(context.request().getHeader(CallServer.API_KEY_HEADER))) {
            String characterId = ConnectRequestReader.characterId(body);
            calls.refuse(context, CallKind.CONNECT, characterId, Answer.detail(401, "Invalid API key"));
            return;
        }
        String contentType = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        switch (new ConnectRequestReader().read(contentType, body)) {
            case Reading.Invalid invalid ->
                calls.refuse(
                        context,
                        CallKind.CONNECT,
                        ConnectRequestReader.characterId(body),
                        Answer.detail(422, invalid.detail()));
            case Reading.Valid valid ->
                calls.serve(
                        context,
                        CallKind.CONNECT,
                        valid.request().characterId(),
                        () -> Future.succeededFuture(answer(valid.request())));
        }
    }

    private Answer answer(ConnectRequest request) {
        if (unknownCharacters.contains(request.characterId())) {
            return Answer.detail(404, "Character not found or doesn't belong to user");
        }
        return switch (sessions.admit(request.characterId(), request.characterSessionId())) {
            case Admission.UnknownSession unknown -> Answer.detail(400, "Invalid character_session_id");
            case Admission.LimitReached reached ->
                Answer.detail(429, "Concurrency limit reached: " + reached.max() + " concurrent sessions");
            case Admission.Admitted admitted ->
                Answer.json(200, session(request, admitted.characterSessionId()))
                        .ofSession();
        };
    }

    private JsonObject session(ConnectRequest request, String characterSessionId) {
        String room = "room-" + UUID.randomUUID();
        JsonObject answer = new JsonObject()
                .put("session_id", UUID.randomUUID().toString())
                .put("character_session_id", characterSessionId)
                .put("room_url", roomUrl)
                .put("room_name", room)
                .put("token", tokens.mint(room, subject(request), clock.instant()))
                .put("speaker_id", request.speakerId())
                .put("request_trace_id", UUID.randomUUID().toString());
        putIfSent(answer, "end_user_id", request.endUserId());
        putIfSent(answer, "end_user_metadata", request.endUserMetadata());
        return answer;
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
