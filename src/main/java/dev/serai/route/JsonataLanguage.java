package dev.serai.route;

import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
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
 * <p>An evaluation ends after {@value #LIMIT_MILLIS} ms, and at a depth of {@value #DEEPEST}. What it throws says where in the
 * expression, and quotes nothing of the body. Thread-safe.
 */
public final class JsonataLanguage extends LanguageSupport {
    private static final long LIMIT_MILLIS = 5_000;
    private static final int DEEPEST = 500;

    @Override
    public Expression createExpression(String expression) {
        String text = loadResource(expression);
        try {
            Jsonata.jsonata(text);
        } catch (RuntimeException e) {
            throw new ExpressionIllegalSyntaxException(text, JsonataFailure.of(text, e));
        }
        return new Evaluation(text);
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
        private final String text;

        Evaluation(String text) {
            this.text = text;
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
            } catch (RuntimeException e) {
                throw failure(exchange, JsonataFailure.of(text, e));
            }
            return exchange.getContext().getTypeConverter().convertTo(type, exchange, result);
        }

        private ExpressionEvaluationException failure(Exchange exchange, Exception reason) {
            return new ExpressionEvaluationException(this, reason.getMessage(), exchange, reason);
        }

        /** Parsed each time, which takes microseconds: a parsed expression keeps its input where other threads read it. */
        private @Nullable Object result(Exchange exchange, @Nullable Object input) {
            Jsonata expression = Jsonata.jsonata(text);
            Jsonata.Frame names = expression.createFrame();
            names.setRuntimeBounds(LIMIT_MILLIS, DEEPEST);
            names.bind("headers", values(exchange.getMessage().getHeaders()));
            names.bind("properties", values(exchange.getProperties()));
            return expression.evaluate(input, names);
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
            return text;
        }

        @Override
        public String toString() {
            return "jsonata: " + text;
        }
    }
}
