package dev.serai.dialect.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What vendors call things counts without regard to case, in names and in values, as {@code contact-centres.md} says. */
class VendorsCapitalsTest {
    private static final Path MAPPINGS = Path.of("config/mappings");
    private static final Path SAMPLES = Path.of("src/test/resources/mappings");

    /** Names of types, channels and directions; no ids, numbers or JSON. */
    private static final String WORDS = "[A-Za-z_:. -]{3,60}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amazon-connect",
                "amazon-connect-flow",
                "amazon-connect-record",
                "genesys-cloud",
                "salesforce-voice",
                "twilio",
                "webex-contact-center"
            })
    void event_inOtherCapitals_becomesAsMuch(String vendor) throws Exception {
        Mapping mapping = Mapping.load(MAPPINGS.resolve(vendor + ".jsonata"), Mappings.german());
        for (MappingSample sample : MappingSample.in(SAMPLES.resolve(vendor))) {
            OriginalRecord raw = sample.record();
            JsonNode value = json(raw.value());
            for (UnaryOperator<String> capitals :
                    List.<UnaryOperator<String>>of(t -> t.toUpperCase(Locale.ROOT), t -> t.toLowerCase(Locale.ROOT))) {
                for (JsonNode changed : List.of(
                        changed(value, capitals, UnaryOperator.identity()),
                        changed(value, UnaryOperator.identity(), capitals))) {
                    assertThat(outcome(mapping.map(withValue(raw, changed))))
                            .as("%s of %s: %s", sample.name(), vendor, changed)
                            .isEqualTo(outcome(mapping.map(raw)));
                }
            }
        }
    }

    private static JsonNode json(byte @Nullable [] value) {
        try {
            return value == null ? TextNode.valueOf("") : Json.MAPPER.readTree(value);
        } catch (IOException e) {
            return TextNode.valueOf("");
        }
    }

    private static OriginalRecord withValue(OriginalRecord raw, JsonNode value) {
        byte[] bytes = value.isTextual() && value.textValue().isEmpty() ? raw.value() : Json.bytes(value);
        return new OriginalRecord(
                raw.topic(), raw.partition(), raw.offset(), raw.timestamp(), raw.key(), bytes, raw.headers());
    }

    private static JsonNode changed(JsonNode node, UnaryOperator<String> names, UnaryOperator<String> values) {
        if (node.isObject()) {
            ObjectNode object = Json.MAPPER.createObjectNode();
            node.properties()
                    .forEach(
                            field -> object.set(names.apply(field.getKey()), changed(field.getValue(), names, values)));
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = Json.MAPPER.createArrayNode();
            node.forEach(item -> array.add(changed(item, names, values)));
            return array;
        }
        return node.isTextual() && node.textValue().matches(WORDS)
                ? TextNode.valueOf(values.apply(node.textValue()))
                : node;
    }

    /** How many events, and of which kind; or the path of what is wrong, or what was ignored. */
    private static String outcome(MappingResult result) {
        return switch (result) {
            case MappingResult.Rejected rejected -> "rejected";
            case MappingResult.Mapped mapped ->
                mapped.events().stream()
                                .map(event -> event.event().path("action").asText())
                                .toList()
                        + " and ignored " + mapped.ignored().size();
        };
    }
}
