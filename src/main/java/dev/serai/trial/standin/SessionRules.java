package dev.serai.trial.standin;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the stand-in decides where the provider's documentation can be read in two ways. A client should do well under every
 * one of them.
 *
 * @param goneSession what a {@code character_session_id} is answered that is not known, or no longer
 * @param foreignSession what a {@code character_session_id} is answered that belongs to another API key
 * @param secondCreate what {@code mode: create} is answered while its {@code shared_session_key} is in use with the same
 *     character and connection type; with others it is always 409
 * @param disconnectEnds what {@code /disconnect} ends
 * @param idleAfter a session ends so long after it was opened, as nobody joins rooms of a stand-in; null for never
 */
public record SessionRules(
        GoneSession goneSession,
        ForeignSession foreignSession,
        SecondCreate secondCreate,
        DisconnectEnds disconnectEnds,
        @Nullable Duration idleAfter) {

    public SessionRules {
        if (idleAfter != null && !idleAfter.isPositive()) {
            throw new IllegalArgumentException("idleAfter must be longer than nothing, was " + idleAfter);
        }
    }

    /** 404, 403 that says which, 409, the one session, no idle time-out. */
    public static SessionRules defaults() {
        return new SessionRules(
                GoneSession.NOT_FOUND, ForeignSession.FORBIDDEN, SecondCreate.CONFLICT, DisconnectEnds.SESSION, null);
    }

    public SessionRules withGoneSession(GoneSession value) {
        return new SessionRules(value, foreignSession, secondCreate, disconnectEnds, idleAfter);
    }

    public SessionRules withForeignSession(ForeignSession value) {
        return new SessionRules(goneSession, value, secondCreate, disconnectEnds, idleAfter);
    }

    public SessionRules withSecondCreate(SecondCreate value) {
        return new SessionRules(goneSession, foreignSession, value, disconnectEnds, idleAfter);
    }

    public SessionRules withDisconnectEnds(DisconnectEnds value) {
        return new SessionRules(goneSession, foreignSession, secondCreate, value, idleAfter);
    }

    public SessionRules withIdleAfter(@Nullable Duration value) {
        return new SessionRules(goneSession, foreignSession, secondCreate, disconnectEnds, value);
    }

    /** Shown in lower case, as the admin API and the command line name them. */
    public enum GoneSession {
        NOT_FOUND(404, "session_not_found: Session not found"),
        INVALID_CHARACTER_SESSION_ID(400, "Invalid character_session_id"),
        INVALID_SESSION_ID_TEXT(400, "invalid session id"),
        INVALID_SESSION_ID(400, "invalid session_id"),
        INVALID_UUID(400, "invalid uuid"),
        INVALID_UUID_FORMAT(400, "invalid uuid format");

        private final int status;
        private final String detail;

        GoneSession(int status, String detail) {
            this.status = status;
            this.detail = detail;
        }

        Answer answer() {
            return Answer.detail(status, detail);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Shown in lower case, as the admin API and the command line name them. */
    public enum ForeignSession {
        /** Says that it is the session. */
        FORBIDDEN("session_forbidden: The session belongs to another account"),
        /** A 403 from which nobody can tell whether the session or the key is meant. */
        UNCLEAR("Forbidden"),
        /** As a session that is gone. */
        GONE("");

        private final String detail;

        ForeignSession(String detail) {
            this.detail = detail;
        }

        Answer answer(GoneSession gone) {
            return this == GONE ? gone.answer() : Answer.detail(403, detail);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Shown in lower case, as the admin API and the command line name them. */
    public enum SecondCreate {
        /** 409 {@code shared_session_conflict}. */
        CONFLICT,
        /** The same room, with a token and a session of its own, as if the call had joined it. */
        SAME_ROOM;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Shown in lower case, as the admin API and the command line name them. */
    public enum DisconnectEnds {
        /** That session, and no other of its room. */
        SESSION,
        /** Every session of its room. */
        ROOM;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
