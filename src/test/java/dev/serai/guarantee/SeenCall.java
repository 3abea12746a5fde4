package dev.serai.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.trial.standin.RecordedCall;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@code /connect} as the stand-in saw it. Its event and conversation are read from the call's
 * {@code end_user_metadata}, where events of a run carry them ({@link #metadata}); its process from the name by which the
 * stand-in was called, of which each process has its own.
 *
 * @param process the first label of the request's {@code Host}
 * @param receivedAt inclusive
 * @param endedAt exclusive: answered, reset, or given up by its caller; null while it is in progress
 * @param answered false if the call ended without an answer
 * @param failed whether the provider saw to it that no room came of it: by its answer, or by a fault that was asked of it
 */
public record SeenCall(
        String eventId,
        String conversation,
        String process,
        Instant receivedAt,
        @Nullable Instant endedAt,
        boolean answered,
        boolean failed) {

    private static final String EVENT_ID = "event_id";
    private static final String CONVERSATION = "conversation";

    /** What an event's {@code end_user_metadata} must hold. */
    public static Map<String, String> metadata(String eventId, String conversation) {
        return Map.of(EVENT_ID, eventId, CONVERSATION, conversation);
    }

    public static SeenCall of(RecordedCall call) {
        JsonNode metadata =
                SeenReply.json(call.body().getBytes(StandardCharsets.UTF_8)).path("end_user_metadata");
        return new SeenCall(
                metadata.path(EVENT_ID).asText(),
                metadata.path(CONVERSATION).asText(),
                process(call),
                call.receivedAt(),
                call.endedAt(),
                call.status() != null,
                isFailed(call));
    }

    private static boolean isFailed(RecordedCall call) {
        Integer status = call.status();
        return status == null ? call.fault() != null : status >= 300;
    }

    /** The process that made a call. */
    public static String process(RecordedCall call) {
        return call.header("Host").orElse("").replaceFirst("[.:].*", "");
    }
}
