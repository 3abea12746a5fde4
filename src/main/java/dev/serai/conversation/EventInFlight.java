package dev.serai.conversation;

import dev.serai.connect.ConnectBody;
import dev.serai.connect.ConnectCall;
import dev.serai.connect.OneRoom;
import dev.serai.connect.answer.ConnectAnswer;
import dev.serai.connect.gate.Caller;
import dev.serai.connect.gate.RoomSlot;
import dev.serai.engine.Delivery;
import dev.serai.observe.waiting.HeldEvent;
import dev.serai.source.Enrichment;
import dev.serai.wire.EndConversation;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.IgnoredFields;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Reply.Identity;
import dev.serai.wire.Reply.SessionContinuity;
import dev.serai.wire.Reply.Timings;
import dev.serai.wire.StartConversation;
import dev.serai.wire.event.Decoded;
import dev.serai.wire.event.EventPreview;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one event while it goes down the line. The steps read and write it; the message's body and
 * headers are only what the next Kafka or HTTP endpoint needs.
 *
 * <p>Not thread-safe but for what says so: it belongs to its exchange, which runs on one thread at a time.
 */
public final class EventInFlight {
    private static final String PROPERTY = "serai.conversation";

    private final OriginalRecord original;
    private final Delivery delivery;
    private final HeldEvent held;
    private final Settlement settlement = new Settlement();
    private final Caller caller = new Caller();

    private final ReadEvent read;
    private final EventTimes times;
    private final Instant takenAt;
    private volatile Subject subject = new Subject(null, null);
    private List<EventInFlight> cancelled = List.of();
    private EventResult result = new EventResult.Open();
    private final UntoldRoom untold = new UntoldRoom();
    private ConversationSession session = ConversationSession.NONE;
    private int attempts;
    private boolean possibleDuplicateSession;
    private boolean answeredBefore;

    /** Whose event it is, and with which character; null as long as that is not known. */
    private record Subject(
            @Nullable String tenant, @Nullable String characterId) {}

    /**
     * @param delivery the record's place among those that this process holds
     * @param takenAt when the process took the record
     */
    public EventInFlight(OriginalRecord original, Delivery delivery, Instant takenAt) {
        this.original = original;
        this.delivery = delivery;
        held = new HeldEvent(original);
        this.takenAt = takenAt;
        read = new ReadEvent(original);
        times = new EventTimes(original.timestamp(), takenAt);
    }

    /** The conversation that the exchange works on. */
    public static EventInFlight of(Exchange exchange) {
        return Objects.requireNonNull(
                find(exchange), "the exchange has no conversation: its route must come after accept-record");
    }

    /** The conversation that the exchange works on, or null if it works on none. */
    static @Nullable EventInFlight find(Exchange exchange) {
        // Asked for at every step: without Camel's look at type converters.
        return (EventInFlight) exchange.getProperty(PROPERTY);
    }

    /** Makes the exchange work on this conversation. */
    public void attachTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
        delivery.attachTo(exchange);
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

    /** Who it is to the gate of its tenant, and with which priority; that may be asked from any thread. */
    Caller caller() {
        return caller;
    }

    /** Whose event it is; null where it names none that there is, or cannot be read. */
    @Nullable
    String tenant() {
        return held.tenant();
    }

    /** What can be seen of it before it is decoded. */
    void seen(EventPreview preview) {
        subject = new Subject(preview.tenant(), preview.characterId());
        held.seen(preview.tenant(), preview.ends() ? null : preview.deadline());
    }

    /**
     * Whether an end event is about this start event, as far as it is known by now: one that is not decoded may not say yet
     * whose it is, and then it is nobody's. May be asked from any thread.
     */
    boolean isConcernedBy(EndConversation end) {
        Subject known = subject;
        return end.concerns(known.tenant(), known.characterId());
    }

    /** When the process took its record. */
    Instant takenAt() {
        return takenAt;
    }

    /** What was read of its record. */
    ReadEvent read() {
        return read;
    }

    /** With which records it is settled. */
    Settlement settlement() {
        return settlement;
    }

    public String eventId() {
        return read.eventId();
    }

    /** The event's turn has come. */
    void begin(Instant now) {
        times.begin(now);
        held.goesOn();
    }

