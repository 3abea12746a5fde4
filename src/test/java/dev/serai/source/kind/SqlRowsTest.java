package dev.serai.source.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.source.SourceFailedException;
import dev.serai.source.SourceFailedException.Reason;
import dev.serai.testing.SharedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows as PostgreSQL's driver hands them over. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SqlRowsTest {

    static Stream<Arguments> values() {
        return Stream.of(
                argumentSet("text", "'grün'", "\"grün\""),
                argumentSet("null", "null::text", "null"),
                argumentSet("whole number", "7::bigint", "7"),
                argumentSet("decimal", "12.50::numeric(10,2)", "12.50"),
                argumentSet("large decimal", "1e30::numeric", "1000000000000000000000000000000"),
                argumentSet("fraction", "0.5::float8", "0.5"),
                argumentSet("small decimal", "0.000000001::numeric", "0.000000001"),
                argumentSet("large fraction", "12500000::float8", "12500000"),
                argumentSet("no number", "'NaN'::float8", "\"NaN\""),
                argumentSet("number in JSON", "'[12500000.00, 1e400]'::json", "[12500000.00,1e400]"),
                argumentSet("truth", "true", "true"),
                argumentSet("day", "date '2024-02-29'", "\"2024-02-29\""),
                argumentSet("time", "timestamp '2024-02-29 12:30:01'", "\"2024-02-29T12:30:01\""),
                argumentSet("time of a day", "time '12:30'", "\"12:30:00\""),
                argumentSet(
                        "uuid",
                        "'0b7ab6a0-5c0e-4e0f-9d0a-000000000001'::uuid",
                        "\"0b7ab6a0-5c0e-4e0f-9d0a-000000000001\""),
                argumentSet("json", "'{\"a\": [1, null]}'::json", "{\"a\":[1,null]}"),
                argumentSet("jsonb", "'\"text\"'::jsonb", "\"text\""),
                argumentSet("json null", "null::jsonb", "null"),
                argumentSet("another type of PostgreSQL", "'10.0.0.1'::inet", "\"10.0.0.1\""));
    }

    @ParameterizedTest
    @MethodSource("values")
    void value_hasAForm(String sql, String json) throws Exception {
        JsonNode rows = rows("select " + sql + " as found");

        assertThat(rows.toString()).isEqualTo("[{\"found\":" + json + "}]");
    }

    @Test
    void columns_areInLowerCase_andRowsInTheirOrder() throws Exception {
        JsonNode rows = rows("select n as \"NumbeR\", 'x' || n as x from generate_series(1, 3) as n order by n desc");

        assertThat(rows.toString())
                .isEqualTo("[{\"number\":3,\"x\":\"x3\"},{\"number\":2,\"x\":\"x2\"},{\"number\":1,\"x\":\"x1\"}]");
    }

    @Test
    void noRows_areNothing() throws Exception {
        Exchange exchange = asked("select 1 where false");

        SqlRows.toJson(exchange);

        assertThat(exchange.getMessage().getBody()).isNull();
    }

    static Stream<Arguments> unusable() {
        String tooLong = "the rows are longer than 262144 characters";
        return Stream.of(
                argumentSet("binary", "select '\\x00'::bytea as photo", "the column photo is binary"),
                argumentSet(
                        "array",
                        "select array[1] as pets",
                        "the column pets is an array: join it in the query, or make it JSON"),
                argumentSet(
                        "a field twice",
                        "select '{\"a\":1,\"a\":2}'::json as notes",
                        "the column notes is JSON" + " with one field twice"),
                argumentSet("long text", "select repeat('x', 5000000) as x", tooLong),
                argumentSet("long JSON", "select jsonb_build_object('x', repeat('x', 5000000)) as x", tooLong),
                argumentSet("long together", "select repeat('x', 1000) as x from generate_series(1, 300)", tooLong));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatHasNoForm_isRefused(String sql, String why) throws Exception {
        Exchange exchange = asked(sql);

        assertThatExceptionOfType(SourceFailedException.class)
                .isThrownBy(() -> SqlRows.toJson(exchange))
                .withMessage(why)
                .extracting(SourceFailedException::reason)
                .isEqualTo(Reason.UNUSABLE);
    }

    private static JsonNode rows(String sql) throws Exception {
        Exchange exchange = asked(sql);
        SqlRows.toJson(exchange);
        return (JsonNode) exchange.getMessage().getBody();
    }

    private static Exchange asked(String sql) throws SQLException {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try (Connection connection = SharedPostgres.database().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    row.put(result.getMetaData().getColumnLabel(column), result.getObject(column));
                }
                rows.add(row);
            }
        }
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(rows);
        return exchange;
    }
}
