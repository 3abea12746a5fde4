package dev.serai.jsonata;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.serai.wire.Json;
import java.io.UncheckedIOException;
import java.util.Map;

/** Expressions, evaluated over JSON and shown as JSON. */
final class Expressions {
    /** As a mapping has them. */
    static final JsonataBounds BOUNDS = new JsonataBounds(500, 250_000, Long.MAX_VALUE, 10_000, 4L << 20, 16L << 20);

    private Expressions() {}

    /** What is not there is {@code null}, as JSON's null is. */
    static String value(String expression, String json) {
        return value(expression, json, BOUNDS);
    }

    static String value(String expression, String json, JsonataBounds bounds) {
        try {
            Object input = Json.MAPPER.readValue(json, Object.class);
            return Json.MAPPER.writeValueAsString(
                    JsonataExpression.parse(expression, bounds, Map.of()).evaluate(input, Map.of()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
