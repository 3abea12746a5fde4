package dev.serai.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connect.ConnectBody;
import dev.serai.connect.ConnectRequest;
import dev.serai.connect.OneRoom;
import dev.serai.connect.answer.ConnectAnswer;
import dev.serai.connect.answer.SessionId;
import dev.serai.connect.gate.RoomSlot;
import dev.serai.engine.Delivery;
import dev.serai.observe.waiting.HeldEvent;
import dev.serai.source.Enrichment;
import dev.serai.wire.ConnectionType;
import dev.serai.wire.EndConversation;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.IgnoredFields;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Reply;
import dev.serai.wire.Reply.Identity;
import dev.serai.wire.Reply.Origins;
import dev.serai.wire.Reply.SessionContinuity;
import dev.serai.wire.Reply.Timings;
import dev.serai.wire.Secrets;
import dev.serai.wire.StartConversation;
import dev.serai.wire.event.Decoded;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one event while it goes down the line. The steps read and write it; the message's body and
 * headers are only what the next Kafka or HTTP endpoint needs.
 *
 * <p>Not thread-safe: it belongs to its exchange, which runs on one thread at a time.
 */
public final class Conversation {
    private static final String PROPERTY = "serai.conversation";

    /** What the event comes to, as of now. */
    private sealed interface Result {
        /** Not known yet. */
        record Open() implements Result {}

        /**
         * A room.
         *
         * @param answer null once the reply is made, and with it its part of the memory
         */
        record Room(@Nullable ConnectAnswer answer, SessionContinuity continuity, DecodingBudget.Part part)
                implements Result {
            Room withoutAnswer() {
                part.close();
                return new Room(null, continuity, DecodingBudget.Part.NONE);
            }
        }

        /** The room that the event was answered with before. */
        record Repeated(KeptReply reply) implements Result {}

        record Failed(Failure failure) implements Result {}

        /** Of an end event: how many sessions are over because of it, and how many may not be. */
        record Ended(int sessions, int left) implements Result {}
    }

    private final OriginalRecord original;
    private final Delivery delivery;
    private final HeldEvent held;
    private final EventOutcome outcome = new EventOutcome();

    private Instant begunAt;
    private String eventId;
    private @Nullable String characterId;
    private @Nullable ConnectionType connectionType;
    private IgnoredFields ignored = IgnoredFields.NONE;
    private @Nullable StartConversation event;
    private @Nullable EndConversation end;
    private List<Conversation> cancelled = List.of();
    private DecodingBudget.Part eventPart = DecodingBudget.Part.NONE;
    private @Nullable Enrichment enrichment;
    private boolean enriched;
    private Result result = new Result.Open();
    /** Of a room that no reply has told of; null while there is none. */
    private @Nullable Unpublished unpublished;

    /** That will tell of it, before the steps behind it have changed it; null until it is written. */
    private byte @Nullable [] writtenReply;

    private ConversationSession session = ConversationSession.NONE;
    private int attempts;
    private boolean possibleDuplicateSession;
    private boolean answeredBefore;
    private Duration enrichTime = Duration.ZERO;
    private Duration gateTime = Duration.ZERO;
    private Duration connectTime = Duration.ZERO;

    /**
     * @param delivery the record's place among those that this process holds
     * @param takenAt when the process took the record
     */
    public Conversation(OriginalRecord original, Delivery delivery, Instant takenAt) {
        this.original = original;
        this.delivery = delivery;
        held = new HeldEvent(original);
        begunAt = takenAt;
        eventId = original.position();
    }

    /** The conversation that the exchange works on. */
    public static Conversation of(Exchange exchange) {
        return Objects.requireNonNull(
                find(exchange), "the exchange has no conversation: its route must come after accept-record");
    }

    /** The conversation that the exchange works on, or null if it works on none. */
    static @Nullable Conversation find(Exchange exchange) {
        // Asked for at every step: without Camel's look at type converters.
        return (Conversation) exchange.getProperty(PROPERTY);
    }

