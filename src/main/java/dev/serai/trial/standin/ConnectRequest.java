package dev.serai.trial.standin;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@code POST /connect} that its answer depends on (contract, sections 1, 2 and 4). {@link #toString()}
 * names the characters only, as the rest can be personal.
 *
 * @param characters at least one
 * @param severalCharacters the request named them as {@code characters}
 * @param websocket the {@code transport}
 */
record ConnectRequest(
        List<Character> characters,
        boolean severalCharacters,
        SessionWanted wanted,
        @Nullable String speakerId,
        @Nullable String endUserId,
        @Nullable JsonObject endUserMetadata,
        boolean websocket) {

    /** One character of a request, with the session that it names for it. */
    record Character(String id, @Nullable String sessionId) {}

    @Override
    public String toString() {
        return "ConnectRequest[characters="
                + characters.stream().map(Character::id).toList() + "]";
    }
}
