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
        if (reference.startsWith("#")) {
            return at(reference.substring(1));
        }
        String[] parts = reference.split("#", 2);
        JsonNode file = JSON.readTree(FILE.resolveSibling(parts[0]).normalize().toFile());
        return parts.length == 1 ? file : file.at(parts[1]);
    }

    /** The headers that a message has, whether each is required or not. */
    Set<String> headers(String message) throws IOException {
        return properties("/components/messages/" + message + "/headers");
    }

    /** The fields that the value of a message has, likewise. */
    Set<String> fields(String message) throws IOException {
        return properties("/components/messages/" + message + "/payload");
    }

    /** The headers, or the fields, that a message must have. */
    Set<String> required(String message, String part) throws IOException {
        Set<String> names = new TreeSet<>();
        for (JsonNode schema :
                at("/components/messages/" + message + "/" + part).path("allOf")) {
            JsonNode all =
                    schema.has(REFERENCE) ? referredTo(schema.get(REFERENCE).asText()) : schema;
            all.path("required").forEach(name -> names.add(name.asText()));
        }
        return names;
    }

    /** The first example of a message. */
    JsonNode example(String message) {
        return root.at("/components/messages/" + message + "/examples/0");
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
