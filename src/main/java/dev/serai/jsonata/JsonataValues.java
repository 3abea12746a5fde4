package dev.serai.jsonata;

import com.dashjoin.jsonata.Jsonata;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What readers of JSON and of databases make, as the library calculates with it. Stateless. */
public final class JsonataValues {
    /** The library writes this many digits of a number that has a fraction. */
    private static final MathContext WRITTEN = new MathContext(15, RoundingMode.HALF_UP);

    /** Of a {@link Long}. */
    private static final int MOST_DIGITS = 19;

    private JsonataValues() {}

    /**
     * The same value, with whole numbers as whole numbers, each of one kind, and the nulls of lists as the library's. The
     * library would write 1200.0 as {@code 1.2e+3}, sees no 20 in a list with 20.0 or with 20 as a long, and fails when it
     * looks for something in a list with a null.
     *
     * @param value is left as it is; what of it must change is copied
     */
    public static @Nullable Object of(@Nullable Object value) {
        return converted(value, JsonataValues::whole);
    }

    /** The same, with numbers as their text has them: the library would write 110.00000000000001 as {@code 1.1e+2}. */
    static @Nullable Object written(@Nullable Object value) {
        return converted(value, number -> rounded(whole(number)));
    }

    private static @Nullable Object converted(@Nullable Object value, UnaryOperator<Number> numbers) {
        return switch (value) {
            case Number number -> numbers.apply(number);
            case List<?> list -> list(list, numbers);
            case Map<?, ?> map -> map(map, numbers);
            case null -> null;
            default -> value;
        };
    }

    private static List<?> list(List<?> list, UnaryOperator<Number> numbers) {
        List<@Nullable Object> copy = null;
        int index = 0;
        for (Object item : list) {
            Object converted = item == null ? Jsonata.NULL_VALUE : converted(item, numbers);
            if (converted != item && copy == null) {
                copy = new ArrayList<>(list.subList(0, index));
            }
            if (copy != null) {
                copy.add(converted);
            }
            index++;
        }
        return copy == null ? list : copy;
    }

    private static Map<?, ?> map(Map<?, ?> map, UnaryOperator<Number> numbers) {
        Map<@Nullable Object, @Nullable Object> copy = null;
        for (Map.Entry<?, ?> field : map.entrySet()) {
            Object converted = converted(field.getValue(), numbers);
            if (converted != field.getValue()) {
                copy = copy == null ? new LinkedHashMap<>(map) : copy;
                copy.put(field.getKey(), converted);
            }
        }
        if (copy == null) {
            return map;
        }
        return map instanceof HashMap ? copy : new SameKeys(map, copy, numbers);
    }

    /**
     * A copy of a map that has its own way to find a key, such as a database's row, whose columns are found in any capitals: by
     * the original, of which the copy has the same keys.
     */
    private static final class SameKeys extends AbstractMap<@Nullable Object, @Nullable Object> {
        private final Map<?, ?> original;
        private final Map<@Nullable Object, @Nullable Object> copy;
        private final UnaryOperator<Number> numbers;

        SameKeys(Map<?, ?> original, Map<@Nullable Object, @Nullable Object> copy, UnaryOperator<Number> numbers) {
            this.original = original;
            this.copy = copy;
            this.numbers = numbers;
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return original.containsKey(key);
        }

        @Override
        public @Nullable Object get(@Nullable Object key) {
            Object was = original.get(key);
            return was == null || copy.containsKey(key) ? copy.get(key) : converted(was, numbers);
        }

        @Override
        public Set<Entry<@Nullable Object, @Nullable Object>> entrySet() {
            return copy.entrySet();
        }
    }

    private static Number whole(Number number) {
        return switch (number) {
            case Integer known -> known;
            case Long known -> whole(BigDecimal.valueOf(known)).orElse(known);
            case BigInteger known -> whole(new BigDecimal(known)).orElse(known);
            case BigDecimal decimal -> whole(decimal).orElse(decimal);
            default -> {
                double value = number.doubleValue();
                yield value == Math.rint(value) && Double.isFinite(value)
                        ? whole(new BigDecimal(value)).orElse(number)
                        : number;
            }
        };
    }

    private static Number rounded(Number number) {
        return number instanceof Double value && Double.isFinite(value)
                ? whole(new BigDecimal(value, WRITTEN)).orElse(number)
                : number;
    }

    /** As readers of JSON have it: to the library, 5 as a {@link Long} is not 5 as an {@link Integer}. */
    private static Optional<Number> whole(BigDecimal decimal) {
        if (decimal.signum() == 0) {
            return Optional.of(0);
        }
        // Of 1E+1000000000, nobody wants all the digits.
        long digits = decimal.precision() - (long) decimal.scale();
        if (digits > MOST_DIGITS || decimal.stripTrailingZeros().scale() > 0) {
            return Optional.empty();
        }
        BigInteger whole = decimal.toBigInteger();
        if (whole.bitLength() < Integer.SIZE) {
            return Optional.of(whole.intValue());
        }
        return whole.bitLength() < Long.SIZE ? Optional.of(whole.longValue()) : Optional.empty();
    }
}
