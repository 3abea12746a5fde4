package dev.serai.trial.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.trial.standin.RecordedCall;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@code /connect} as the stand-in saw it. Its event and conversation are read from the call's
 * {@code end_user_metadata}, where events of a run carry them ({@link #metadata}); its process is told by the port on which
 * the stand-in was called, of which each process has its own ({@link Callers}).
 *
 * @param receivedAt inclusive
 * @param endedAt exclusive: answered, reset, or given up by its caller; null while it is in progress
 * @param answered false if the call ended without an answer
 * @param failed whether the provider saw to it that no room came of it: by its answer, or by a fault that was asked of it
 * @param opened whether it opened a session, whether or not its caller could learn of it
 * @param room the name of the session's room, as far as there was an answer with one
 */
public record SeenCall(
        String eventId,
        String conversation,
        String process,
        Instant receivedAt,
        @Nullable Instant endedAt,
        boolean answered,
        boolean failed,
        boolean opened,
        @Nullable String room) {

    private static final String EVENT_ID = "event_id";
    private static final String CONVERSATION = "conversation";

    /** What an event's {@code end_user_metadata} must hold. */
    public static Map<String, String> metadata(String eventId, String conversation) {
        return Map.of(EVENT_ID, eventId, CONVERSATION, conversation);
    }

    static SeenCall of(RecordedCall call, String process) {
        JsonNode metadata =
                SeenReply.json(call.body().getBytes(StandardCharsets.UTF_8)).path("end_user_metadata");
        return new SeenCall(
                metadata.path(EVENT_ID).asText(),
                metadata.path(CONVERSATION).asText(),
                process,
                call.receivedAt(),
                call.endedAt(),
                call.status() != null,
                isFailed(call),
                call.sessionMade(),
                room(call));
    }

    private static @Nullable String room(RecordedCall call) {
        String answer = call.answer();
        return !call.sessionMade() || answer == null
                ? null
                : SeenReply.json(answer.getBytes(StandardCharsets.UTF_8))
                        .path("room_name")
                        .textValue();
    }

    private static boolean isFailed(RecordedCall call) {
        Integer status = call.status();
        return status == null ? call.fault() != null : status >= 300;
    }
}
