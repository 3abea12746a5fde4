package dev.serai.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connect.answer.RoomSecrets;
import dev.serai.wire.Json;
import dev.serai.wire.Reply;
import dev.serai.wire.Secrets;

/**
 * A reply as a terminal shows it: what would steer one stands as its code, which JSON reads as the same.
 *
 * @param withSecrets whether whoever reads it is to see the room's credentials
 */
record ReplyText(ReceivedReply reply, boolean withSecrets) {
    ReplyText {
        RoomSecrets.know(reply.fields());
    }

    /** What it comes to, in one line and without secrets. */
    String summary() {
        ObjectNode fields = reply.fields();
        return Printable.line(Secrets.inLog(
                switch (reply.status()) {
                    case ReceivedReply.STARTED -> started(fields);
                    case ReceivedReply.FAILED -> failed(fields.path("error"));
                    case ReceivedReply.ENDED -> reply.ended();
                    case "" -> "a reply that does not say what became of the event";
                    default -> "a reply of status " + reply.status() + ", which this version does not know";
                }));
    }

    private static String started(ObjectNode fields) {
        JsonNode room = fields.path("room_name");
        return "started: " + (room.isTextual() ? "room " + room.textValue() : "a room")
                + " with " + fields.path("character_id").asText()
                + (fields.path(Reply.REPEATED).asBoolean() ? ", told of before" : "")
                + ", continuity " + fields.path("continuity").asText()
                + (fields.path(Reply.STAND_IN).asBoolean()
                        ? "; the stand-in has answered, and nobody can join its rooms"
                        : "");
    }

    private String failed(JsonNode error) {
        return "failed: " + reply.problem()
                + (error.path("http_status").isNumber()
                        ? "; the provider answered " + error.path("http_status").asText()
                        : "")
                + (error.path("retryable").asBoolean() ? "; the same event can succeed later" : "");
    }

    /** The whole reply with line breaks and indentation. */
    String indented() {
        return text(true);
    }

    /** The whole reply in one line. */
    String line() {
        return text(false);
    }

    private String text(boolean isIndented) {
        ObjectNode object = reply.object();
        if (object.isEmpty()) {
            return Printable.line(withSecrets ? reply.text() : Secrets.inLog(reply.text()));
        }
        JsonNode shown = withSecrets ? object : Secrets.masked(object);
        try {
            return isIndented
                    ? Printable.withBreaks(
                            Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(shown))
                    : Printable.line(Json.MAPPER.writeValueAsString(shown));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was parsed cannot be written: " + e.getOriginalMessage(), e);
        }
    }
}
