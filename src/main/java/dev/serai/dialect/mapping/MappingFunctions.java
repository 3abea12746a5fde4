package dev.serai.dialect.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.jsonata.JsonataExpression;
import dev.serai.jsonata.JsonataFunction;
import dev.serai.jsonata.JsonataValues;
import dev.serai.wire.Characters;
import dev.serai.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a mapping can call, besides JSONata's own functions: {@code src/docs/mappings.md} tells what each does. Thread-safe. */
final class MappingFunctions {
    /** The field of what {@code $ignore} makes; no event has a field of this name. */
    static final String IGNORED = "$ignored";

    private static final int LONGEST_REASON = 500;
    private static final int LONGEST_LABEL = 64;

    private final MappingContext context;
    private final PhoneNumbers numbers;

    /** @throws IllegalArgumentException if the context's country is none */
    MappingFunctions(MappingContext context) {
        this.context = context;
        numbers = new PhoneNumbers(context.country());
    }

    /** By name. */
    Map<String, JsonataFunction> all() {
        Map<String, JsonataFunction> all = new LinkedHashMap<>();
        all.put("required", function("<xs:x>", this::required));
        all.put("field", function("<xs:x>", arguments -> FieldPath.value(arguments.get(0), arguments.get(1))));
        all.put("json", function("<x:x>", arguments -> json(arguments.get(0))));
        all.put("base64decode", function("<x:s>", arguments -> base64(arguments.get(0))));
        all.put("time", function("<x:s>", arguments -> Times.text(arguments.get(0))));
        all.put("phone", function("<x:s>", arguments -> phone(arguments.get(0)).orElse(null)));
        all.put("digest", function("<x:s>", arguments -> digest(arguments.get(0))));
        all.put("person", function("<x:s>", arguments -> person(arguments.get(0))));
        all.put("row", function("<x:o>", arguments -> row(arguments.get(0))));
        all.put("ignore", function("<s:o>", this::ignore));
        all.put("error", function("<x?:x>", arguments -> {
            throw new RejectedRecord(reason(arguments.isEmpty() ? null : arguments.get(0), "refused by the mapping"));
        }));
        all.put("assert", function("<xx?:x>", this::require));
        return all;
    }

    private static JsonataFunction function(String signature, JsonataFunction.Body body) {
        return new JsonataFunction(signature, body);
    }

    private @Nullable Object required(List<?> arguments) {
        Object value = arguments.get(0);
        boolean isMissing = JsonataExpression.isAbsent(value)
                || (value instanceof String text && text.isBlank())
                || (value instanceof List<?> list && list.isEmpty());
        if (isMissing) {
            throw new RejectedRecord(reason(arguments.get(1), "/") + ": is missing");
        }
        return value;
    }

    private @Nullable Object require(List<?> arguments) {
        if (!Boolean.TRUE.equals(arguments.get(0))) {
            throw new RejectedRecord(
                    reason(arguments.size() > 1 ? arguments.get(1) : null, "what the mapping asserts is not so"));
        }
        return null;
    }

    /** What the mapping's author says; in one line. */
    private static String reason(@Nullable Object text, String otherwise) {
        return text instanceof String said && !said.isBlank()
                ? Characters.atMost(
                        LONGEST_REASON, Characters.whole(said).strip().replaceAll("\\p{Cntrl}+", " "))
                : otherwise;
    }

    /** What is JSON already, and no text, stays. */
    private static @Nullable Object json(@Nullable Object value) {
        if (!(value instanceof String text)) {
            return JsonataExpression.isAbsent(value) ? null : value;
        }
        try {
            return text.isBlank() ? null : JsonataValues.of(Json.MAPPER.readValue(text, Object.class));
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static @Nullable Object base64(@Nullable Object value) {
        try {
            return value instanceof String text
                    ? new String(Base64.getDecoder().decode(text.strip()), StandardCharsets.UTF_8)
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Optional<String> phone(@Nullable Object value) {
        return text(value).flatMap(numbers::normal);
    }

    private @Nullable String digest(@Nullable Object value) {
        NumberDigest digest = context.digest();
        // Only where the mapping has not asked, although it does so elsewhere.
        if (digest == null) {
            throw new RejectedRecord("/: the mapping uses $digest, and the intake has no digest-key-file");
        }
        return text(value).map(digest::digest).orElse(null);
    }

    private @Nullable String person(@Nullable Object value) {
        NumberDigest digest = context.digest();
        return phone(value)
                .map(known -> digest == null ? known : digest.digest(known))
                .orElse(null);
    }

    private @Nullable Object row(@Nullable Object key) {
        ObjectNode row = text(key).map(context.rows()::row).orElse(null);
        if (row == null) {
            row = context.rows().row(LookUp.OTHERWISE);
        }
        return row == null ? null : Values.ofJson(row);
    }

    private Object ignore(List<?> arguments) {
        return Map.of(IGNORED, label(arguments.get(0)));
    }

    /** A label as it is counted: short, and in one line. */
    static String label(@Nullable Object said) {
        return Characters.atMost(LONGEST_LABEL, reason(said, "unnamed"));
    }

    /** Texts that say something, and numbers. */
    private static Optional<String> text(@Nullable Object value) {
        return switch (value) {
            case String text -> Optional.of(text.strip()).filter(stripped -> !stripped.isEmpty());
            case Number number -> Optional.of(number.toString());
            case null -> Optional.empty();
            default -> Optional.empty();
        };
    }
}
