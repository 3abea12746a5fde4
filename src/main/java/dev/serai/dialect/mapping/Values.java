package dev.serai.dialect.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.jsonata.JsonataExpression;
import dev.serai.jsonata.JsonataValues;
import dev.serai.wire.Json;
import java.math.BigInteger;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Between JSON as a tree and what JSONata calculates with: maps, lists, texts, numbers and truth values. Stateless. */
final class Values {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Beyond it, a number with a fraction has no whole part that is exact. */
    private static final double MOST_EXACT = 1L << 53;

    private Values() {}

    static @Nullable Object ofJson(JsonNode node) {
        return JsonataValues.of(Json.MAPPER.convertValue(node, Object.class));
    }

    /**
     * @param path of the value, for the reason why it has no JSON
     * @throws RejectedRecord if it has none
     */
    static JsonNode toJson(@Nullable Object value, String path) {
        return switch (value) {
            case String text -> text(text, path);
            case Boolean truth -> NODES.booleanNode(truth);
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case BigInteger number -> NODES.numberNode(number);
            case Number number -> number(number.doubleValue(), path);
            case Map<?, ?> map -> {
                ObjectNode object = NODES.objectNode();
                map.forEach((name, field) -> object.set(
                        text(String.valueOf(name), path).textValue(), toJson(field, path + "/" + escaped(name))));
                yield object;
            }
            case List<?> list -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = 0; i < list.size(); i++) {
                    array.add(toJson(list.get(i), path + "/" + i));
                }
                yield array;
            }
            case null -> NODES.nullNode();
            default -> {
                if (JsonataExpression.isAbsent(value)) {
                    yield NODES.nullNode();
                }
                throw new RejectedRecord(path + ": is a function or a regular expression, must be JSON");
            }
        };
    }

    private static String escaped(@Nullable Object name) {
        return String.valueOf(name).replace("~", "~0").replace("/", "~1");
    }

    private static JsonNode number(double number, String path) {
        if (!Double.isFinite(number)) {
            throw new RejectedRecord(path + ": is a number that JSON does not have");
        }
        return number == Math.rint(number) && Math.abs(number) <= MOST_EXACT
                ? NODES.numberNode((long) number)
                : NODES.numberNode(number);
    }

    /** Half a character (an unpaired surrogate) could be neither sent nor answered. */
    private static JsonNode text(String text, String path) {
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        if (!encoder.canEncode(text)) {
            throw new RejectedRecord(path + ": holds text that is not valid Unicode");
        }
        return NODES.textNode(text);
    }
}
