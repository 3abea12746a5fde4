package dev.serai.source.kind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.source.SourceFailedException;
import dev.serai.source.SourceFailedException.Reason;
import dev.serai.wire.Characters;
import dev.serai.wire.Json;
import dev.serai.wire.RegistryFrame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a source's route leaves in the body: nothing, or JSON's null, if the source does not know the reference, or else
 * JSON, as bytes in UTF-8, a text, a stream, a {@link JsonNode}, or Java's maps and collections. A byte order mark, and
 * the frame of a schema registry, are taken off.
 */
public final class SourceAnswer {
    /** A longer answer is a failure of its source: model context is not where megabytes belong. */
    public static final int MAX_BYTES = 256 * 1024;

    private SourceAnswer() {}

    static Optional<JsonNode> of(String source, @Nullable Object body) throws SourceFailedException {
        try {
            JsonNode answer =
                    switch (body) {
                        case null -> NullNode.getInstance();
                        case byte[] bytes -> parsed(source, bytes);
                        case String text -> parsed(source, encoded(source, text));
                        case InputStream stream -> parsed(source, bounded(stream));
                        case JsonNode json -> json;
                        case Map<?, ?> map -> Json.MAPPER.valueToTree(map);
                        case Collection<?> rows -> Json.MAPPER.valueToTree(rows);
                        default ->
                            throw unusable(
                                    source,
                                    "its route left " + body.getClass().getName()
                                            + " in the body, which is no JSON: convert it to bytes, a text, a map or a list");
                    };
            return answer.isNull() ? Optional.empty() : Optional.of(answer);
        } catch (JsonProcessingException e) {
            throw unusable(source, "it is no JSON");
        } catch (IllegalArgumentException e) {
            throw unusable(source, "it has values that have no form in JSON");
        } catch (IOException e) {
            throw new SourceFailedException(Reason.FAILED, "source " + source + " could not be read to its end", e);
        }
    }

    private static byte[] bounded(InputStream stream) throws IOException {
        try (stream) {
            return stream.readNBytes(MAX_BYTES + 1);
        }
    }

    private static byte[] encoded(String source, String text) throws SourceFailedException {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw unusable(source, "it has half a character (an unpaired surrogate)");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode parsed(String source, byte[] bytes) throws JsonProcessingException, SourceFailedException {
        if (bytes.length > MAX_BYTES) {
            throw unusable(source, "it is longer than " + MAX_BYTES + " bytes");
        }
        JsonNode json = Json.MAPPER.readTree(text(source, bytes));
        if (json.isMissingNode()) {
            throw unusable(source, "it is empty");
        }
        return json;
    }

    private static String text(String source, byte[] bytes) throws SourceFailedException {
        byte[] json = RegistryFrame.takenOff(bytes);
        if (json.length > 0 && json[0] == 0) {
            throw unusable(
                    source,
                    "it is in the wire format of a schema registry, and no JSON: Avro and Protobuf are not read");
        }
        // Strict, so that nothing is put in place of what cannot be read, and goes on to the provider.
        return Characters.ofUtf8(json)
                .map(Characters::withoutMark)
                .orElseThrow(() -> unusable(source, "it is not in UTF-8"));
    }

    private static SourceFailedException unusable(String source, String why) {
        return new SourceFailedException(
                Reason.UNUSABLE, "the answer of source " + source + " cannot be used: " + why, why, null);
    }
}
