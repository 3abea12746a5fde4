package dev.serai.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.Json;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A table as a JSON object. */
final class JsonEntries {
    private JsonEntries() {}

    static Map<String, JsonNode> of(Path file, String text) throws UnusableFileException {
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            // Not the parser's own message: it quotes the file.
            throw new UnusableFileException(
                    file,
                    e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                    "is no JSON, or has a name for the second time in one object: mend it there or above");
        }
        if (!root.isObject()) {
            throw new UnusableFileException(file, "must hold one JSON object, of references and their values");
        }
        Map<String, JsonNode> entries = new HashMap<>();
        root.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        return entries;
    }
}
