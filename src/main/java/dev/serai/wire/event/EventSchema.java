package dev.serai.wire.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.serai.wire.NumberText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks events against one of the schemas that publishers read. Immutable and thread-safe. */
final class EventSchema {
    private static final int MAX_PROBLEMS = 5;

    private static final Map<String, String> TYPES = Map.of(
            "string", "a string",
            "integer", "a whole number",
            "number", "a number",
            "boolean", "a boolean",
            "array", "an array",
            "object", "an object");

    private final JsonSchema schema;

    private EventSchema(String resource) {
        schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        EventSchema.class.getResourceAsStream(resource),
                        SchemaValidatorsConfig.builder()
                                .pathType(PathType.JSON_POINTER)
                                .locale(Locale.ROOT)
                                .build());
    }

    /** Of events that start a session. */
    static EventSchema start() {
        return new EventSchema("/schema/start-conversation.json");
    }

    /** Of events that end a conversation. */
    static EventSchema end() {
        return new EventSchema("/schema/end-conversation.json");
    }

    /** The names of an event's fields. */
    EventFields fields() {
        return new EventFields(schema.getSchemaNode());
    }

    /** What is wrong, each with its JSON pointer and the expectation; empty when nothing is. Values are not quoted. */
    Optional<String> problems(ObjectNode event) {
        String problems = schema.validate(calculable(event)).stream()
                .map(EventSchema::text)
                .limit(MAX_PROBLEMS)
                .collect(Collectors.joining("; "));
        return problems.isEmpty() ? Optional.empty() : Optional.of(problems);
    }

    /** Null means absent, and is nothing to expect. */
    private static String text(ValidationMessage problem) {
        String place = problem.getInstanceLocation() + ": ";
        return switch (problem.getType()) {
            case "type" ->
                place
                        + type(problem)
                        + (place.equals("/expires_at: ") ? EpochTime.hint(problem.getInstanceNode()) : "");
            case "enum" -> place + "must be " + oneOf(problem.getSchemaNode());
            case "minLength" -> place + "must not be empty";
            case "maximum" -> problem.getMessage() + EpochTime.hint(problem.getInstanceNode());
            default -> problem.getMessage();
        };
    }

    private static String type(ValidationMessage problem) {
        String found = String.valueOf(problem.getArguments()[0]);
        String expected = Stream.of(String.valueOf(problem.getArguments()[1]).split("\\W+", -1))
                .filter(TYPES::containsKey)
                .map(TYPES::get)
                .collect(Collectors.joining(" or "));
        return "must be " + expected + ", and is " + TYPES.getOrDefault(found, found);
    }

    private static String oneOf(JsonNode values) {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : values) {
            if (!value.isNull()) {
                texts.add(value.toString());
            }
        }
        return String.join(" or ", texts);
    }

    /** The validator reads numbers from their texts, and fails on exponents that Java's numbers do not have. */
    private static ObjectNode calculable(ObjectNode event) {
        if (event.properties().stream().noneMatch(field -> field.getValue() instanceof NumberText)) {
            return event;
        }
        ObjectNode calculable = event.objectNode();
        event.properties()
                .forEach(field -> calculable.set(
                        field.getKey(),
                        field.getValue() instanceof NumberText number
                                ? DecimalNode.valueOf(number.decimalValue())
                                : field.getValue()));
        return calculable;
    }
}
