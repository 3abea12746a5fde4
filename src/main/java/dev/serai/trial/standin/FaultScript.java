package dev.serai.trial.standin;

import org.jspecify.annotations.Nullable;

/**
 * Which calls get a {@link Fault}, and how often. Of the scripts that fit a call, the one that was given first and is not
 * used up is played.
 *
 * @param path the script is for calls whose path starts with this, for example {@code /connect} or {@code /scenes/}
 * @param characterId the script is for calls with this {@code character_id}; null for any
 * @param times how many calls, at least 1; null for ever
 * @param fault what happens to them
 */
public record FaultScript(
        String path, @Nullable String characterId, @Nullable Integer times, Fault fault) {

    /** The path of scripts that name none. */
    public static final String CONNECT = "/connect";

    public FaultScript {
        if (!path.startsWith("/") || path.startsWith(StandIn.ADMIN_PATH)) {
            throw new IllegalArgumentException(
                    "a fault's path must start with / and not with " + StandIn.ADMIN_PATH + ", was " + path);
        }
        if (times != null && times < 1) {
            throw new IllegalArgumentException("a fault is played at least 1 time, was " + times);
        }
    }

    /** For the next call of {@code /connect}. */
    public static FaultScript once(Fault fault) {
        return new FaultScript(CONNECT, null, 1, fault);
    }

    /** For the next {@code times} calls of {@code /connect}. */
    public static FaultScript times(int times, Fault fault) {
        return new FaultScript(CONNECT, null, times, fault);
    }

    /** For every call of {@code /connect}, until faults are cleared. */
    public static FaultScript always(Fault fault) {
        return new FaultScript(CONNECT, null, null, fault);
    }

    /** The same for calls with this {@code character_id} only. */
    public FaultScript forCharacter(String character) {
        return new FaultScript(path, character, times, fault);
    }

    /** The same for calls whose path starts with {@code prefix}. */
    public FaultScript onPath(String prefix) {
        return new FaultScript(prefix, characterId, times, fault);
    }

    boolean fits(String callPath, @Nullable String callCharacterId) {
        return callPath.startsWith(path) && (characterId == null || characterId.equals(callCharacterId));
    }
}
