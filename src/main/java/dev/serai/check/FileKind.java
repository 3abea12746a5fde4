package dev.serai.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.mapping.MappingSample;
import dev.serai.wire.Json;
import dev.serai.wire.event.EventForm;
import java.nio.file.Path;
import java.util.Locale;

/** What a file is taken for: by the ending of its name, and where that is {@code .json}, by what it holds. */
public enum FileKind {
    FOLDER,
    MAPPING,
    /** A raw record for a mapping. */
    SAMPLE,
    TABLE,
    /** One event. */
    EVENT,
    /** An event on each line. */
    EVENTS,
    UNKNOWN;

    public static final String ENDINGS =
            "*.jsonata (a mapping), *.sample.json with *.expected.json (a mapping's test), *.csv and"
                    + " *.table.json (a look-up table), *.jsonl and *.ndjson (an event a line), *.json";

    private static final String MAPPING_END = ".jsonata";
    private static final String TABLE_END = ".table.json";
    private static final String SPEC_VERSION = "specversion";
    private static final EventForm FORM = new EventForm();

    /** The kind by the name alone; of a name that ends in {@code .json} and no more, {@link #EVENT}. */
    static FileKind of(Path file) {
        String name =
                file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(MAPPING_END)) {
            return MAPPING;
        }
        if (name.endsWith(MappingSample.SAMPLE) || name.endsWith(MappingSample.EXPECTED)) {
            return SAMPLE;
        }
        if (name.endsWith(".csv") || name.endsWith(TABLE_END)) {
            return TABLE;
        }
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return EVENTS;
        }
        return name.endsWith(".json") ? EVENT : UNKNOWN;
    }

    /**
     * Whether JSON is a look-up table rather than an event: an object with nothing but objects in it, none under the name of
     * an event's field.
     */
    static boolean isTable(String json) {
        JsonNode read;
        try {
            read = Json.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            return false;
        }
        return read instanceof ObjectNode object
                && !object.isEmpty()
                && object.properties().stream()
                        .allMatch(field -> field.getValue().isObject()
                                && !field.getKey().equals(SPEC_VERSION)
                                && !FORM.hasField(field.getKey()));
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
