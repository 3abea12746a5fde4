package dev.serai.trial.standin;

import dev.serai.trial.standin.ConnectRequestReader.Reading;
import dev.serai.trial.standin.ConversationMemory.Known;
import dev.serai.trial.standin.OpenSessions.OpenResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /connect} (contract, sections 1, 2 and 4). The key is looked at first, then the body; only a call that passes
 * both can meet a scripted fault, and then the characters, their sessions, the shared key and the plan's limit decide.
 */
final class ConnectHandler implements Handler<RoutingContext> {

    private final CallServer calls;
    private final Accounts accounts;
    private final ConversationMemory conversations;
    private final OpenSessions sessions;
    private final ConnectAnswers answers;
    private final Set<String> unknownCharacters;
    private final Set<String> rememberingCharacters;

    ConnectHandler(
            CallServer calls,
            Accounts accounts,
            ConversationMemory conversations,
            OpenSessions sessions,
            ConnectAnswers answers,
            StandInOptions options) {
        this.calls = calls;
        this.accounts = accounts;
        this.conversations = conversations;
        this.sessions = sessions;
        this.answers = answers;
        this.unknownCharacters = options.unknownCharacters();
        this.rememberingCharacters = options.characters().stream()
                .filter(ListedCharacter::longTermMemory)
                .map(ListedCharacter::characterId)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void handle(RoutingContext context) {
        String body = CallServer.body(context);
        Integer account = accounts.of(context.request());
        if (account == null) {
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
                        valid.request().characters().getFirst().id(),
                        () -> Future.succeededFuture(answer(account, valid.request())));
        }
    }

    private Answer answer(int account, ConnectRequest request) {
        Answer refusal = refusal(account, request);
        if (refusal != null) {
            return refusal;
        }
        return switch (sessions.open(account, request.wanted())) {
            case OpenResult.Conflict conflict ->
                Answer.detail(
                        409,
                        conflict.otherParameters()
                                ? "shared_session_conflict: shared_session_key is in use with conflicting parameters"
                                : "shared_session_conflict: shared_session_key is in use");
            case OpenResult.NoRoom none ->
                Answer.detail(
                        404,
                        "Room not found for shared_session_key '"
                                + request.wanted().sharedSessionKey() + "'");
            case OpenResult.LimitReached reached ->
                Answer.detail(429, "Concurrency limit reached: " + reached.max() + " concurrent sessions");
            case OpenResult.Opened opened -> answers.room(request, opened, conversations(account, request, opened));
        };
    }

    private @Nullable Answer refusal(int account, ConnectRequest request) {
        for (ConnectRequest.Wanted character : request.characters()) {
            if (unknownCharacters.contains(character.id())) {
                return Answer.detail(404, "Character not found or doesn't belong to user");
            }
            if (request.endUserId() == null && rememberingCharacters.contains(character.id())) {
                return Answer.detail(
                        400, "Missing end_user_id. It is required when long-term memory is enabled for the character.");
            }
        }
        SessionRules rules = sessions.rules();
        for (ConnectRequest.Wanted character : request.characters()) {
            Known known = character.sessionId() == null
                    ? Known.YES
                    : conversations.knows(character.sessionId(), account, character.id());
            switch (known) {
                case YES -> {}
                case NO -> {
                    return rules.goneSession().answer();
                }
                case FOREIGN -> {
                    return rules.foreignSession().answer(rules.goneSession());
                }
            }
        }
        return null;
    }

    /** Those that were sent; for others the one that the room has already, or a new one. */
    private List<String> conversations(int account, ConnectRequest request, OpenResult.Opened opened) {
        List<String> ids = new ArrayList<>();
        for (ConnectRequest.Wanted character : request.characters()) {
            String known =
                    character.sessionId() == null ? opened.conversations().get(character.id()) : character.sessionId();
            String id = known == null ? conversations.make(account, character.id()) : known;
            opened.conversations().putIfAbsent(character.id(), id);
            ids.add(id);
        }
        return ids;
    }
}
