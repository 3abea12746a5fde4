package dev.serai.enrich;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.event.Json;
import dev.serai.event.Provenance;
import dev.serai.event.Provenance.Status;
import dev.serai.event.SceneElement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a source of scene or dynamic information came back with. */
public sealed interface LookedUp {
    /** A longer answer is a failure of its source: model context is not where megabytes belong. */
    int MAX_ANSWER_BYTES = 256 * 1024;

    /** The source's answer, JSON in UTF-8. */
    @SuppressWarnings("ArrayRecordComponent") // read once and thrown away
    record Found(byte[] answer) implements LookedUp {}

    /** The source does not know the reference. */
    record NotFound() implements LookedUp {}

    /** The source failed; why is logged where it happened, and not passed on. */
    record Failed() implements LookedUp {}

    /**
     * Adds a scene: inline elements first, then what was found, but for names that are there already. The answer is an
     * array of {@code {name, description}}.
     */
    default Enrichment addSceneTo(Enrichment enrichment) {
        return switch (this) {
            case Found found -> {
                List<SceneElement> elements = scene(found.answer());
                yield elements == null
                        ? enrichment.withScene(enrichment.scene(), failed())
                        : enrichment.withScene(merged(enrichment.scene(), elements), fresh());
            }
            case NotFound notFound -> enrichment;
            case Failed failed -> enrichment.withScene(enrichment.scene(), failed());
        };
    }

    /** Adds dynamic information: the inline text first, then what was found. The answer is {@code {text}}. */
    default Enrichment addDynamicInfoTo(Enrichment enrichment) {
        return switch (this) {
            case Found found -> {
                String text = text(found.answer());
                yield text == null
                        ? enrichment.withDynamicInfo(enrichment.dynamicInfo(), failed())
                        : enrichment.withDynamicInfo(
                                text.isEmpty() ? enrichment.dynamicInfo() : merged(enrichment.dynamicInfo(), text),
                                fresh());
            }
            case NotFound notFound -> enrichment;
            case Failed failed -> enrichment.withDynamicInfo(enrichment.dynamicInfo(), failed());
        };
    }

    private static @Nullable List<SceneElement> scene(byte[] answer) {
        if (!(json(answer) instanceof ArrayNode array)) {
            return null;
        }
        List<SceneElement> elements = new ArrayList<>();
        for (JsonNode element : array) {
            JsonNode name = element.path("name");
            JsonNode description = element.path("description");
            if (!name.isTextual() || !description.isTextual()) {
                return null;
            }
            elements.add(new SceneElement(name.textValue(), description.textValue()));
        }
        return elements;
    }

    private static @Nullable String text(byte[] answer) {
        JsonNode value = json(answer);
        return value == null ? null : value.path("text").textValue();
    }

    private static @Nullable JsonNode json(byte[] answer) {
        if (answer.length > MAX_ANSWER_BYTES) {
            return null;
        }
        try {
            JsonNode value = Json.MAPPER.readTree(new String(answer, StandardCharsets.UTF_8));
            // Half a character (an unpaired surrogate) has no UTF-8: the provider would refuse the whole request.
            return Json.isEncodable(value) ? value : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static List<SceneElement> merged(List<SceneElement> inline, List<SceneElement> found) {
        List<SceneElement> all = new ArrayList<>(inline);
        Set<String> names = new HashSet<>();
        inline.forEach(element -> names.add(element.name()));
        found.stream().filter(element -> names.add(element.name())).forEach(all::add);
        return all;
    }

    private static ObjectNode merged(@Nullable ObjectNode inline, String found) {
        ObjectNode all = inline == null ? Json.MAPPER.createObjectNode() : inline.deepCopy();
        String text = all.path("text").asText("");
        return all.put("text", text.isEmpty() ? found : text + "\n" + found);
    }

    private static Provenance fresh() {
        return new Provenance(Status.FRESH, Duration.ZERO);
    }

    private static Provenance failed() {
        return new Provenance(Status.FAILED, null);
    }
}
