package dev.serai.trial.standin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A room in which at least one session is open.
 *
 * @param roomName names it in answers; of a session with {@code transport: websocket}, whose answer names none, too
 * @param account counts the API keys from 1, in the order of the options
 * @param characterIds of its characters, in the order of the request that made it
 * @param sharedSessionKey that it was made with, null for none
 * @param speakerId of the request that made it
 * @param endUserId of the request that made it
 * @param openSessions how many of its sessions are open
 * @param slots how many of these take one of the account's slots, whether or not a limit is set
 */
public record OpenRoom(
        String roomName,
        int account,
        List<String> characterIds,
        @Nullable String sharedSessionKey,
        @Nullable String speakerId,
        @Nullable String endUserId,
        int openSessions,
        int slots) {}
