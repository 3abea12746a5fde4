package dev.serai.conversation;

import dev.serai.conversation.SessionTrace.Names;
import dev.serai.session.ConversationState;
import dev.serai.session.FinalEnd;
import dev.serai.session.OpenSession;
import dev.serai.session.OpenSessions;
import dev.serai.session.SealedSession;
import dev.serai.session.SessionRecord;
import dev.serai.session.SessionSealer;
import dev.serai.session.SessionTable;
import dev.serai.wire.ForgetCommand;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.StartConversation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What events leave behind of their sessions: in the session record, which is committed with the event, and, once that is so,
 * in the tables. Thread-safe.
 */
public final class SessionTraces {
    /** Most have one to two KiB. What is much longer would have records outgrow their topic. */
    private static final int LONGEST_REPLY = 32 << 10;

    private final String sessionTopic;
    private final SessionTable sessions;
    private final OpenSessions openSessions;
    private final SessionSealer sealer;
    private final @Nullable Duration maxSession;
    private final Clock clock;

    /** @param maxSession after which every session is ended; null if only those are whose events say so */
    public SessionTraces(
            String sessionTopic,
            SessionTable sessions,
            OpenSessions openSessions,
            SessionSealer sealer,
            @Nullable Duration maxSession,
            Clock clock) {
        this.sessionTopic = sessionTopic;
        this.sessions = sessions;
        this.openSessions = openSessions;
        this.sealer = sealer;
        this.maxSession = maxSession;
        this.clock = clock;
    }

    /** Puts the event's session record, if it changes any, among what is committed with it. */
    SessionTrace note(EventInFlight inFlight) {
        SessionTrace trace = trace(inFlight);
        addRecord(inFlight, trace);
        return trace;
    }

    /** The same for an event that has failed because a topic refused a record: if that is its session record, there is none. */
    SessionTrace noteRejected(EventInFlight inFlight, String refusedBy) {
        return refusedBy.equals(sessionTopic) ? new SessionTrace.None(null) : note(inFlight);
    }

    /** Puts a smaller record in place of the one that its topic does not take. */
    SessionTrace noteSmaller(EventInFlight inFlight, SessionTrace refused) {
        inFlight.delivery().outbox().takeBack(sessionTopic);
        SessionTrace smaller = refused instanceof SessionTrace.Changed changed
                ? new SessionTrace.Changed(changed.state(), changed.opened(), smaller(changed.names()))
                : refused;
        addRecord(inFlight, smaller);
        return smaller;
    }

    private static Names smaller(Names names) {
        return names == Names.SESSIONS_AND_REPLIES ? Names.SESSIONS : Names.NO_SESSIONS;
    }

    private SessionTrace trace(EventInFlight inFlight) {
        OriginalRecord original = inFlight.original();
        Instant now = clock.instant();
        OpenSession opened = opened(inFlight, now);
        if (original.conversationKey() == null) {
            return new SessionTrace.None(opened);
        }
        if (ForgetCommand.isIn(original)) {
            return new SessionTrace.Forgotten();
        }
        boolean late = sealer.isOn() && openSessions.isRecordLate(original.partition(), key(original));
        Names names = sealer.isOn() ? Names.SESSIONS_AND_REPLIES : Names.NO_SESSIONS;
        if (endsForGood(inFlight)) {
            ConversationState before = remembered(inFlight);
            ConversationState after =
                    before.ended(inFlight.read().end().tenant(), new FinalEnd(inFlight.eventId(), now));
            return late || !after.equals(before)
                    ? new SessionTrace.Changed(after, null, names)
                    : new SessionTrace.None(null);
        }
        if (!inFlight.read().isDecoded()) {
            return late ? new SessionTrace.Changed(remembered(inFlight), null, names) : new SessionTrace.None(null);
        }
        ConversationState recalled = inFlight.session().remembered();
        // An event can fail, or come to its room, in a route that has not recalled its conversation.
        ConversationState before = recalled != null ? recalled : remembered(inFlight);
        ConversationState after =
                inFlight.session().after(before, inFlight.event().characterId());
        // Only a room is not to be opened twice: who publishes a failed event again wants it tried again.
        if (inFlight.hasRoom()) {
            ConversationState answered =
                    inFlight.read().isNamed() ? after.answered(inFlight.eventId(), now) : after.asOf(now);
            return new SessionTrace.Changed(answered, opened, names);
        }
        if (after.equals(before)) {
            return late ? new SessionTrace.Changed(before, null, names) : new SessionTrace.None(null);
        }
        return new SessionTrace.Changed(after.asOf(now), null, names);
    }

