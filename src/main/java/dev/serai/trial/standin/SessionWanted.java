package dev.serai.trial.standin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a request decides on its room.
 *
 * @param characterIds one session for each; at least one
 * @param sharedSessionKey null for a room of its own
 * @param join joins the room of {@code sharedSessionKey}, which is then given; otherwise makes it
 * @param spawnAgent brings the characters into the room, each of which takes a slot
 * @param roomName a wished name, null for none
 */
record SessionWanted(
        List<String> characterIds,
        @Nullable String connectionType,
        @Nullable String sharedSessionKey,
        boolean join,
        boolean spawnAgent,
        @Nullable String roomName,
        @Nullable String speakerId,
        @Nullable String endUserId) {

    /** Two creates of one shared key may mean the same room. */
    boolean fits(SessionWanted other) {
        return characterIds.equals(other.characterIds) && type().equals(other.type());
    }

    private String type() {
        return connectionType == null ? "audio" : connectionType;
    }

    @Override
    public String toString() {
        return "SessionWanted[characterIds=" + characterIds + ", join=" + join + "]";
    }
}
