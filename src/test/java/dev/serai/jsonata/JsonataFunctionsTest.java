package dev.serai.jsonata;

import static dev.serai.jsonata.Expressions.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The language's functions do what its documentation says, where the library's own do something else. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class JsonataFunctionsTest {
    private static final String TEXTS = """
            {"hi": "Hi 😀", "smile": "😀😁😂", "none": null, "tags": ["vip", null, "vip", 5, 20.0], "sum": 1.1}""";

    /** A database has a {@code BIGINT} as a long, and the language has one kind of number. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "5 in ids",
                "id in [4, 5]",
                "id in ids",
                "big in [5]",
                "2 + 3 in [id]",
                "far in [4000000000]",
                "$sum([2, 3]) in ids",
                "$max([2, 5]) in ids",
                "$floor(5.5) in ids",
                "$ceil(4.5) in ids",
                "$round(5.2) in ids",
                "$abs(-5) in ids",
                "$power(5, 1) in ids",
                "$sqrt(25) in ids",
                "$average([4, 6]) in ids",
                "$number('5') in ids",
                "$number('5.0') in ids",
                "$length('abcde') in ids",
                "$count([1, 2, 3, 4, 5]) in ids",
                "$toMillis('1970-01-01T00:00:00.005Z') in ids",
                "$length('abcde') in ids",
                "5 in [3..6]",
                "'a' in $match('a', /(b)|(a)/).groups[$exists($)]",
                "$not('b' in $match('a', /(b)|(a)/).groups[$exists($)])"
            })
    void in_comparesNumbersByTheirValue(String expression) {
        Map<String, Object> row = Map.of(
                "id", 5L, "ids", List.of(5L, 7L), "big", BigInteger.valueOf(5), "far", new BigDecimal("4000000000"));

        assertThat(JsonataExpression.parse(expression, Expressions.BOUNDS, Map.of())
                        .evaluate(row, Map.of()))
                .isEqualTo(true);
    }

    /** As a database's row has them, whatever capitals its columns are in. */
    @Test
    void fieldsOfAMapThatFindsThemInAnyCapitals_areFoundSo_alsoBesideAWholeNumber() {
        Map<String, Object> row = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        row.put("CUSTOMERID", "c-1");
        row.put("BALANCE", new BigDecimal("1200.00"));

        Map<?, ?> converted = (Map<?, ?>) Objects.requireNonNull(JsonataValues.of(row));

        assertThat(converted.get("customerId")).isEqualTo("c-1");
        assertThat(converted.get("balance")).isEqualTo(1200);
        assertThat(converted.get("BALANCE")).isEqualTo(1200);
        assertThat(converted.containsKey("customerid")).isTrue();
        assertThat(converted.get("other")).isNull();
        assertThat(converted.toString()).isEqualTo("{BALANCE=1200, CUSTOMERID=c-1}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            $substring(hi, 0, 100)          | "Hi 😀"
            $substring(hi, 1)               | "i 😀"
            $substring(hi, 3)               | "😀"
            $substring(hi, -1)              | "😀"
            $substring(hi, -100)            | "Hi 😀"
            $substring(hi, 4)               | ""
            $substring(hi, 100, 1)          | ""
            $substring(hi, 0, 0)            | ""
            $substring(hi, 0, -1)           | ""
            $substring(smile, 1, 1)         | "😁"
            $substring(smile, -2, 1)        | "😁"
            $substring("hello world", 3, 5) | "lo wo"
            $substring("hello", 1.5, 1.5)   | "el"
            $substring("hello", 2, 3000000000) | "llo"
            $substring(missing, 1)          | null
            hi.$substring(1, 2)             | "i "
            $split(hi, "")                  | ["H","i"," ","😀"]
            $split(smile, "", 2)            | ["😀","😁"]
            $split(smile, "😁")             | ["😀","😂"]
            $length(smile)                  | 3
            $pad(smile, 5, "😁")            | "😀😁😂😁😁"
            $pad(smile, -5, "😁")           | "😁😁😀😁😂"
            $substringBefore(hi, "😀")      | "Hi "
            $substringAfter(hi, " ")        | "😀"
            $substringAfter(hi, missing)    | "Hi 😀"
            $substringBefore(hi, missing)   | "Hi 😀"
            $match(hi, /./).match           | ["H","i"," ","😀"]
            $uppercase("straße")            | "STRASSE"
            """)
    void characters_areWhole(String expression, String expected) {
        assertThat(value(expression, TEXTS)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            $replace("+49+49", "+", "00", 1)                 | "0049+49"
            $replace("+49+49", "+", "00")                    | "00490049"
            $replace("a.b.c.d", ".", "-", 2)                 | "a-b-c.d"
            $replace("aaa", "a", "aa", 2)                    | "aaaaa"
            $replace("price", "price", "$1")                 | "$1"
            $replace("John Smith", /(\\w+)\\s(\\w+)/, "$2, $1") | "Smith, John"
            $replace("265USD", /([0-9]+)USD/, "$$$1")        | "$265"
            $replace("abracadabra", /bra/, "*")              | "a*cada*"
            $replace("abracadabra", /a.*?a/, "[$0]")         | "[abra]c[ada]bra"
            $replace("abc", /b/, "$1x$")                     | "ax$c"
            $replace("abc", /(b)/, "$12")                    | "ab2c"
            $replace("abc", /b(x)?/, "<$1>")                 | "a<>c"
            $replace("abcdefghijk", /(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)/, "$10$1$11") | "jaa1k"
            $replace("abc", /b/, "\\\\d")                    | "a\\\\dc"
            $replace("aaaa", /a/, "ab", 3)                   | "abababa"
            $replace("aaaa", /a/, "b", 0)                    | "aaaa"
            $replace("abc", /x/, "y")                        | "abc"
            $replace(missing, /x/, "y")                      | null
            $replace("abc", /b/, function($m) { "$5\\\\" })  | "a$5\\\\c"
            $replace("abc", /b/, $uppercase("x"))            | "aXc"
            $replace("temperature = 68F today", /(-?\\d+(?:\\.\\d*)?)F\\b/, function($m) { ($number($m.groups[0]) - 32) * 5/9 & "C" }) | "temperature = 20C today"
            $replace("abab", /(a)b/, function($m) { $m.match & $m.index & $m.groups }, 1) | "ab0[\\"a\\"]ab"
            $match("ababbabbcc", /ab(b*)c?/, 1)              | {"match":"ab","index":0,"groups":[""]}
            $match("ababbabbcc", /a(b+)/, 2).index           | [0,2]
            $count($match("ababbabbcc", /a(b+)/, 0))         | 0
            $match("ababbabbcc", /a(b+)/).groups             | ["b","bb","bb"]
            $match("abc", /x/)                               | null
            $match(missing, /x/)                             | null
            $contains("abracadabra", /a.*a/)                 | true
            $contains("abracadabra", /ar.*a/)                | false
            $contains("a.b", ".")                            | true
            $contains("ab", ".")                             | false
            $contains(missing, ".")                          | null
            $split("so many  words", " ")                    | ["so","many","","words"]
            $split("so many words", " ", 2)                  | ["so","many"]
            $split("a, b, c,", /,\\s*/)                      | ["a","b","c",""]
            $split("", ",")                                  | [""]
            $split("abc", ",")                               | ["abc"]
            $split("abc", /b*/)                              | ["a","","c",""]
            $split("a,b", ",", 0)                            | []
            $split(missing, ",")                             | null
            $map(["+1", "+2"], $replace(?, "+", "", 1))      | ["1","2"]
            $map(["a-b", "c-d"], $substringBefore(?, "-"))   | ["a","c"]
            $map(["abc", "def"], $substring(?, 1, 1))        | ["b","e"]
            "a b" ~> $split(" ") ~> $join("-")               | "a-b"
            """)
    void patterns_replaceFindAndSplit(String expression, String expected) {
        assertThat(value(expression, "{}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            $replace("abc", /b/, function($m) { 1 + "secret" })  | The right side of the "+" operator
            $replace("abc", /b/, function($m) { 1 })         | replace a matched string with a non-string value
            $replace("abc", /b/, missing)                    | the third argument of $replace must be a text or a function
            $replace("abc", missing, "x")                    | the second argument of $replace must be a text or a regular expression
            $replace("abc", "", "x")                         | Second argument of replace
            $replace("abc", "b", "x", -1)                    | Fourth argument of replace
            $match("abc", /b/, -1)                           | Third argument of match
            $match("abc", "b")                               | "match"
            $split("abc", "b", -1)                           | Third argument of split
            $split("abc", missing)                           | the second argument of $split must be a text or a regular expression
            $contains("abc", missing)                        | the second argument of $contains must be a text or a regular expression
            $lowercase(1)                                    | "lowercase"
            """)
    void mistake_isNamed_andNoValueWithIt(String expression, String reason) {
        assertThatExceptionOfType(JsonataFailure.class)
                .isThrownBy(() -> value(expression, "{}"))
                .withMessageContaining(reason)
                .satisfies(failure -> assertThat(failure.reason()).doesNotContain("secret"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "Balance: " & balance              | "Balance: 1200"
            balance & "; " & list[0] & list[1] | "1200; 2030.5"
            $string(balance)                   | "1200"
            $string($)                         | "{\\"balance\\":1200,\\"list\\":[20,30.5,-40],\\"far\\":9007199254740991,\\"small\\":1e-7,\\"huge\\":1e+30}"
            $string({"b": balance})            | "{\\"b\\":1200}"
            $string([1.1 * 100])               | "[110]"
            $string(1.1 * 100)                 | "110"
            $string(small)                     | "1e-7"
            $string(huge) & huge               | "1e+301e+30"
            "" & far                           | "9007199254740991"
            20 in list                         | true
            list[0]                            | 20
            $clone($).balance & ""             | "1200"
            """)
    void numbers_areWrittenOut(String expression, String expected) {
        assertThat(value(expression, """
                {"balance": 1200.00, "list": [20.0, 30.5, -4e1], "far": 9007199254740991.0, "small": 0.0000001, "huge": 1e30}""")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "vip" in tags              | true
            "new" in tags              | false
            null in tags               | true
            20 in tags                 | true
            5.0 in tags                | true
            "a" in $clone(tags)        | false
            $count(tags)               | 5
            tags[1]                    | null
            $type(tags[1])             | "null"
            $distinct(tags)            | ["vip",null,5,20]
            $string(tags)              | "[\\"vip\\",null,\\"vip\\",5,20]"
            {"tags": tags}             | {"tags":["vip",null,"vip",5,20]}
            """)
    void listWithANull_isAList(String expression, String expected) {
        assertThat(value(expression, TEXTS)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            $toMillis("2026-11-20T09:15:00Z")                                     | 1795166100000
            $toMillis("2026-11-20T10:15:00.000+01:00")                            | 1795166100000
            $toMillis("2026-11-20T10:15:00+0100")                                 | 1795166100000
            $toMillis("2026-11-20")                                               | 1795132800000
            $toMillis("2026")                                                     | 1767225600000
            $toMillis("20.11.2026 09:15", "[D01].[M01].[Y0001] [H01]:[m01]")      | 1795166100000
            $toMillis("2026-11-20T09:15", "[Y]-[M]-[D]T[H]:[m]")                  | 1795166100000
            $toMillis(missing)                                                    | null
            """)
    void time_isTheSameOnEveryMachine(String expression, String expected) {
        assertThat(value(expression, "{}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            $toMillis("2026-11-20T09:15:00")              | $toMillis needs a time with an offset: append it, as in $toMillis(time & "Z")
            $toMillis("2026-11-20T09:15")                 | $toMillis needs a time with an offset
            $toMillis("09:15", "[H01]:[m01]")             | $toMillis needs a picture with the year, [Y], and would take it from the clock
            $toMillis("20.11.", "[[Y]] [D01].[M01].")     | $toMillis needs a picture with the year
            """)
    void time_thatIsAnotherOneElsewhere_isRefused(String expression, String reason) {
        assertThatExceptionOfType(JsonataFailure.class)
                .isThrownBy(() -> value(expression, "{}"))
                .withMessageContaining(reason);
    }

    /** A route may ask the clock, by {@code $now} too. */
    @Test
    void pictureWithoutAYear_isTakenWhereTheClockMayBe() {
        JsonataBounds ofRoutes = new JsonataBounds(500, Long.MAX_VALUE, 60_000, 10_000, 4L << 20, 16L << 20);

        assertThat(value("$toMillis(\"09:15\", \"[H01]:[m01]\") % 60000", "{}", ofRoutes))
                .isEqualTo("0");
    }

    @Test
    void whatIsGiven_isNotChanged() {
        Map<String, Object> row = new java.util.HashMap<>(Map.of("price", 20.0));
        row.put("tags", java.util.Collections.unmodifiableList(java.util.Arrays.asList("a", null)));
        Map<String, Object> given = java.util.Collections.unmodifiableMap(row);

        Object result = JsonataExpression.parse("{\"x\": $, \"y\": $given}", Expressions.BOUNDS, Map.of())
                .evaluate(given, Map.of("given", given));

        Map<String, Object> whole = new java.util.HashMap<>(Map.of("price", 20));
        whole.put("tags", java.util.Arrays.asList("a", null));
        assertThat(result).isEqualTo(Map.of("x", whole, "y", whole));
        assertThat(given.get("price")).isEqualTo(20.0);
    }

    @ParameterizedTest
    @CsvSource({
        "1E+3,1000",
        "2.50,2.50",
        "12345678901234567890,12345678901234567890",
        "9007199254740993,9007199254740993"
    })
    void decimal_ofADatabase_isWrittenOut(java.math.BigDecimal number, String expected) {
        assertThat(JsonataExpression.parse("\"\" & $", Expressions.BOUNDS, Map.of())
                        .evaluate(number, Map.of()))
                .isEqualTo(expected);
    }
}