    /** One that has failed is told so, and has ended nothing. */
    private static boolean endsForGood(EventInFlight inFlight) {
        return inFlight.read().isEnd() && inFlight.read().end().forGood() && inFlight.failure() == null;
    }

    private ConversationState remembered(EventInFlight inFlight) {
        // The table holds only what belongs to the partitions of this process.
        inFlight.delivery().requireKept();
        return sessions.get(inFlight.original().partition(), key(inFlight.original()));
    }

    /** @return null if the event has no room, or one that nothing is known of to end it with */
    private @Nullable OpenSession opened(EventInFlight inFlight, Instant now) {
        List<String> sessionIds = inFlight.untold().sessionIds();
        if (!inFlight.hasRoom() || sessionIds.isEmpty()) {
            return null;
        }
        StartConversation event = inFlight.event();
        return new OpenSession(
                inFlight.eventId(),
                event.characterId(),
                event.tenant(),
                sessionIds,
                now,
                closeAt(event, now),
                reply(inFlight));
    }

    private @Nullable Instant closeAt(StartConversation event, Instant now) {
        return Stream.of(event.closeAfter(), maxSession)
                .filter(Objects::nonNull)
                .min(Duration::compareTo)
                .map(now::plus)
                .orElse(null);
    }

    /** The reply that tells of the room; null if it is too long to be kept, or no route has written it. */
    private static byte @Nullable [] reply(EventInFlight inFlight) {
        byte[] written = inFlight.untold().writtenReply();
        return written == null || written.length > LONGEST_REPLY ? null : written;
    }

    private void addRecord(EventInFlight inFlight, SessionTrace trace) {
        switch (trace) {
            case SessionTrace.None none -> {}
            case SessionTrace.Forgotten forgotten -> addRecord(inFlight, (byte[]) null);
            case SessionTrace.Changed changed ->
                addRecord(inFlight, SessionRecord.encode(changed.state(), sealed(inFlight.original(), changed)));
        }
    }

    private void addRecord(EventInFlight inFlight, byte @Nullable [] value) {
        OriginalRecord original = inFlight.original();
        inFlight.delivery()
                .outbox()
                .add(new ProducerRecord<>(sessionTopic, original.partition(), original.key(), value));
    }

    private List<SealedSession> sealed(OriginalRecord original, SessionTrace.Changed changed) {
        if (changed.names() == Names.NO_SESSIONS) {
            return List.of();
        }
        List<OpenSession> open = new ArrayList<>(openSessions.of(original.partition(), key(original)));
        if (changed.opened() != null) {
            open.add(changed.opened());
        }
        return open.subList(Math.max(0, open.size() - OpenSessions.MAX_OF_CONVERSATION), open.size()).stream()
                .map(session ->
                        changed.names() == Names.SESSIONS || isOutOfDate(session) ? session.withoutReply() : session)
                .map(session -> sealer.seal(key(original), session))
                .toList();
    }

    /** Whether nobody can join any more with what its reply says. */
    private boolean isOutOfDate(OpenSession session) {
        KeptReply reply = KeptReply.of(session, openSessions.idle());
        return reply != null && !reply.validUntil().isAfter(clock.instant());
    }

    /** The event is committed. */
    void remember(EventInFlight inFlight, SessionTrace trace) {
        // What is revoked is about to leave this process's table; what was in flight when its log was cut stays.
        if (inFlight.delivery().isRevoked() && !inFlight.delivery().isDropped()) {
            return;
        }
        OriginalRecord original = inFlight.original();
        switch (trace) {
            case SessionTrace.None none -> {
                if (none.opened() != null) {
                    openSessions.opened(original.partition(), null, none.opened());
                }
            }
            case SessionTrace.Forgotten forgotten -> {
                sessions.forget(original.partition(), key(original));
                openSessions.forget(original.partition(), key(original));
            }
            case SessionTrace.Changed changed -> {
                sessions.put(original.partition(), key(original), changed.state());
                remember(original, changed);
            }
        }
    }

    private void remember(OriginalRecord original, SessionTrace.Changed changed) {
        if (changed.opened() != null) {
            openSessions.opened(original.partition(), key(original), changed.opened());
        }
        if (!sealer.isOn()) {
            return;
        }
        if (changed.names() != Names.NO_SESSIONS) {
            openSessions.recorded(original.partition(), key(original));
        }
        if (changed.names() != Names.SESSIONS_AND_REPLIES) {
            openSessions.dropReplies(original.partition(), key(original));
        }
    }

    private static byte[] key(OriginalRecord original) {
        return Objects.requireNonNull(original.key());
    }
}
