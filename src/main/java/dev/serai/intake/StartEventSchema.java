package dev.serai.intake;

import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.serai.event.NumberText;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks events against {@code schema/start-conversation.json}. Immutable and thread-safe. */
final class StartEventSchema {
    private static final int MAX_PROBLEMS = 5;

    private final JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(
                    StartEventSchema.class.getResourceAsStream("/schema/start-conversation.json"),
                    SchemaValidatorsConfig.builder()
                            .pathType(PathType.JSON_POINTER)
                            .locale(Locale.ROOT)
                            .build());

    /** The names of an event's fields. */
    EventFields fields() {
        return new EventFields(schema.getSchemaNode());
    }

    /** What is wrong, each with its JSON pointer and the expectation; empty when nothing is. Values are not quoted. */
    Optional<String> problems(ObjectNode event) {
        String problems = schema.validate(calculable(event)).stream()
                .map(ValidationMessage::getMessage)
                .limit(MAX_PROBLEMS)
                .collect(Collectors.joining("; "));
        return problems.isEmpty() ? Optional.empty() : Optional.of(problems);
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
