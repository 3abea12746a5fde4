package dev.serai.dialect.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Mappings and records for tests. */
final class Mappings {
    static final Instant TIME = Instant.parse("2026-11-20T09:15:00Z");
    static final NumberDigest DIGEST = NumberDigest.of(Base64.getEncoder().encodeToString(new byte[32]));
    static final MappingDefaults DEFAULTS = new MappingDefaults(null, null, Duration.ofSeconds(30));

    /** What the values of test expressions are taken out of. */
    static final String EVENT =
            "{\"conversation\":\"c\",\"event_id\":\"e\",\"action\":\"start\",\"character_id\":\"x\",\"ttl_ms\":1,\"end_user_metadata\":{\"v\":%s}}";

    private Mappings() {}

    static MappingContext plain() {
        return new MappingContext(LookUp.none(), null, null, DEFAULTS);
    }

    static MappingContext german() {
        return new MappingContext(LookUp.none(), null, "DE", DEFAULTS);
    }

    static MappingContext secret() {
        return new MappingContext(LookUp.none(), DIGEST, "DE", DEFAULTS);
    }

    static Mapping mapping(String expression, MappingContext context) throws InvalidMappingException {
        Path file = null;
        try {
            file = Files.createTempFile("serai-mapping", ".jsonata");
            Files.writeString(file, expression);
            return Mapping.load(file, context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (file != null) {
                file.toFile().delete();
            }
        }
    }

    static MappingResult map(String expression, MappingContext context, String json) throws InvalidMappingException {
        return mapping(expression, context).map(record(json));
    }

    /** What an expression comes to in an event; nothing is a missing node. */
    static JsonNode value(String expression, MappingContext context, String json) throws InvalidMappingException {
        return ((MappingResult.Mapped) map(EVENT.formatted(expression), context, json))
                .events()
                .getFirst()
                .event()
                .path("end_user_metadata")
                .path("v");
    }

    static ObjectNode event(MappingResult result) {
        return ((MappingResult.Mapped) result).events().getFirst().event();
    }

    static OriginalRecord record(@Nullable String value) {
        return record(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    static OriginalRecord record(byte @Nullable [] value) {
        return record(value, "raw-1", Map.of("source", "pbx"));
    }

    static OriginalRecord record(byte @Nullable [] value, String key, Map<String, String> headers) {
        return new OriginalRecord(
                "raw",
                0,
                7,
                TIME,
                key.getBytes(StandardCharsets.UTF_8),
                value,
                headers.entrySet().stream()
                        .map(header -> new RecordHeader(
                                header.getKey(), header.getValue().getBytes(StandardCharsets.UTF_8)))
                        .toList());
    }

    static String rejection(MappingResult result) {
        return ((MappingResult.Rejected) result).reason();
    }

    static List<String> ignored(MappingResult result) {
        return ((MappingResult.Mapped) result).ignored();
    }

    static JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
