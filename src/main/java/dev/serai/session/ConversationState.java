package dev.serai.session;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What is remembered of one conversation. Immutable; whatever is beyond the bounds is dropped, the oldest first.
 *
 * @param sessions the latest {@code character_session_id} by {@code character_id}, the least recently used first; at
 *     most {@link #MAX_CHARACTERS}
 * @param eventIds the events that were answered last, the earliest first; at most {@link #MAX_EVENTS}
 * @param ends how it was ended for good, by the tenant whose start events open no room in it any more, the earliest first; at
 *     most {@link #MAX_ENDS}
 * @param updatedAt when the last of the events was answered that has changed any of this, in whole milliseconds
 */
public record ConversationState(
        SequencedMap<String, String> sessions,
        List<String> eventIds,
        SequencedMap<String, FinalEnd> ends,
        Instant updatedAt) {
    static final int MAX_CHARACTERS = 16;

    /** More than an upstream publishes between an event and its repetition. */
    static final int MAX_EVENTS = 16;

    /** More tenants than have a key in common. */
    static final int MAX_ENDS = 16;

    /** Of a conversation that was never heard of. */
    public static final ConversationState EMPTY =
            new ConversationState(Collections.emptySortedMap(), List.of(), Collections.emptySortedMap(), Instant.EPOCH);

    public ConversationState {
        sessions = latest(sessions, MAX_CHARACTERS);
        ends = latest(ends, MAX_ENDS);
        eventIds = List.copyOf(eventIds.subList(Math.max(0, eventIds.size() - MAX_EVENTS), eventIds.size()));
        updatedAt = updatedAt.truncatedTo(ChronoUnit.MILLIS);
    }

    private static <T> SequencedMap<String, T> latest(SequencedMap<String, T> all, int most) {
        if (all.isEmpty()) {
            return Collections.emptySortedMap();
        }
        var latest = new LinkedHashMap<>(all);
        while (latest.size() > most) {
            latest.pollFirstEntry();
        }
        return Collections.unmodifiableSequencedMap(latest);
    }

    /** The {@code character_session_id} that the conversation last had with the character. */
    public Optional<String> session(String characterId) {
        return Optional.ofNullable(sessions.get(characterId));
    }

    /** Whether the event is among the last that were answered with a room. */
    public boolean hasAnswered(String eventId) {
        return eventIds.contains(eventId);
    }

    /** With the character's session in place of an earlier one, as the most recently used. */
    public ConversationState withSession(String characterId, String characterSessionId) {
        var latest = new LinkedHashMap<>(sessions);
        latest.putLast(characterId, characterSessionId);
        return new ConversationState(latest, eventIds, ends, updatedAt);
    }

    /** Without the character's session, which the provider no longer knows. */
    public ConversationState withoutSession(String characterId) {
        var latest = new LinkedHashMap<>(sessions);
        latest.remove(characterId);
        return new ConversationState(latest, eventIds, ends, updatedAt);
    }

    /** With one more event answered with a room, as of now. */
    public ConversationState answered(String eventId, Instant now) {
        var answered = new ArrayList<>(eventIds);
        answered.remove(eventId);
        answered.add(eventId);
        return new ConversationState(sessions, answered, ends, now);
    }

    /** How the conversation was ended for good, as far as it is this tenant's; empty if it was not. */
    public Optional<FinalEnd> end(String tenant) {
        return Optional.ofNullable(ends.get(tenant));
    }

    /** Ended for good, as far as it is this tenant's; unchanged if it was before, for the first end stands. */
    public ConversationState ended(String tenant, FinalEnd end) {
        if (ends.containsKey(tenant)) {
            return this;
        }
        var ended = new LinkedHashMap<>(ends);
        ended.putLast(tenant, end);
        return new ConversationState(sessions, eventIds, ended, end.at());
    }

    /** The same, as of now. */
    public ConversationState asOf(Instant now) {
        return new ConversationState(sessions, eventIds, ends, now);
    }

    /** Counts only: ids of characters, sessions and events are the customer's. */
    @Override
    public String toString() {
        return "ConversationState[" + sessions.size() + " sessions, " + eventIds.size() + " events, " + ends.size()
                + " ends, " + updatedAt + "]";
    }
}
