package dev.serai.dialect.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.mapping.MappingResult.Mapped;
import dev.serai.dialect.mapping.MappingResult.Rejected;
import dev.serai.dialect.mapping.ShippedSamples.Sample;
import dev.serai.testing.Tries;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Issue 16: the shipped mappings' samples, with something else in one or two places. As many as
 * {@code -Dserai.fuzz.calls=100000} says.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class MutatedCallsTest {
    private static final int CALLS = Integer.getInteger("serai.fuzz.calls", Tries.of(2_000));

    /** Labels are counted by, and each makes a time series. */
    private static final int MOST_LABELS = 100;

    private final long seed = Long.getLong("serai.fuzz.seed", new Random().nextInt(1_000_000));
    private final Random random = new Random(seed);

    @Test
    void mutatedEvent_isMapped_orIgnoredUnderOneOfAFewLabels_orRefusedWithItsPath() throws Exception {
        List<Sample> samples = ShippedSamples.all();
        Set<String> labels = new HashSet<>();
        for (int i = 0; i < CALLS; i++) {
            Sample sample = samples.get(random.nextInt(samples.size()));
            OriginalRecord raw = sample.files().record();
            JsonNode event = Json.MAPPER.readTree(raw.value());
            for (int mutations = 1 + random.nextInt(2); mutations > 0; mutations--) {
                mutate(event);
            }
            String what = "seed " + seed + ", " + sample + ": " + event;

            switch (ShippedSamples.mapping(sample.vendor()).map(of(raw, event))) {
                case Rejected rejected ->
                    assertThat(rejected.reason()).as(what).startsWith("/").doesNotContain("the mapping fails");
                case Mapped mapped -> {
                    assertThat(mapped.events().size() + mapped.ignored().size())
                            .as(what)
                            .isPositive();
                    labels.addAll(mapped.ignored());
                }
            }
        }
        assertThat(labels).as("seed " + seed).hasSizeLessThan(MOST_LABELS);
    }

    private static OriginalRecord of(OriginalRecord raw, JsonNode event) {
        return new OriginalRecord(
                raw.topic(),
                raw.partition(),
                raw.offset(),
                raw.timestamp(),
                raw.key(),
                Json.bytes(event),
                raw.headers());
    }

    private void mutate(JsonNode event) {
        List<Runnable> places = new ArrayList<>();
        collect(event, places);
        if (!places.isEmpty()) {
            places.get(random.nextInt(places.size())).run();
        }
    }

    private void collect(JsonNode node, List<Runnable> places) {
        switch (node) {
            case ObjectNode object ->
                object.properties().forEach(field -> {
                    places.add(() -> object.set(field.getKey(), anything()));
                    places.add(() -> object.remove(field.getKey()));
                    collect(field.getValue(), places);
                });
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    int index = i;
                    places.add(() -> array.set(index, anything()));
                    collect(array.get(i), places);
                }
            }
            default -> {}
        }
    }

    private JsonNode anything() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (random.nextInt(12)) {
            case 0 -> json.nullNode();
            case 1 -> json.numberNode(random.nextLong());
            case 2 -> json.numberNode(random.nextGaussian());
            case 3 -> json.booleanNode(random.nextBoolean());
            case 4 -> json.arrayNode();
            case 5 -> json.arrayNode().add("a").add(1).addNull();
            case 6 -> json.objectNode();
            case 7 -> json.objectNode().put("string", "b").put("long", 1);
            case 8 -> json.textNode("");
            case 9 -> json.textNode("{\"a\":1}");
            case 10 -> json.textNode("x".repeat(600));
            default -> json.textNode("CUSTOMER_DISCONNECT");
        };
    }
}
