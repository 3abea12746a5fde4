package dev.serai.operate.letters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.wire.Characters;
import dev.serai.wire.Json;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.Secrets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Letters as JSON, for people and machines. What is no UTF-8 is in base64, in a field of its own name: {@code value_base64};
 * and since nothing can be masked in it, only with secrets: without them its length stands there. Immutable.
 *
 * @param withSecrets whether what looks like a secret is shown
 */
public record LetterJson(boolean withSecrets) {

    /** In one line of a list: no value, no headers. */
    public ObjectNode brief(Letter letter, @Nullable String replay) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("letter", letter.position());
        json.put("failed_at", letter.failedAt().toString());
        json.put("reason", letter.reason());
        json.put("detail", withSecrets ? letter.detail() : Secrets.mask(letter.detail()));
        json.put("event_id", letter.eventId());
        json.put("key", letter.asRecord().conversationKey());
        json.put("tenant", letter.tenant());
        json.put("replays", letter.replays());
        json.put("replayed_by", replay);
        return json;
    }

    /** All of it. */
    public ObjectNode whole(Letter letter, @Nullable String replay) {
        ObjectNode json = brief(letter, replay);
        json.put("timestamp", letter.asRecord().timestamp().toString());
        json.put("format", letter.format().wireName());
        letter.attempts().ifPresent(attempts -> json.put("attempts", attempts));
        ObjectNode original = json.putObject("original");
        original.put("topic", letter.originalTopic().orElse(null));
        letter.originalPartition().ifPresent(partition -> original.put("partition", partition));
        letter.originalOffset().ifPresent(offset -> original.put("offset", offset));
        var headers = json.putArray("headers");
        letter.asRecord().headers().forEach(header -> headers.add(header(header)));
        putValue(json, letter);
        return json;
    }

    private ObjectNode header(RecordHeader header) {
        ObjectNode json = Json.MAPPER.createObjectNode().put("name", header.name());
        byte[] value = header.value();
        Optional<String> text = text(value);
        if (value == null) {
            json.putNull("value");
        } else if (text.isPresent()) {
            // With its name, which can say that it is a secret.
            JsonNode named = shown(Json.MAPPER.createObjectNode().put(header.name(), text.get()));
            json.set("value", named.elements().next());
        } else {
            putBytes(json, value);
        }
        return json;
    }

    private void putValue(ObjectNode json, Letter letter) {
        byte[] value = letter.asRecord().value();
        Optional<String> text = text(value);
        if (value == null) {
            json.putNull("value");
        } else if (!letter.json().isMissingNode()) {
            json.set("value", shown(letter.json()));
        } else if (text.isPresent()) {
            json.set("value_text", shown(TextNode.valueOf(text.get())));
        } else {
            putBytes(json, value);
        }
    }

    private void putBytes(ObjectNode json, byte[] value) {
        if (withSecrets) {
            json.put("value_base64", Base64.getEncoder().encodeToString(value));
        } else {
            json.put("value_bytes", value.length);
        }
    }

    private JsonNode shown(JsonNode value) {
        return withSecrets ? value : Secrets.masked(value);
    }

    private static Optional<String> text(byte @Nullable [] bytes) {
        return bytes == null ? Optional.empty() : Characters.ofUtf8(bytes);
    }
}
