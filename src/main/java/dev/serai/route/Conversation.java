package dev.serai.route;

import dev.serai.enrich.Enrichment;
import dev.serai.event.ConnectionType;
import dev.serai.event.Failure;
import dev.serai.event.OriginalRecord;
import dev.serai.event.Provenance;
import dev.serai.event.Reply;
import dev.serai.event.Reply.Identity;
import dev.serai.event.Reply.SessionContinuity;
import dev.serai.event.Reply.Timings;
import dev.serai.event.StartConversation;
import dev.serai.intake.Decoded;
import dev.serai.provider.ConnectAnswer;
import dev.serai.provider.ConnectRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one event while it goes down the line. The steps read and write it; the message's body and
 * headers are only what the next Kafka or HTTP endpoint needs.
 *
 * <p>Not thread-safe: it belongs to its exchange, which runs on one thread.
 */
public final class Conversation {
    private final OriginalRecord original;
    private final Instant begunAt;

    private String eventId;
    private @Nullable String characterId;
    private @Nullable ConnectionType connectionType;
    private @Nullable StartConversation event;
    private @Nullable String resumedSession;
    private @Nullable Enrichment enrichment;
    private @Nullable ConnectAnswer answer;
    private @Nullable Failure failure;
    private SessionContinuity continuity = SessionContinuity.NEW;
    private int attempts;
    private boolean possibleDuplicateSession;
    private boolean answered;
    private Duration enrichTime = Duration.ZERO;
    private Duration connectTime = Duration.ZERO;

    public Conversation(OriginalRecord original, Instant begunAt) {
        this.original = original;
        this.begunAt = begunAt;
        eventId = original.position();
    }

    /** The conversation that the exchange works on. */
    public static Conversation of(Exchange exchange) {
        return Objects.requireNonNull(
                exchange.getProperty(ExchangeKeys.CONVERSATION, Conversation.class),
                "the exchange has no conversation: its route must come after accept-record");
    }

    /** Makes the exchange work on this conversation. */
    public void attachTo(Exchange exchange) {
        exchange.setProperty(ExchangeKeys.CONVERSATION, this);
    }

    public OriginalRecord original() {
        return original;
    }

    public String eventId() {
        return eventId;
    }

    /** The decoded event, with its enrichment set to what it says itself. */
    void accept(StartConversation accepted) {
        event = accepted;
        eventId = accepted.eventId();
        characterId = accepted.characterId();
        connectionType = accepted.connectionType();
        resumedSession = accepted.characterSessionId();
        enrichment = Enrichment.inline(accepted);
    }

    /** Keeps what could be read of an event that was refused, so that its reply can name it. */
    void refuse(Decoded.Refused refused) {
        eventId = refused.eventId();
        characterId = refused.characterId();
        connectionType = refused.connectionType();
    }

    /**
     * The decoded event.
     *
     * @throws IllegalStateException before it is decoded
     */
    public StartConversation event() {
        return known(event, "decode-event");
    }

    /** The session to go on with: the one that the event names, else a remembered one, else null. */
    @Nullable
    String resumedSession() {
        return resumedSession;
    }

    void resume(String characterSessionId) {
        resumedSession = characterSessionId;
    }

    public Enrichment enrichment() {
        return known(enrichment, "decode-event");
    }

    void enrich(Enrichment enriched, Duration took) {
        enrichment = enriched;
        enrichTime = enrichTime.plus(took);
    }

    ConnectRequest connectRequest() {
        Enrichment enriched = enrichment();
        return new ConnectRequest(event(), resumedSession, enriched.scene(), enriched.dynamicInfo());
    }

    /** Takes over what calling the provider came to so far, whether it succeeded or not. */
    void called(int calls, boolean mayHaveLeftSession, Duration took) {
        attempts = calls;
        possibleDuplicateSession = mayHaveLeftSession;
        connectTime = took;
    }

    void connected(ConnectAnswer connected, SessionContinuity how) {
        answer = connected;
        continuity = how;
    }

    /** Gives up, also on a room that was opened already: nobody will join its session. */
    void fail(Failure reason) {
        possibleDuplicateSession |= answer != null;
        failure = reason;
        answer = null;
    }

    /** Why there is no room, or null as long as there may be one. */
    public @Nullable Failure failure() {
        return failure;
    }

    /** Kafka has acknowledged a reply or a dead letter. */
    void answered() {
        answered = true;
    }

    boolean isAnswered() {
        return answered;
    }

    public int attempts() {
        return attempts;
    }

    /**
     * The event's reply as of now.
     *
     * @throws IllegalStateException if the event neither failed nor got a room
     */
    Reply reply(Instant now) {
        Identity identity = new Identity(
                eventId, original.conversationKey(), characterId, connectionType, attempts, possibleDuplicateSession);
        if (failure != null) {
            return new Reply.Failed(identity, failure);
        }
        ConnectAnswer connected = known(answer, "connect");
        Provenance scene = enrichment().sceneFrom();
        Provenance dynamicInfo = enrichment().dynamicInfoFrom();
        Duration queued = Duration.between(original.timestamp(), begunAt);
        return new Reply.Started(
                identity,
                connected.fields(),
                continuity,
                now,
                connected.tokenExpiry(),
                scene,
                dynamicInfo,
                new Timings(queued.isNegative() ? Duration.ZERO : queued, enrichTime, connectTime));
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
