package dev.serai.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads any JSON into a tree whose numbers are written as they were: those that a Java number would write differently
 * become {@link NumberText}. Jackson's own reading rounds them. Stateless and thread-safe.
 */
final class JsonTree extends StdDeserializer<JsonNode> {
    private static final long serialVersionUID = 1L;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    JsonTree() {
        super(JsonNode.class);
    }

    @Override
    public JsonNode getNullValue(DeserializationContext context) {
        return NullNode.instance;
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        return null;
    }

    /** Without recursion: how deep a text may be nested is the parser's bound. */
    @Override
    public JsonNode deserialize(JsonParser json, DeserializationContext context) throws IOException {
        Deque<ContainerNode<?>> open = new ArrayDeque<>();
        String field = json.hasToken(JsonToken.FIELD_NAME) ? json.currentName() : "";
        if (json.hasToken(JsonToken.FIELD_NAME)) {
            // Who asks has taken the brace already.
            open.push(NODES.objectNode());
            json.nextToken();
        }
        while (true) {
            JsonNode value;
            switch (json.currentToken()) {
                case START_OBJECT, START_ARRAY -> {
                    ContainerNode<?> container =
                            json.hasToken(JsonToken.START_OBJECT) ? NODES.objectNode() : NODES.arrayNode();
                    add(container, field, open.peek());
                    open.push(container);
                    value = container;
                }
                case END_OBJECT, END_ARRAY -> value = open.pop();
                default -> {
                    value = scalar(json, context);
                    add(value, field, open.peek());
                }
            }
            if (open.isEmpty()) {
                return value;
            }
            if (json.nextToken() == JsonToken.FIELD_NAME) {
                field = json.currentName();
                json.nextToken();
            }
        }
    }

    private static void add(JsonNode value, String field, @Nullable ContainerNode<?> container) {
        switch (container) {
            case ObjectNode object -> object.set(field, value);
            case ArrayNode array -> array.add(value);
            case null -> {}
            default -> throw new IllegalStateException(container.getClass().getName());
        }
    }

    private static JsonNode scalar(JsonParser json, DeserializationContext context) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_STRING -> NODES.textNode(json.getText());
            case VALUE_NUMBER_INT -> whole(json);
            case VALUE_NUMBER_FLOAT -> decimal(json);
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_EMBEDDED_OBJECT -> embedded(json.getEmbeddedObject());
            default -> (JsonNode) context.handleUnexpectedToken(JsonNode.class, json);
        };
    }

    private static JsonNode whole(JsonParser json) throws IOException {
        return switch (json.getNumberType()) {
            case INT -> {
                int number = json.getIntValue();
                yield number == 0 && json.getText().startsWith("-") ? new NumberText("-0") : NODES.numberNode(number);
            }
            case LONG -> NODES.numberNode(json.getLongValue());
            default -> new NumberText(json.getText());
        };
    }

    /** Of a text the digits that stand there; of an object of Java's, which nobody has written, all that it has. */
    private static JsonNode decimal(JsonParser json) throws IOException {
        return switch (json.getNumberValueDeferred()) {
            case BigDecimal number -> NumberText.of(number);
            case Double number -> of(number);
            case Float number -> of(Double.parseDouble(number.toString()));
            default -> new NumberText(json.getText());
        };
    }

    private static JsonNode of(double number) {
        return Double.isFinite(number)
                ? NumberText.of(BigDecimal.valueOf(number))
                // JSON has no such number.
                : NODES.textNode(Double.toString(number));
    }

    private static JsonNode embedded(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case byte[] bytes -> NODES.binaryNode(bytes);
            case JsonNode node -> node;
            default -> NODES.pojoNode(value);
        };
    }
}
