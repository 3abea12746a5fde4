package dev.serai.dialect.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A mapping's test as files: {@code NAME.sample.json} has a record, {@code NAME.expected.json} what must become of it.
 *
 * <p>The sample is the record's value; or an object whose only field is {@code $record}, with {@code key} (a text),
 * {@code headers} (an object of texts), {@code timestamp} (RFC 3339, or milliseconds since 1970), {@code topic} and
 * {@code value} (JSON; a text is the value as it is, which need not be JSON). What is expected is
 * <code>{"events": […], "ignored": […]}</code>, where an event has its key in the field {@code conversation}, or
 * <code>{"rejected": "the reason"}</code>. Immutable.
 *
 * @param name without the endings, and with the folder below the one that was looked through
 */
public record MappingSample(String name, Path sample, Path expected) {
    public static final String SAMPLE = ".sample.json";
    public static final String EXPECTED = ".expected.json";

    /** Of a record that says none: later than whatever it tells of. */
    public static final Instant TIMESTAMP = Instant.parse("2100-01-01T00:00:00Z");

    private static final String RECORD = "$record";
    private static final Set<String> OF_RECORD = Set.of("key", "headers", "timestamp", "topic", "value");
    private static final String TOPIC = "sample";
    private static final int DEEPEST_FOLDER = 8;

    /**
     * The samples in a folder and in those below it, by name.
     *
     * @throws UnusableFileException if the folder cannot be read, or a sample or what is expected is without the other
     */
    public static List<MappingSample> in(Path folder) throws UnusableFileException {
        Set<Path> bases = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder, DEEPEST_FOLDER)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                String name = file.getFileName().toString();
                for (String ending : List.of(SAMPLE, EXPECTED)) {
                    if (name.endsWith(ending)) {
                        bases.add(file.resolveSibling(name.substring(0, name.length() - ending.length())));
                    }
                }
            });
        } catch (IOException e) {
            throw new UnusableFileException(folder, "must be a folder that can be read");
        }
        List<MappingSample> samples = new ArrayList<>();
        for (Path base : bases) {
            samples.add(new MappingSample(
                    folder.relativize(base).toString(), existing(base, SAMPLE), existing(base, EXPECTED)));
        }
        return samples;
    }

    private static Path existing(Path base, String ending) throws UnusableFileException {
        Path file = base.resolveSibling(base.getFileName() + ending);
        if (!Files.isRegularFile(file)) {
            throw new UnusableFileException(
                    file, "must be there: a sample and what is expected of it are two files of one name");
        }
        return file;
    }

    /**
     * Maps the sample and compares.
     *
     * @return what differs, each with its path in what is expected, for people to read; empty if nothing does
     * @throws UnusableFileException if one of the files cannot be read
     */
    public List<String> differences(Mapping mapping) throws UnusableFileException {
        List<String> differences = new ArrayList<>();
        compare(complete(json(expected)), describe(mapping.map(record())), "", differences);
        return differences;
    }

    /**
     * The record that the sample tells of.
     *
     * @throws UnusableFileException if the file cannot be read
     */
    public OriginalRecord record() throws UnusableFileException {
        JsonNode json = json(sample);
        JsonNode record = json.isObject() && json.size() == 1 ? json.path(RECORD) : json.path("");
        if (record.isMissingNode()) {
            return new OriginalRecord(TOPIC, 0, 0, TIMESTAMP, null, Json.bytes(json), List.of());
        }
        for (String name : names(record)) {
            if (!OF_RECORD.contains(name)) {
                throw new UnusableFileException(
                        sample,
                        "must have no field /" + RECORD + "/" + name + ": a record has " + new TreeSet<>(OF_RECORD));
            }
        }
        List<RecordHeader> headers = new ArrayList<>();
        record.path("headers")
                .properties()
                .forEach(header -> headers.add(new RecordHeader(header.getKey(), bytes(header.getValue()))));
        return new OriginalRecord(
                record.path("topic").asText(TOPIC),
                0,
                0,
                timestamp(record.path("timestamp")),
                bytes(record.get("key")),
                bytes(record.get("value")),
                headers);
    }

    private Instant timestamp(JsonNode time) throws UnusableFileException {
        if (time.isMissingNode() || time.isNull()) {
            return TIMESTAMP;
        }
        return Times.instant(time.isNumber() ? time.longValue() : time.asText())
                .orElseThrow(() -> new UnusableFileException(
                        sample, "must have a time as /" + RECORD + "/timestamp, RFC 3339 or milliseconds since 1970"));
    }

    private static byte @Nullable [] bytes(@Nullable JsonNode value) {
        return value == null || value.isNull()
                ? null
                : value.isTextual() ? value.textValue().getBytes(StandardCharsets.UTF_8) : Json.bytes(value);
    }

    private static JsonNode json(Path file) throws UnusableFileException {
        try {
            return Json.MAPPER.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new UnusableFileException(
                    file, e.getLocation() == null ? 1 : e.getLocation().getLineNr(), "is no JSON");
        } catch (IOException e) {
            throw new UnusableFileException(file, "must be a file that can be read, in UTF-8");
        }
    }

    /** What a file leaves out is an empty list. */
    private JsonNode complete(JsonNode wanted) throws UnusableFileException {
        if (!(wanted instanceof ObjectNode object) || object.isEmpty()) {
            throw new UnusableFileException(
                    expected, "must hold {\"events\": [...], \"ignored\": [...]} or {\"rejected\": \"the reason\"}");
        }
        if (!object.has("rejected")) {
            object.withArray("events");
            object.withArray("ignored");
        }
        return object;
    }

    /** A result in the form of what is expected of one. */
    public static ObjectNode describe(MappingResult result) {
        ObjectNode description = Json.MAPPER.createObjectNode();
        switch (result) {
            case MappingResult.Rejected rejected -> description.put("rejected", rejected.reason());
            case MappingResult.Mapped mapped -> {
                var events = description.putArray("events");
                mapped.events().forEach(event -> {
                    ObjectNode described = events.addObject();
                    described.put(EventMaker.CONVERSATION, event.conversationKey());
                    described.setAll(event.event());
                });
                var ignored = description.putArray("ignored");
                mapped.ignored().forEach(ignored::add);
            }
        }
        return description;
    }

    private static void compare(JsonNode wanted, JsonNode found, String path, List<String> differences) {
        if (wanted.isObject() && found.isObject()) {
            Set<String> all = names(wanted);
            all.addAll(names(found));
            for (String name : all) {
                compare(wanted.path(name), found.path(name), path + "/" + name, differences);
            }
        } else if (wanted.isArray() && found.isArray()) {
            for (int i = 0; i < Math.max(wanted.size(), found.size()); i++) {
                compare(wanted.path(i), found.path(i), path + "/" + i, differences);
            }
        } else if (!shown(wanted).equals(shown(found))) {
            differences.add((path.isEmpty() ? "/" : path) + ": expected " + shown(wanted) + ", is " + shown(found));
        }
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
    }
}
