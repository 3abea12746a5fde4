package dev.serai.source.kind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.source.SourceFailedException;
import dev.serai.source.SourceFailedException.Reason;
import dev.serai.wire.Json;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/**
 * The Java side of the template {@code source-sql}: the rows that camel-sql leaves in the body as JSON. Names of columns
 * are in lower case, whatever the database makes of them.
 */
public final class SqlRows {
    private SqlRows() {}

    /** Leaves an array of objects in the body, or nothing if there are no rows. */
    public static void toJson(Exchange exchange) throws SourceFailedException {
        List<?> rows = exchange.getMessage().getBody(List.class);
        if (rows == null || rows.isEmpty()) {
            exchange.getMessage().setBody(null);
            return;
        }
        ArrayNode json = Json.MAPPER.createArrayNode();
        long characters = 0;
        for (Object row : rows) {
            ObjectNode object = json.addObject();
            for (Map.Entry<?, ?> column : ((Map<?, ?>) row).entrySet()) {
                String name = String.valueOf(column.getKey()).toLowerCase(Locale.ROOT);
                characters += name.length() + length(column.getValue());
                if (characters > SourceAnswer.MAX_BYTES) {
                    throw new SourceFailedException(
                            Reason.UNUSABLE, "the rows are longer than " + SourceAnswer.MAX_BYTES + " characters");
                }
                object.set(name, value(name, column.getValue()));
            }
        }
        exchange.getMessage().setBody(json);
    }

    private static int length(@Nullable Object value) {
        return switch (value) {
            case String text -> text.length();
            case PGobject object -> length(object.getValue());
            case BigDecimal number -> number.precision();
            case null -> 1;
            default -> 1;
        };
    }

    private static JsonNode value(String column, @Nullable Object value) throws SourceFailedException {
        return switch (value) {
            case null -> NullNode.instance;
            case String text -> TextNode.valueOf(text);
            case Boolean truth -> BooleanNode.valueOf(truth);
            case Number number -> Json.MAPPER.valueToTree(number);
            case Timestamp time ->
                TextNode.valueOf(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time.toLocalDateTime()));
            case PGobject object -> postgres(column, object);
            case byte[] bytes -> throw unusable(column, "binary");
            case java.sql.Array array -> throw unusable(column, "an array: join it in the query, or make it JSON");
            default -> TextNode.valueOf(value.toString());
        };
    }

    /** PostgreSQL's JSON is JSON; its other types have a text. */
    private static JsonNode postgres(String column, PGobject object) throws SourceFailedException {
        String text = object.getValue();
        if (text == null) {
            return NullNode.instance;
        }
        String type = object.getType();
        if (!"json".equals(type) && !"jsonb".equals(type)) {
            return TextNode.valueOf(text);
        }
        try {
            return Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw unusable(column, "JSON with one field twice");
        }
    }

    private static SourceFailedException unusable(String column, String what) {
        return new SourceFailedException(Reason.UNUSABLE, "the column " + column + " is " + what);
    }
}