    /**
     * The decoded event, with its enrichment set to what it says itself.
     *
     * @param part of the memory for decoded events, until {@link EventContent#drop}
     */
    void accept(Decoded.Accepted decoded, DecodingBudget.Part part) {
        read.accept(decoded, part);
        StartConversation accepted = decoded.event();
        held.named(accepted.eventId());
        held.seen(accepted.tenant(), accepted.expiresAt());
        subject = new Subject(accepted.tenant(), accepted.characterId());
        caller.ranks(accepted.priority());
        session = ConversationSession.namedBy(accepted);
    }

    /** The decoded event, which ends its conversation. */
    void accept(EndConversation accepted, IgnoredFields unknown) {
        read.accept(accepted, unknown);
        held.named(accepted.eventId());
        held.seen(accepted.tenant(), null);
    }

    /** Keeps what could be read of an event that is not decoded, so that its reply can name it. */
    void refuse(Decoded.Refused refused) {
        read.refuse(refused);
        held.named(refused.eventId());
    }

    /**
     * The decoded event. Once the request is made, or the event has failed, it is without what only the provider is
     * told: scene, dynamic information, metadata and options.
     *
     * @throws IllegalStateException before it is decoded
     */
    public StartConversation event() {
        return read.content().event();
    }

    /** This end event was read, and has cancelled those before it in its conversation. Before it is queued. */
    void cancels(List<EventInFlight> starts) {
        cancelled = List.copyOf(starts);
    }

    /** How many were told so: one whose answer was on its way had that. After their turns, which come before this one's. */
    int eventsCancelled() {
        return (int) cancelled.stream()
                .map(EventInFlight::failure)
                .filter(failure -> failure != null && failure.category() == ErrorCategory.CANCELLED)
                .count();
    }

    /** What ending it has come to. */
    void sessionsEnded(int sessions, int left) {
        result = new EventResult.Ended(sessions, left);
    }

    /** Which session the event goes on with, and which it leaves to the next one. */
    ConversationSession session() {
        return session;
    }

    void session(ConversationSession changed) {
        session = changed;
    }

    void enrich(Enrichment found, Duration took) {
        read.content().enrich(found);
        times.enriched(took);
    }

    /** What the provider is told: see {@link EventContent#takeConnectBody}. */
    ConnectBody takeConnectBody() {
        return read.content().takeConnectBody(session.resumed());
    }

    /** The routes have ended: what is to be published is in the outbox, and nothing else is needed any more. */
    void ended() {
        if (read.isDecoded()) {
            read.content().drop();
        }
        if (result instanceof EventResult.Room room) {
            result = room.withoutAnswer();
        }
    }

    /** Takes over what calling the provider came to so far, whether it succeeded or not. */
    void called(ConnectCall call) {
        attempts = call.calls();
        possibleDuplicateSession = call.mayHaveLeftSession();
        times.called(call.waited(), call.took());
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
        result = new EventResult.Room(connected, how, part);
        untold.opened(new UnpublishedRoom(connected.sessionIds(), oneRoom, slot));
        session = session.opened(connected.characterSessionId());
    }

    /** The room of which no reply has told. */
    UntoldRoom untold() {
        return untold;
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
        result = new EventResult.Repeated(reply);
    }

    /** Whether the room that it was answered with before is what the event comes to. */
    boolean isRepeated() {
        return result instanceof EventResult.Repeated;
    }

    /** Whether a room of its own is what the event comes to. */
    boolean hasRoom() {
        return result instanceof EventResult.Room;
    }

    /** Gives up, also on a room that was opened already: nobody will join its session. */
    void fail(Failure reason) {
        possibleDuplicateSession |= hasRoom();
        held.goesOn();
        ended();
        result = new EventResult.Failed(reason);
        delivery.outbox().clear();
        settlement.clear();
    }

    /** Why there is no room, or null as long as there may be one. */
    public @Nullable Failure failure() {
        return result instanceof EventResult.Failed failed ? failed.failure() : null;
    }

    public int attempts() {
        return attempts;
    }

    /** What the event comes to, as of now. */
    EventResult result() {
        return result;
    }

    /** Which event a reply answers. */
    Identity identity(boolean standIn) {
        return read.identity(tenant(), attempts, possibleDuplicateSession, standIn);
    }

    /** How long the event has taken so far. */
    Timings timings() {
        return times.sum();
    }

    @Override
    public String toString() {
        return "EventInFlight[" + eventId() + "]";
    }
}
