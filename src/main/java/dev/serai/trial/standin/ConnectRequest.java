package dev.serai.trial.standin;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@code POST /connect} that its answer depends on (contract, sections 1 and 2). {@link #toString()} names
 * the character only, as the rest can be personal.
 */
record ConnectRequest(
        String characterId,
        @Nullable String characterSessionId,
        @Nullable String speakerId,
        @Nullable String endUserId,
        @Nullable JsonObject endUserMetadata) {

    @Override
    public String toString() {
        return "ConnectRequest[characterId=" + characterId + "]";
    }
}
