package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What trees really weigh, by the heap that is left after a collection, beside what is said. */
@Isolated("it measures the heap")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class JsonWeightTest {
    private static final int BYTES = 250_000;
    private static final int COPIES = 5;

    /** Of what the collector leaves behind or takes away besides, for each byte of JSON. */
    private static final double NOISE = 4;

    /** Each case collects the garbage several times: a minute for all of them. */
    @Tag("chaos-long")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"a\":1}",
                "{\"a\":{}}",
                "{\"a\":[]}",
                "{\"a\":{\"b\":{\"c\":{\"d\":{}}}}}",
                "{\"\":[{\"\":[{\"\":[{\"\":[]}]}]}]}",
                "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
                "[[1]]",
                "1",
                "99",
                "1.5",
                "1e9",
                "-0",
                "-1.5e3",
                "99999999999999999999",
                "true",
                "null",
                "\"\"",
                "\"a\"",
                "\"é\"",
                "\"\\u00e9\\n\"",
                "\"a text of some length, such as people write\"",
                "\"a text with a wide character: €\"",
                "{\"name\":\"The harbour\",\"description\":\"Ships and a lighthouse\",\"tags\":[\"sea\",\"ships\"],\"floor\":3}",
                " { } "
            })
    void weight_isNotLessThanWhatTheTreeWeighs(String unit) throws Exception {
        int count = BYTES / (unit.getBytes(StandardCharsets.UTF_8).length + 1);
        byte[] json = ("[" + String.join(",", Collections.nCopies(count, unit)) + "]").getBytes(StandardCharsets.UTF_8);

        double said = (double) JsonWeight.whileDecoded(json) / json.length;
        double measured = measured(json);

        System.out.printf("%.40s weighs %.1f times its bytes, said are %.1f%n", unit, measured, said);
        assertThat(said).isGreaterThan(measured - NOISE);
    }

    @Test
    void longText_isNotTakenForHeavy() {
        byte[] json = ("\"" + "a".repeat(BYTES) + "\"").getBytes(StandardCharsets.UTF_8);

        assertThat(JsonWeight.whileDecoded(json)).isLessThan(11L * BYTES);
    }

    @Test
    void emptyText_weighsNothing() {
        assertThat(JsonWeight.whileDecoded(new byte[0])).isZero();
    }

    private static double measured(byte[] json) throws Exception {
        Json.MAPPER.readTree(json);
        List<JsonNode> trees = new ArrayList<>(COPIES);
        long before = used();
        for (int i = 0; i < COPIES; i++) {
            trees.add(Json.MAPPER.readTree(json));
        }
        long after = used();
        assertThat(trees).hasSize(COPIES);
        return (double) (after - before) / COPIES / json.length;
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
