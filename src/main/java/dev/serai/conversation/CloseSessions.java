package dev.serai.conversation;

import dev.serai.connect.EndCause;
import dev.serai.connect.SessionEnder;
import dev.serai.loop.BackgroundLoop;
import dev.serai.session.DueSession;
import dev.serai.session.OpenSession;
import dev.serai.session.OpenSessions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions whose time has come, of the partitions that this process owns: within a second of it, or, where the time has
 * passed while nobody owned the partition, as soon as its sessions are read in. Best effort: an end is asked for once, and what
 * it comes to is the ender's to tell. Thread-safe.
 */
public final class CloseSessions {
    private static final Logger LOG = LoggerFactory.getLogger(CloseSessions.class);

    /** Seldom enough to cost nothing, and several times within the second. */
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final OpenSessions sessions;
    private final SessionEnder ender;
    private final Set<String> tenants;
    private final @Nullable Duration maxSession;

    /**
     * @param tenants all that there are: a session may be older than the settings
     * @param maxSession after which every session is ended; null if only those are whose events say so
     */
    public CloseSessions(
            OpenSessions sessions, SessionEnder ender, Set<String> tenants, @Nullable Duration maxSession) {
        this.sessions = sessions;
        this.ender = ender;
        this.tenants = Set.copyOf(tenants);
        this.maxSession = maxSession;
    }

    /** Begins to look at the time, until the loop is closed. */
    public BackgroundLoop start() {
        return BackgroundLoop.start("serai-session-timer", INTERVAL, this::closeDue);
    }

    /** Ends what is to be ended by now. */
    void closeDue() {
        for (DueSession due : sessions.takeDue()) {
            OpenSession session = due.session();
            if (tenants.contains(session.tenant())) {
                var unused = ender.end(session.tenant(), session.sessionIds(), cause(session))
                        .thenAccept(isOver -> ended(due, isOver));
            } else {
                LOG.warn(
                        "A session is left to end by itself, for there is no tenant {} any more to end it with",
                        session.tenant());
                sessions.over(due);
            }
        }
    }

    /** One that could not be ended takes its slot of the plan until it idles out, or an end event ends it. */
    private void ended(DueSession due, boolean isOver) {
        if (isOver) {
            sessions.over(due);
        } else {
            sessions.left(due);
        }
    }

    private EndCause cause(OpenSession due) {
        Instant closeAt = Objects.requireNonNull(due.closeAt());
        return maxSession == null || closeAt.isBefore(due.openedAt().plus(maxSession))
                ? EndCause.CLOSE_AFTER
                : EndCause.MAX_SESSION;
    }
}
