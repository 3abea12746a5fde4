package dev.serai.route;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.jsonata.JsonataBounds;
import dev.serai.jsonata.JsonataExpression;
import dev.serai.jsonata.JsonataFailure;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.ExpressionEvaluationException;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.Predicate;
import org.apache.camel.support.ExpressionSupport;
import org.apache.camel.support.ExpressionToPredicateAdapter;
import org.apache.camel.support.LanguageSupport;
import org.jspecify.annotations.Nullable;

/**
 * JSONata for routes, as {@code language: jsonata}: makes maps and lists, for a data format to write, of the body. The body
 * is JSON as bytes, text or a stream, or maps and lists; null stays null. {@code $headers} and {@code $properties} are what the
 * exchange has of texts (bytes among them, as UTF-8), numbers and truth values.
 *
 * <p>An evaluation ends after {@value #LIMIT_MILLIS} ms, at a depth of {@value #DEEPEST}, and at values that nobody would send
 * on. What it throws says where in the expression, and quotes nothing of the body. Thread-safe.
 */
public final class JsonataLanguage extends LanguageSupport {
    private static final long LIMIT_MILLIS = 5_000;
    private static final int DEEPEST = 500;
    private static final int MOST_ITEMS = 1_000_000;
    private static final int MOST_CHARACTERS = 64 << 20;

    private static final JsonataBounds BOUNDS =
            new JsonataBounds(DEEPEST, Long.MAX_VALUE, LIMIT_MILLIS, MOST_ITEMS, MOST_CHARACTERS, 4L * MOST_CHARACTERS);

    @Override
    public Expression createExpression(String expression) {
        String text = loadResource(expression);
        try {
            return new Evaluation(JsonataExpression.parse(text, BOUNDS, Map.of()));
        } catch (JsonataFailure e) {
            throw new ExpressionIllegalSyntaxException(text, e);
        }
    }

    @Override
    public Predicate createPredicate(String expression) {
        return ExpressionToPredicateAdapter.toPredicate(createExpression(expression));
    }

    /** The body is no JSON; the message says where, and quotes nothing of it. */
    private static final class NoJsonException extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        NoJsonException(IOException failure) {
            super("the body is no JSON" + where(failure));
            setStackTrace(failure.getStackTrace());
        }

        private static String where(IOException failure) {
            JsonLocation place = failure instanceof JsonProcessingException json ? json.getLocation() : null;
            return place == null ? "" : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
        }
    }

    private static final class Evaluation extends ExpressionSupport {
        private final JsonataExpression expression;

        Evaluation(JsonataExpression expression) {
            this.expression = expression;
        }

        @Override
        public <T> T evaluate(Exchange exchange, Class<T> type) {
            Object input;
            try {
                input = json(exchange.getMessage().getBody());
            } catch (IOException e) {
                throw failure(exchange, new NoJsonException(e));
            }
            Object result;
            try {
                result = result(exchange, input);
            } catch (JsonataFailure e) {
                throw failure(exchange, e);
            }
            return exchange.getContext().getTypeConverter().convertTo(type, exchange, result);
        }

        private ExpressionEvaluationException failure(Exchange exchange, Exception reason) {
            return new ExpressionEvaluationException(this, reason.getMessage(), exchange, reason);
        }

        private @Nullable Object result(Exchange exchange, @Nullable Object input) {
            return expression.evaluate(
                    input,
                    Map.of(
                            "headers", values(exchange.getMessage().getHeaders()),
                            "properties", values(exchange.getProperties())));
        }

        private static @Nullable Object json(@Nullable Object body) throws IOException {
            if (body == null) {
                return null;
            }
            return switch (body) {
                case byte[] bytes -> Json.MAPPER.readValue(bytes, Object.class);
                case String json -> Json.MAPPER.readValue(json, Object.class);
                case InputStream stream -> Json.MAPPER.readValue(stream, Object.class);
                case JsonNode tree -> Json.MAPPER.convertValue(tree, Object.class);
                default -> body;
            };
        }

        private static Map<String, Object> values(Map<String, Object> all) {
            Map<String, Object> values = new HashMap<>();
            all.forEach((name, value) -> {
                if (value instanceof byte[] bytes) {
                    values.put(name, new String(bytes, StandardCharsets.UTF_8));
                } else if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                    values.put(name, value);
                }
            });
            return values;
        }

        @Override
        public String assertionFailureMessage(Exchange exchange) {
            return expression.toString();
        }

        @Override
        public String toString() {
            return "jsonata: " + expression;
        }
    }
}