    /** Makes the exchange work on this conversation. */
    public void attachTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }

    public OriginalRecord original() {
        return original;
    }

    public Delivery delivery() {
        return delivery;
    }

    /** What the event is at, for whoever asks. */
    HeldEvent held() {
        return held;
    }

    /** Whose event it is; null where it names none that there is, or cannot be read. */
    @Nullable
    String tenant() {
        return held.tenant();
    }

    /** What the event has come to so far. */
    EventOutcome outcome() {
        return outcome;
    }

    public String eventId() {
        return eventId;
    }

    /** Whether the event has an id of its own, and not only the position of its record. */
    boolean isNamed() {
        return !eventId.equals(original.position());
    }

    /** The event's turn has come. */
    void begin(Instant now) {
        begunAt = now;
        held.goesOn();
    }

    /**
     * The decoded event, with its enrichment set to what it says itself.
     *
     * @param unknown what it says in fields that there are not
     * @param part of the memory for decoded events, until {@link #dropContent}
     */
    void accept(StartConversation accepted, IgnoredFields unknown, DecodingBudget.Part part) {
        event = accepted;
        ignored = masked(unknown);
        eventPart = part;
        eventId = accepted.eventId();
        held.named(eventId);
        held.seen(accepted.tenant(), accepted.expiresAt());
        characterId = accepted.characterId();
        connectionType = accepted.connectionType();
        session = ConversationSession.namedBy(accepted);
        enrichment = Enrichment.inline(accepted);
    }

    /** The decoded event, which ends its conversation. */
    void accept(EndConversation accepted, IgnoredFields unknown) {
        end = accepted;
        ignored = masked(unknown);
        eventId = accepted.eventId();
        held.named(eventId);
        held.seen(accepted.tenant(), null);
        characterId = accepted.characterId();
    }

    /** Keeps what could be read of an event that is not decoded, so that its reply can name it. */
    void refuse(Decoded.Refused refused) {
        eventId = refused.eventId();
        held.named(eventId);
        characterId = refused.characterId();
        connectionType = refused.connectionType();
        ignored = masked(refused.ignored());
    }

    /** A publisher may have a value where the name of a field belongs. */
    private static IgnoredFields masked(IgnoredFields unknown) {
        return new IgnoredFields(unknown.notes().stream().map(Secrets::mask).toList(), unknown.count());
    }

    /** What the event says in fields that there are not. */
    IgnoredFields ignored() {
        return ignored;
    }

    /**
     * The decoded event. Once the request is made, or the event has failed, it is without what only the provider is
     * told: scene, dynamic information, metadata and options.
     *
     * @throws IllegalStateException before it is decoded
     */
    public StartConversation event() {
        return known(event, "decode-event");
    }

    /** Whether it is a start event that was decoded. */
    boolean isDecoded() {
        return event != null;
    }

    /** Whether it is a decoded event that ends its conversation. */
    boolean isEnd() {
        return end != null;
    }

    /**
     * The decoded event that ends its conversation.
     *
     * @throws IllegalStateException if it is none
     */
    EndConversation end() {
        return known(end, "decode-event, of an end event");
    }

    /** This end event was read, and has cancelled those before it in its conversation. Before it is queued. */
    void cancels(List<Conversation> starts) {
        cancelled = List.copyOf(starts);
    }

    /** How many were told so: one whose answer was on its way had that. After their turns, which come before this one's. */
    private int eventsCancelled() {
        return (int) cancelled.stream()
                .map(Conversation::failure)
                .filter(failure -> failure != null && failure.category() == ErrorCategory.CANCELLED)
                .count();
    }

    /** What ending it has come to. */
    void sessionsEnded(int sessions, int left) {
        result = new Result.Ended(sessions, left);
    }

    /** Which session the event goes on with, and which it leaves to the next one. */
    ConversationSession session() {
        return session;
    }

    void session(ConversationSession changed) {
        session = changed;
    }

    public Enrichment enrichment() {
        return known(enrichment, "decode-event");
    }

    void enrich(Enrichment found, Duration took) {
        enrichment = found;
        enriched = true;
        enrichTime = enrichTime.plus(took);
    }

    /**
     * What the provider is told. It is kept as bytes from here on: an event may wait long for its turn, and decoded it
     * weighs many times as much.
     */
    ConnectBody takeConnectBody() {
        Enrichment enriched = enrichment();
        ConnectBody body =
                new ConnectRequest(event(), session.resumed(), enriched.scene(), enriched.dynamicInfo()).toBody();
        dropContent();
        return body;
    }

    /** Keeps of the event and its enrichment only what its answer needs. */
    private void dropContent() {
        if (event != null) {
            event = event.withoutContent();
        }
        if (enrichment != null) {
            enrichment = enrichment.withoutContent();
        }
        eventPart.close();
    }

    /** The routes have ended: what is to be published is in the outbox, and nothing else is needed any more. */
    void ended() {
        dropContent();
        if (result instanceof Result.Room room) {
            result = room.withoutAnswer();
        }
    }

    /** Takes over what calling the provider came to so far, whether it succeeded or not. */
    void called(int calls, boolean mayHaveLeftSession, Duration waited, Duration took) {
        attempts = calls;
        possibleDuplicateSession = mayHaveLeftSession;
        gateTime = waited;
        connectTime = took;
    }

    /**
     * A call has opened a room, or joined it.
     *
     * @param part of the memory for decoded answers, until the routes have ended
     * @param oneRoom how it was asked for, if the event comes to this room again when it runs again, wherever that is; else null
     * @param slot of the plan, that the room takes
     */
    void connected(
            ConnectAnswer connected,
            SessionContinuity how,
            DecodingBudget.Part part,
            @Nullable OneRoom oneRoom,
            RoomSlot slot) {
        result = new Result.Room(connected, how, part);
        opened(new Unpublished(connected.sessionIds(), oneRoom, slot));
        session = session.opened(connected.characterSessionId());
    }

    /**
     * A call has come to a room that no client can be told of, and the next call comes to it, too: what is known to end it is kept with
     * what that call tells.
     */
    void opened(Unpublished room) {
        unpublished = unpublished == null
                ? room
                : new Unpublished(
                        Stream.concat(unpublished.sessions().stream(), room.sessions().stream())
                                .distinct()
                                .toList(),
                        room.oneRoom(),
                        room.slot());
    }

    /** The event was answered with a room before: its publisher has sent it twice. */
    void wasAnsweredBefore() {
        answeredBefore = true;
    }

    /** Whether the event was answered with a room before, whatever it comes to now. */
    boolean isAnsweredBefore() {
        return answeredBefore;
    }

    /** The event is answered with the room that it was answered with before. */
    void repeats(KeptReply reply) {
        result = new Result.Repeated(reply);
    }

    /** Whether the room that it was answered with before is what the event comes to. */
    boolean isRepeated() {
        return result instanceof Result.Repeated;
    }

    /** Whether a room of its own is what the event comes to. */
    boolean hasRoom() {
        return result instanceof Result.Room;
    }

    /**
     * A room that no reply has told of.
     *
     * @param sessions what ends it
     * @param oneRoom how it was asked for; null if the event does not come to it again
     * @param slot of the plan that it takes
     */
    record Unpublished(List<SessionId> sessions, @Nullable OneRoom oneRoom, RoomSlot slot) {}

    /** What ends the session of a room that no reply has told of, and that is about to; empty without one. */
    List<String> sessionIds() {
        return unpublished == null
                ? List.of()
                : unpublished.sessions().stream().map(SessionId::value).toList();
    }

    /**
     * A reply has told of the room.
     *
     * @return the slot that the room takes, to be settled once its session is counted as open; null if there is no room, or one
     *     whose session nobody can name and count
     */
    @Nullable
    RoomSlot published() {
        Unpublished published = takeUnpublished();
        return published == null || published.sessions().isEmpty() ? null : published.slot();
    }

    /** Who gets the event next comes to its room, and counts it. */
    void leaveToNextOwner() {
        if (unpublished != null) {
            unpublished.slot().settle();
        }
    }

    /** @param value the reply that will tell of the room; not copied, never to be changed */
    void replyWritten(byte[] value) {
        writtenReply = value;
    }

    /**
     * The reply that is to tell of the room, as it was written: what a user's steps make of it they make of its repetition, too.
     * Null if there is no such room, or none of the routes has written it.
     */
    byte @Nullable [] writtenReply() {
        return writtenReply;
    }

    /** Whether there is a room that no reply has told of. */
    boolean hasUnpublished() {
        return unpublished != null;
    }

    /** The sessions of a room that no reply has told of, for whoever sees to them; null if there is none, as the next time. */
    @Nullable
    Unpublished takeUnpublished() {
        Unpublished taken = unpublished;
        unpublished = null;
        writtenReply = null;
        return taken;
    }

    /** Whether the event comes to its room, of which no reply has told, again when it runs again. */
    boolean hasRoomWhenRunAgain() {
        return unpublished != null && unpublished.oneRoom() != null;
    }

    /** Gives up, also on a room that was opened already: nobody will join its session. */
    void fail(Failure reason) {
        possibleDuplicateSession |= hasRoom();
        held.goesOn();
        ended();
        result = new Result.Failed(reason);
        delivery.outbox().clear();
        outcome.clear();
    }

    /** Why there is no room, or null as long as there may be one. */
    public @Nullable Failure failure() {
        return result instanceof Result.Failed failed ? failed.failure() : null;
    }

    public int attempts() {
        return attempts;
    }

    /**
     * The event's reply as of now.
     *
     * @param withSessionIds whether it has the provider's {@code session_id}, if there is a room
     * @param standIn whether the stand-in answers, and no provider
     * @throws IllegalStateException if the event neither failed nor got a room, nor ended its conversation
     */
    Reply reply(Instant now, boolean withSessionIds, boolean standIn) {
        Identity identity = new Identity(
                eventId,
                original.conversationKey(),
                tenant(),
                characterId,
                connectionType,
                attempts,
                possibleDuplicateSession,
                ignored.notes(),
                standIn);
        return switch (result) {
            case Result.Open open -> throw new IllegalStateException("not known before the step connect");
            case Result.Repeated again -> new Reply.Repeated(again.reply().handOut(withSessionIds));
            case Result.Failed failed -> new Reply.Failed(identity, failed.failure(), enriched ? origins() : null);
            case Result.Ended done -> {
                String reason = end().reason();
                yield new Reply.Ended(
                        identity,
                        done.sessions(),
                        done.left(),
                        eventsCancelled(),
                        reason == null ? null : Secrets.mask(reason));
            }
            case Result.Room room -> {
                ConnectAnswer answer = known(room.answer(), "connect");
                yield started(
                        identity,
                        answer,
                        withSessionIds ? answer.fields() : answer.fieldsWithoutSessionIds(),
                        room.continuity(),
                        now);
            }
        };
    }

    private Reply started(
            Identity identity, ConnectAnswer connected, ObjectNode fields, SessionContinuity continuity, Instant now) {
        Duration queued = Duration.between(original.timestamp(), begunAt).plus(gateTime);
        return new Reply.Started(
                identity,
                fields,
                continuity,
                now,
                connected.tokenExpiry(),
                origins(),
                new Timings(queued.isNegative() ? Duration.ZERO : queued, enrichTime, connectTime));
    }

    private Origins origins() {
        return new Origins(enrichment().sceneFrom(), enrichment().dynamicInfoFrom());
    }

    private static <T> T known(@Nullable T value, String step) {
        if (value == null) {
            throw new IllegalStateException("not known before the step " + step);
        }
        return value;
    }

    @Override
    public String toString() {
        return "Conversation[" + eventId + "]";
    }
}
