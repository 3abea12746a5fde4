package dev.serai.trial.standin;

import java.util.Locale;
import java.util.Map;

/**
 * Sessions and rooms of all API keys, those of calls whose caller never learned of them too. Since the start, whatever is
 * cleared.
 *
 * @param roomsCreated how many rooms were ever made
 * @param sessionsOpened how many sessions were ever opened
 * @param openRooms rooms with at least one open session
 * @param openSessions sessions that have not ended
 * @param openByAccount open sessions by API key, which are counted from 1 in the order of the options; none with 0
 * @param slotsByAccount slots that open sessions take, likewise; whether or not a limit is set
 * @param ended sessions that ended, by cause
 */
public record SessionCounts(
        long roomsCreated,
        long sessionsOpened,
        int openRooms,
        int openSessions,
        Map<Integer, Integer> openByAccount,
        Map<Integer, Integer> slotsByAccount,
        Map<End, Long> ended) {

    public SessionCounts {
        openByAccount = Map.copyOf(openByAccount);
        slotsByAccount = Map.copyOf(slotsByAccount);
        ended = Map.copyOf(ended);
    }

    /** Why a session ended; shown in lower case, as the admin API names them. */
    public enum End {
        /** {@code /disconnect} named it. */
        DISCONNECTED,
        /** {@code /disconnect} named another session of its room, and {@link SessionRules.DisconnectEnds#ROOM} holds. */
        ROOM_ENDED,
        /** {@link SessionRules#idleAfter} went by. */
        IDLE,
        /** The time went by that the session limit lets a session last. */
        HELD,
        /** It was the oldest when more than 50,000 were open. */
        DROPPED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
