package dev.serai.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A JSON number as it was written, digit by digit: {@code 1e400}, {@code 12500000.00} and a decimal of forty digits go on
 * as they came, where Java's own types would round or rewrite them. Two are equal if they are written alike.
 *
 * <p>Who calculates with it gets a number of bounded size, however few characters say a huge one: exactly what is written
 * as long as its exponent is within ±1,000, and beyond that ±10^1000 or ±10^-1000. Immutable.
 */
public final class NumberText extends NumericNode {
    private static final long serialVersionUID = 1L;

    /** A plain notation of what is calculated with has at most so many digits more than the text has characters. */
    private static final int MAX_EXPONENT = 1_000;

    private static final BigDecimal MIN_INT = BigDecimal.valueOf(Integer.MIN_VALUE);
    private static final BigDecimal MAX_INT = BigDecimal.valueOf(Integer.MAX_VALUE);
    private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

    private final String text;

    /** @param text a number in JSON's grammar, which the parser has bounded the length of */
    NumberText(String text) {
        this.text = text;
    }

    /** A number that somebody calculated, without an exponent where that is not longer than a thousand digits. */
    static NumberText of(BigDecimal number) {
        return new NumberText(
                Math.abs((long) number.scale()) <= MAX_EXPONENT ? number.toPlainString() : number.toString());
    }

    @Override
    public void serialize(JsonGenerator json, SerializerProvider provider) throws IOException {
        json.writeNumber(text);
    }

    @Override
    public String asText() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean isIntegralNumber() {
        return text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
    }

    @Override
    public boolean isFloatingPointNumber() {
        return !isIntegralNumber();
    }

    @Override
    public boolean isBigInteger() {
        return isIntegralNumber();
    }

    @Override
    public boolean isBigDecimal() {
        return !isIntegralNumber();
    }

    @Override
    public JsonToken asToken() {
        return isIntegralNumber() ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_NUMBER_FLOAT;
    }

    @Override
    public JsonParser.NumberType numberType() {
        return isIntegralNumber() ? JsonParser.NumberType.BIG_INTEGER : JsonParser.NumberType.BIG_DECIMAL;
    }

    @Override
    public Number numberValue() {
        return isIntegralNumber() ? bigIntegerValue() : decimalValue();
    }

    @Override
    public BigDecimal decimalValue() {
        int mark = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (mark < 0) {
            return new BigDecimal(text);
        }
        BigDecimal mantissa = new BigDecimal(text.substring(0, mark));
        BigInteger exponent = new BigInteger(text.substring(mark + 1));
        if (exponent.abs().compareTo(BigInteger.valueOf(MAX_EXPONENT)) <= 0) {
            return mantissa.scaleByPowerOfTen(exponent.intValue());
        }
        return BigDecimal.valueOf(mantissa.signum()).scaleByPowerOfTen(exponent.signum() * MAX_EXPONENT);
    }

    @Override
    public BigInteger bigIntegerValue() {
        return decimalValue().toBigInteger();
    }

    @Override
    public double doubleValue() {
        return Double.parseDouble(text);
    }

    @Override
    public int intValue() {
        return bigIntegerValue().intValue();
    }

    @Override
    public long longValue() {
        return bigIntegerValue().longValue();
    }

    @Override
    public boolean canConvertToInt() {
        return isWithin(MIN_INT, MAX_INT);
    }

    @Override
    public boolean canConvertToLong() {
        return isWithin(MIN_LONG, MAX_LONG);
    }

    @Override
    public boolean canConvertToExactIntegral() {
        BigDecimal number = decimalValue();
        return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    }

    private boolean isWithin(BigDecimal least, BigDecimal most) {
        BigDecimal number = decimalValue();
        return number.compareTo(least) >= 0 && number.compareTo(most) <= 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NumberText number && text.equals(number.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
