package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExpressionEvaluationException;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class JsonataLanguageTest {
    private static final String JSON = "{\"call\":{\"id\":7,\"tags\":[\"a\",\"b\"],\"from\":null}}";

    private final CamelContext camel = new DefaultCamelContext();
    private final JsonataLanguage jsonata = new JsonataLanguage();

    JsonataLanguageTest() {
        jsonata.setCamelContext(camel);
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private @Nullable Object evaluate(String expression, @Nullable Object body) {
        return jsonata.createExpression(expression).evaluate(exchange(body), Object.class);
    }

    private Exchange exchange(@Nullable Object body) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader("kafka.KEY", "Jürgen".getBytes(StandardCharsets.UTF_8));
        exchange.getMessage().setHeader("kafka.OFFSET", 12345678901L);
        exchange.setProperty("line", 3);
        return exchange;
    }

    @Test
    void wholeNumber_isWrittenAsOne_whateverItCameAs() {
        String expression = "\"Balance: \" & balance & \", \" & (20 in seen)";

        assertThat(evaluate(expression, "{\"balance\": 1200.00, \"seen\": [null, 20.0]}"))
                .isEqualTo("Balance: 1200, true");
        assertThat(evaluate(expression, Map.of("balance", 1200.0f, "seen", List.of(new BigDecimal("20.00")))))
                .isEqualTo("Balance: 1200, true");
        assertThat(evaluate("balance", "{\"balance\": 1200.00}")).isEqualTo(1200);
        assertThat(evaluate("balance", "{\"balance\": 12.50}")).isEqualTo(12.5);
    }

    static Stream<Object> bodies() {
        return Stream.of(
                JSON,
                JSON.getBytes(StandardCharsets.UTF_8),
                new ByteArrayInputStream(JSON.getBytes(StandardCharsets.UTF_8)),
                Map.of("call", Map.of("id", 7, "tags", List.of("a", "b"))));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void body_isJson_orWhatItWouldBe(Object body) {
        assertThat(evaluate(
                        "{\"n\": call.id, \"tags\": call.tags, \"gone\": call.nothing, \"two\": call.id * 2}", body))
                .isEqualTo(Map.of("n", 7, "tags", List.of("a", "b"), "two", 14));
    }

    @Test
    void headersAndProperties_areNames() {
        assertThat(evaluate("$headers.`kafka.KEY` & \"-\" & $headers.`kafka.OFFSET` & \"-\" & $properties.line", null))
                .isEqualTo("Jürgen-12345678901-3");
    }

    @Test
    void nothing_isNull() {
        assertThat(evaluate("call.nothing", JSON)).isNull();
        assertThat(evaluate("call.from", JSON)).isNull();
        assertThat(evaluate("$", null)).isNull();
    }

    @Test
    void condition_isTrueOrFalse() {
        assertThat(jsonata.createPredicate("call.id = 7").matches(exchange(JSON)))
                .isTrue();
        assertThat(jsonata.createPredicate("call.nothing").matches(exchange(JSON)))
                .isFalse();
    }

    @Test
    void mistakeInTheExpression_isToldWhenTheRouteIsMade() {
        assertThatThrownBy(() -> jsonata.createExpression("{\"a\": "))
                .isInstanceOf(ExpressionIllegalSyntaxException.class)
                .rootCause()
                .hasMessage(
                        "in line 1 of the JSONata expression, at character 6, behind `{\"a\":`: Expected \"}\" before end of expression");
        assertThatThrownBy(() -> jsonata.createExpression("{\n  \"a\": b c\n}"))
                .rootCause()
                .hasMessageStartingWith("in line 2 of the JSONata expression, at character 10, behind `\"a\": b c`: ");
    }

    @Test
    void bodyThatIsNoJson_fails() {
        assertThatThrownBy(() -> evaluate("call", "{\"call\": secret"))
                .isInstanceOf(ExpressionEvaluationException.class)
                .hasMessage("the body is no JSON (line 1, column 10)");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        "{\n  \"n\": $number(word)\n}",
                        List.of("in line 2", "behind `\"n\": $number`", "a value is no number")),
                Arguments.of("{\"n\": $nmber(1)}", List.of("at character 13", "Attempted to invoke a non-function")),
                Arguments.of("{\"n\": 1 + word}", List.of("at character 9", "right side of the \"+\" operator")),
                Arguments.of("word < 5", List.of("expression `word < 5`: ", "same data type")),
                Arguments.of("{\"n\": $error(\"told by the author\")}", List.of("told by the author")),
                Arguments.of("$lowercase(1)", List.of("at character 11", "Argument \"1\"")),
                Arguments.of("$toMillis(word)", List.of("JSONata")),
                Arguments.of("$toMillis(\"2026-11-20T09:15:00\")", List.of("$toMillis needs a time with an offset")));
    }

    /** What a body holds may be a credential. */
    @ParameterizedTest
    @MethodSource("failures")
    void failureOfAnEvaluation_saysWhere_andQuotesNothingOfTheBody(String expression, List<String> texts) {
        assertThatThrownBy(() -> evaluate(expression, "{\"word\": \"a-secret\"}"))
                .isInstanceOf(ExpressionEvaluationException.class)
                .message()
                .contains(texts.toArray(String[]::new))
                .doesNotContain("a-secret");
    }

    /** The library's own bounds do not see what stands behind the first element of a list or an object. */
    @ParameterizedTest
    @ValueSource(strings = {"%s", "[1, %s]", "{\"a\": 1, \"b\": %s}"})
    void expressionWithoutEnd_ends(String around) {
        assertThatThrownBy(() -> evaluate(around.formatted("($f := function($n) { 1 + $f($n + 1) }; $f(0))"), "{}"))
                .isInstanceOf(ExpressionEvaluationException.class)
                .hasMessageContaining("deeper than 500 expressions");
    }

    @Test
    void manyThreads_eachGetTheirOwn() throws Exception {
        var expression = jsonata.createExpression("{\"id\": call.id, \"sum\": $sum([call.id, 1])}");
        List<Callable<Object>> tasks = IntStream.range(0, 200)
                .<Callable<Object>>mapToObj(
                        n -> () -> expression.evaluate(exchange("{\"call\":{\"id\":" + n + "}}"), Object.class))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> results = threads.invokeAll(tasks);
            for (int n = 0; n < results.size(); n++) {
                assertThat(results.get(n).get()).isEqualTo(Map.of("id", n, "sum", n + 1));
            }
        }
    }
}
