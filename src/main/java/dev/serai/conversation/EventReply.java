package dev.serai.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connect.answer.ConnectAnswer;
import dev.serai.wire.Reply;
import dev.serai.wire.Reply.Identity;
import dev.serai.wire.Secrets;
import java.time.Instant;
import java.util.Objects;

/** The reply to an event, made of what it has come to. */
final class EventReply {
    private EventReply() {}

    /**
     * The event's reply as of now.
     *
     * @param withSessionIds whether it has the provider's {@code session_id}, if there is a room
     * @param standIn whether the stand-in answers, and no provider
     * @throws IllegalStateException if the event neither failed nor got a room, nor ended its conversation
     */
    static Reply of(EventInFlight inFlight, Instant now, boolean withSessionIds, boolean standIn) {
        Identity identity = inFlight.identity(standIn);
        return switch (inFlight.result()) {
            case EventResult.Open open -> throw new IllegalStateException("not known before the step connect");
            case EventResult.Repeated again -> new Reply.Repeated(again.reply().handOut(withSessionIds));
            case EventResult.Failed failed ->
                new Reply.Failed(
                        identity,
                        failed.failure(),
                        inFlight.read().isEnriched() ? inFlight.read().content().origins() : null);
            case EventResult.Ended done -> ended(inFlight, identity, done);
            case EventResult.Room room -> started(inFlight, identity, room, now, withSessionIds);
        };
    }

    private static Reply ended(EventInFlight inFlight, Identity identity, EventResult.Ended done) {
        String reason = inFlight.read().end().reason();
        return new Reply.Ended(
                identity,
                done.sessions(),
                done.left(),
                inFlight.eventsCancelled(),
                reason == null ? null : Secrets.mask(reason));
    }

    private static Reply started(
            EventInFlight inFlight, Identity identity, EventResult.Room room, Instant now, boolean withSessionIds) {
        ConnectAnswer answer = Objects.requireNonNull(room.answer(), "not known once the routes have ended");
        ObjectNode fields = withSessionIds ? answer.fields() : answer.fieldsWithoutSessionIds();
        return new Reply.Started(
                identity,
                fields,
                room.continuity(),
                now,
                answer.tokenExpiry(),
                inFlight.read().content().origins(),
                inFlight.timings());
    }
}
