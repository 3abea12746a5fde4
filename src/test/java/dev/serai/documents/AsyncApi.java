package dev.serai.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;

/** The AsyncAPI document as a tree, with a way along its references. */
final class AsyncApi {
    static final Path FILE = Path.of("src/docs/asyncapi.yaml");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REFERENCE = "$ref";

    private final JsonNode root;

    private AsyncApi(JsonNode root) {
        this.root = root;
    }

    static AsyncApi read() throws IOException {
        return new AsyncApi(JSON.valueToTree(new Yaml().load(Files.readString(FILE))));
    }

    JsonNode root() {
        return root;
    }

    /** What is there, or in the place or the file that it refers to. */
    JsonNode at(String pointer) throws IOException {
        JsonNode there = root.at(pointer);
        return there.has(REFERENCE) ? referredTo(there.get(REFERENCE).asText()) : there;
    }

    private JsonNode referredTo(String reference) throws IOException {
        return reference.startsWith("#")
                ? at(reference.substring(1))
                : JSON.readTree(FILE.resolveSibling(reference).normalize().toFile());
    }

    /** The headers that a message has, whether each is required or not. */
    Set<String> headers(String message) throws IOException {
        return properties("/components/messages/" + message + "/headers");
    }

    private Set<String> properties(String pointer) throws IOException {
        JsonNode schema = at(pointer);
        Set<String> names = new TreeSet<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        for (JsonNode part : schema.path("allOf")) {
            JsonNode all = part.has(REFERENCE) ? referredTo(part.get(REFERENCE).asText()) : part;
            all.path("properties").fieldNames().forEachRemaining(names::add);
        }
        return names;
    }
}
