package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers go out as they came in, and no short text becomes a long number. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NumberTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-0.0",
                "0e0",
                "1",
                "-1",
                "2147483648",
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854775808",
                "123456789012345678901234567890",
                "1.0",
                "1.50",
                "12500000.00",
                "1.25E7",
                "1e400",
                "-1E+400",
                "1e-400",
                "1e999999999",
                "1e99999999999999999999",
                "0.1000000000000000055511151231257827021181583404541015625",
                "3.141592653589793238462643383279502884197"
            })
    void number_isWrittenAsItWasRead(String number) throws Exception {
        String json = "[" + number + ",{\"a\":" + number + "}]";
        JsonNode read = Json.MAPPER.readTree(json);

        assertThat(read).hasToString(json);
        assertThat(new String(Json.bytes(read), StandardCharsets.UTF_8)).isEqualTo(json);
        assertThat(Json.MAPPER.<JsonNode>valueToTree(read)).hasToString(json).isEqualTo(read);
        assertThat(read.<JsonNode>deepCopy()).isEqualTo(read);
        assertThat(Json.text(read.get(0))).isEqualTo(number);
        assertThat(Json.MAPPER.readTree(number)).hasToString(number);
        assertThat(Json.MAPPER.readTree(SampleRecords.utf8(json))).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 1.0, 1, true, true",
        "1.5, 1.5, 1, true, false",
        "-0, 0, 0, true, true",
        "1e3, 1E+3, 1000, true, true",
        "10e-1, 1.0, 1, true, true",
        "9223372036854775808, 9223372036854775808, -9223372036854775808, false, true",
        "1e19, 1E+19, -8446744073709551616, false, true",
        "1e999999999, 1E+1000, 0, false, true",
        "-1e99999999999999999999, -1E+1000, 0, false, true",
        "1e-999999999, 1E-1000, 0, true, false",
        "0e99999999999999999999, 0E-1000, 0, true, true"
    })
    void value_isExactOrAtTheEndOfTheRange(
            String number, BigDecimal decimal, long whole, boolean isLong, boolean isIntegral) throws Exception {
        JsonNode read = Json.MAPPER.readTree(number);

        assertThat(read.decimalValue()).isEqualByComparingTo(decimal);
        assertThat(read.longValue()).isEqualTo(whole);
        assertThat(read.canConvertToLong()).isEqualTo(isLong);
        assertThat(read.canConvertToExactIntegral()).isEqualTo(isIntegral);
        assertThat(read.isNumber()).isTrue();
    }

    /** A gigabyte of zeros is not far: validators write numbers plain. */
    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e-999999999", "-1e99999999999999999999", "0e99999999999999999999"})
    void hugeExponent_isNeverWrittenOut(String number) throws JsonProcessingException {
        JsonNode read = Json.MAPPER.readTree(number);

        assertThat(read.decimalValue().toPlainString()).hasSizeLessThan(1_010);
        assertThat(read.bigIntegerValue().toString()).hasSizeLessThan(1_010);
        assertThat(read.numberValue().toString()).hasSizeLessThan(1_010);
        read.doubleValue();
        read.intValue();
        read.canConvertToInt();
    }

    /** A route of an operator's own leaves Java's numbers, which nobody has written. */
    @Test
    void numbersOfJava_areWrittenPlain() {
        ObjectNode tree = Json.MAPPER.valueToTree(Map.of(
                "list",
                List.of(
                        12_500_000.0,
                        0.00000001,
                        1.5f,
                        new BigDecimal("12500000.00"),
                        new BigDecimal("1E+3"),
                        new BigDecimal("1E-8"),
                        new BigDecimal("1E+999999999"),
                        Long.MIN_VALUE,
                        Double.NaN)));

        assertThat(tree.get("list"))
                .hasToString("[12500000,0.000000010,1.5,12500000.00,1000,0.00000001,1E+999999999,"
                        + "-9223372036854775808,\"NaN\"]");
    }

    @Test
    void deepNesting_isReadWithoutRecursion() throws Exception {
        String json = "[{\"a\":".repeat(450) + "1.50" + "}]".repeat(450);

        assertThat(Json.MAPPER.readTree(json)).hasToString(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "[{},[],{\"a\":[]},{\"a\":{\"b\":null}},true,false,\"\"]", "null", "\"x\""})
    void everyOtherValue_isReadAsItIs(String json) throws Exception {
        assertThat(Json.MAPPER.readTree(json)).hasToString(json);
    }
}
