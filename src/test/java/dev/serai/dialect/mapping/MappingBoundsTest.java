package dev.serai.dialect.mapping;

import static dev.serai.dialect.mapping.Mappings.mapping;
import static dev.serai.dialect.mapping.Mappings.plain;
import static dev.serai.dialect.mapping.Mappings.record;
import static dev.serai.dialect.mapping.Mappings.rejection;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.serai.wire.OriginalRecord;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a mapping does, it ends, and soon. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MappingBoundsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ($f := function($n) { 1 + $f($n) }; $f(0))                   | deeper than 500 expressions
            ($f := function($n) { $f($n + 1) }; $f(0))                   | more than 250000 steps
            [1, ($f := function($n) { 1 + $f($n) }; $f(0))]              | deeper than 500 expressions
            [1, ($f := function($n) { $f($n + 1) }; $f(0))]              | more than 250000 steps
            {"a": 1, "b": ($f := function($n) { $f($n + 1) }; $f(0))}    | more than 250000 steps
            true and ($f := function($n) { $f($n + 1) }; $f(0))          | more than 250000 steps
            [1..10000000]                                                | a list of more than 10000 items
            $sum([1..10000000])                                          | a list of more than 10000 items
            [1..10000].([1..10000].(1))                                  | more than 250000 steps
            ($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $length($f("0123456789", 30))) | a value of more than 4194304 characters
            $map([1..1000], function($n) { $pad("x", 100000) })          | texts of more than 16777216 characters together
            $length($pad("x", 100000000))                                | a value of more than 4194304 characters
            ($s := $pad("x", 100000); $join($map([1..100], function($n) { $s }))) | a value of more than 4194304 characters
            ($s := $pad("x", 100000, "x"); $replace($s, "x", $s))        | a value of more than 4194304 characters
            ($s := $pad("x", 100000, "x"); $replace($s, /x/, function($m) { $s })) | a value of more than 4194304 characters
            ($s := $pad("x", 100000, "x"); $replace($s, /(x+)/, $replace($s, "x", "$1"))) | a value of more than 4194304 characters
            ($s := $pad("x", 100000, "x"); $replace($s, /x/, $replace($s, "x", "$9"))) | regular expressions look at characters more than 4000000 times
            $replace($pad("a", 60, "a") & "!", /^(a+)+\\1$/, "b", 1)         | regular expressions look at characters more than 4000000 times
            ($f := function($o, $n) { $n = 0 ? $o : $f({"a": $o, "b": $o}, $n - 1) }; $f({"x": 1}, 60)) | a value of more than 4194304 characters
            ($f := function($o, $n) { $n = 0 ? $o : $f([[$o], [$o]], $n - 1) }; $string($f([1], 60))) | a value of more than 4194304 characters
            $match($pad("a", 60, "a") & "!", /^(a+)+\\1$/)                   | regular expressions look at characters more than 4000000 times
            $contains($pad("a", 60, "a") & "!", /^(a+)+\\1$/)                | regular expressions look at characters more than 4000000 times
            $replace($pad("a", 60, "a") & "!", /^(a+)+\\1$/, "b")            | regular expressions look at characters more than 4000000 times
            $split($pad("a", 60, "a") & "!", /^(a+)+\\1$/)                   | regular expressions look at characters more than 4000000 times
            [1..10000].$contains($pad("a", 15, "a") & "!", /^(a+)+\\1$/) | regular expressions look at characters more than 4000000 times
            [1..10000].([1..10000])                                      | more than 250000 steps
            ($l := [1..10000]; [1..10000].$reverse($l))                  | more than 250000 steps
            ($l := [1..10000]; [1..10000].(10001 in $l))                 | more than 250000 steps
            ($o := $merge([1..10000].{$string($): $}); [1..10000].$field($o, "no")) | more than 250000 steps
            [1..1001].{"conversation": "c", "event_id": "e"}             | makes 1001 events, at most 1000 may come from one record
            """)
    void whatTakesTooMuch_isRejected(String expression, String reason) throws Exception {
        long before = System.nanoTime();

        assertThat(rejection(mapping(expression, plain()).map(record("{\"a\":1}"))))
                .contains(reason);

        // Seconds, on a machine with much else to do; without a bound these have no end, or none of memory.
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before)).isLessThan(20);
    }

    /** Of one record: with the heap that the service has by default, some hundred megabytes for each processor end it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            $match($, /\\d/)                           | a list of more than 10000 items
            $match($, /(((((((((\\d*)))))))))/)        | a value of more than 4194304 characters
            $split($, "1")                             | a list of more than 10000 items
            $split($, "")                              | a list of more than 10000 items
            $split($, /1/)                             | a list of more than 10000 items
            $assert($contains($, /\\d/), "none") = 1   |
            $assert($count($match($, /\\d/, 2)) = 2, "other") = 1 |
            $assert($count($split($, "1", 2)) = 2, "other") = 1 |
            """)
    void manyMatches_areNotHeld(String expression, @Nullable String reason) throws Exception {
        Mapping mapping = mapping("(" + expression + ")[false]", plain());
        OriginalRecord record = record("\"" + "1".repeat(1_000_000) + "\"");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        MappingResult result = mapping.map(record);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(32L << 20);
        if (reason == null) {
            assertThat(Mappings.ignored(result)).containsExactly("nothing");
        } else {
            assertThat(rejection(result)).contains(reason);
        }
    }

    @Test
    void valueThatIsInItself_isRejected() throws Exception {
        assertThat(rejection(mapping("$ ~> |$|{\"me\": $}|", plain()).map(record("{\"a\":1}"))))
                .contains("is nested too deeply");
    }

    @Test
    void recordThatIsNestedDeeply_isRejectedOrMapped() throws Exception {
        String deep = "[".repeat(900) + "]".repeat(900);
        Mapping mapping = mapping(
                "($f := function($x) { $type($x) = \"array\" ? $f($x[0]) : 1 }; **; $string($); $f($); $ignore(\"deep\"))",
                plain());

        assertThat(mapping.map(record(deep))).isNotNull();
        assertThat(rejection(mapping.map(record("[".repeat(2_000) + "]".repeat(2_000)))))
                .startsWith("/: the value is not valid JSON");
    }

    @Test
    void largeRecord_isMapped() throws Exception {
        StringBuilder events = new StringBuilder("[");
        for (int i = 0; i < 500; i++) {
            events.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"")
                    .append(i)
                    .append("\",\"text\":\"")
                    .append("x".repeat(1_000))
                    .append("\"}");
        }
        MappingResult result = mapping(
                        "$.{\"conversation\": id, \"event_id\": id, \"dynamic_info\": {\"text\": text}}", plain())
                .map(record(events.append("]").toString()));

        assertThat(((MappingResult.Mapped) result).events()).hasSize(500);
    }
}
