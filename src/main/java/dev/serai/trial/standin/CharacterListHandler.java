package dev.serai.trial.standin;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code POST /character/list} (contract, section 6): the same characters for every API key; opens no session. */
final class CharacterListHandler implements Handler<RoutingContext> {

    static final String PATH = "/character/list";

    private static final String API_KEY_HEADER = "CONVAI-API-KEY";

    private final CallServer calls;
    private final Accounts accounts;
    private final Answer list;

    CharacterListHandler(CallServer calls, Accounts accounts, StandInOptions options) {
        this.calls = calls;
        this.accounts = accounts;
        JsonArray characters = new JsonArray();
        for (ListedCharacter character : options.characters()) {
            characters.add(new JsonObject()
                    .put("character_id", character.characterId())
                    .put("character_name", character.name())
                    .put("memory_settings", new JsonObject().put("enabled", character.longTermMemory())));
        }
        this.list = Answer.json(200, new JsonObject().put("characters", characters));
    }

    @Override
    public void handle(RoutingContext context) {
        if (accounts.ofKey(context.request().getHeader(API_KEY_HEADER)) == null) {
            calls.refuse(context, CallKind.CHARACTER_LIST, null, Answer.detail(401, "Invalid API key"));
            return;
        }
        calls.serve(context, CallKind.CHARACTER_LIST, null, () -> Future.succeededFuture(list));
    }
}
