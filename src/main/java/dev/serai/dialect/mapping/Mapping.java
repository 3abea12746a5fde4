package dev.serai.dialect.mapping;

import dev.serai.jsonata.JsonataBounds;
import dev.serai.jsonata.JsonataExpression;
import dev.serai.jsonata.JsonataFailure;
import dev.serai.jsonata.JsonataFunction;
import dev.serai.jsonata.JsonataToken;
import dev.serai.wire.Characters;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.event.EventForm;
import dev.serai.wire.event.RawJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes start events and end events of what another system publishes, by a mapping file: one JSONata expression, as
 * {@code src/docs/mappings.md} describes. What a record becomes depends on the record, the file and the context only, never on
 * the clock, the load or other records: a record that is delivered again becomes the same. Immutable and thread-safe.
 */
public final class Mapping {
    private static final int MAX_FILE_BYTES = 256 << 10;

    /** What Kafka lets a record have by default. */
    static final int MAX_VALUE_BYTES = 1 << 20;

    /** By count, not by the clock, so that a record comes out alike whatever the load is; about 200 ms. */
    static final JsonataBounds BOUNDS = new JsonataBounds(500, 250_000, Long.MAX_VALUE, 10_000, 4L << 20, 16L << 20);

    /** Each has the label of what it is counted by. */
    private static final String TOMBSTONE = "tombstone";

    private static final String HAS_DIGEST = "has_digest";
    private static final Set<String> VALUES = Set.of("key", "headers", "timestamp", "topic", HAS_DIGEST);

    private final JsonataExpression expression;
    private final boolean hasDigest;
    private final EventMaker events;

    private Mapping(JsonataExpression expression, boolean hasDigest, EventMaker events) {
        this.expression = expression;
        this.hasDigest = hasDigest;
        this.events = events;
    }

    /**
     * Reads a mapping file and checks what can be checked without a record.
     *
     * @param file UTF-8, at most 256 KiB
     * @throws InvalidMappingException if it cannot be used; the message names the file, line and column, and what is wrong
     * @throws IllegalArgumentException if the context's country is none; the message names it
     */
    public static Mapping load(Path file, MappingContext context) throws InvalidMappingException {
        String text = read(file);
        Map<String, JsonataFunction> functions = new MappingFunctions(context).all();
        JsonataExpression expression;
        try {
            expression = JsonataExpression.parse(text, BOUNDS, functions);
        } catch (JsonataFailure e) {
            throw InvalidMappingException.at(file, text, Math.max(0, e.position() - 1), e.reason());
        }
        EventForm form = new EventForm();
        boolean hasDigest = context.digest() != null;
        Set<String> names = new HashSet<>(functions.keySet());
        names.addAll(VALUES);
        List<MappingRules.Problem> problems = new MappingRules(form, names, hasDigest).problems(JsonataToken.of(text));
        if (!problems.isEmpty()) {
            throw InvalidMappingException.of(file, text, problems);
        }
        return new Mapping(expression, hasDigest, new EventMaker(form, context.defaults()));
    }

    private static String read(Path file) throws InvalidMappingException {
        byte[] bytes;
        try {
            if (!Files.isRegularFile(file)) {
                throw new InvalidMappingException(file, "must be a file that exists");
            }
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new InvalidMappingException(file, "must have at most " + (MAX_FILE_BYTES >> 10) + " KiB");
            }
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InvalidMappingException(file, "must be a file that can be read");
        }
        String expression = Characters.ofUtf8(bytes)
                .map(Characters::withoutMark)
                .orElseThrow(() -> new InvalidMappingException(file, "must be in UTF-8: save it so"));
        if (expression.isBlank()) {
            throw new InvalidMappingException(file, "must hold a JSONata expression, and is blank");
        }
        return expression;
    }

    /** Maps one record. Total: it never throws, ends after a bounded number of steps, and makes a bounded amount. */
    public MappingResult map(OriginalRecord raw) {
        byte[] value = raw.value();
        if (value == null) {
            return new MappingResult.Mapped(List.of(), List.of(TOMBSTONE));
        }
        try {
            Object input = RawJson.read(value, MAX_VALUE_BYTES);
            return events.events(expression.evaluate(input, names(raw)), raw.timestamp());
        } catch (RawJson.UnreadableException e) {
            return new MappingResult.Rejected("/: the value " + e.getMessage());
        } catch (RejectedRecord e) {
            return new MappingResult.Rejected(e.reason());
        } catch (JsonataFailure e) {
            return new MappingResult.Rejected("/: the mapping fails " + e.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
            // Not its text, which may quote a value.
            return new MappingResult.Rejected(
                    "/: the mapping fails with " + e.getClass().getSimpleName());
        }
    }

    private Map<String, @Nullable Object> names(OriginalRecord raw) {
        Map<String, @Nullable Object> names = new HashMap<>();
        names.put(HAS_DIGEST, hasDigest);
        names.put("key", raw.conversationKey());
        names.put("headers", headers(raw.headers()));
        names.put("timestamp", raw.timestamp().toEpochMilli());
        names.put("topic", raw.topic());
        return names;
    }

    /** The last of each name, as text; without those that are null. */
    private static Map<String, @Nullable Object> headers(List<RecordHeader> headers) {
        Map<String, @Nullable Object> texts = new LinkedHashMap<>();
        for (RecordHeader header : headers) {
            byte[] value = header.value();
            if (value != null) {
                texts.put(header.name(), new String(value, StandardCharsets.UTF_8));
            }
        }
        return texts;
    }
}
