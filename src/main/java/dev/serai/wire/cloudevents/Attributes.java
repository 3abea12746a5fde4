package dev.serai.wire.cloudevents;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A CloudEvent's attributes while they are read, and what is wrong with them. For one thread. */
final class Attributes {
    /** What their names begin with among a record's headers. */
    static final String PREFIX = "ce_";

    static final String SPECVERSION = "specversion";
    static final String ID = "id";
    static final String SOURCE = "source";
    static final String TYPE = "type";
    static final String TIME = "time";
    static final String DATACONTENTTYPE = "datacontenttype";
    static final String TRACEPARENT = "traceparent";
    static final String TRACESTATE = "tracestate";

    static final List<String> REQUIRED = List.of(SPECVERSION, ID, SOURCE, TYPE);

    /** Of a tracing extension that is no text nothing goes on, and nobody minds. */
    static final Set<String> EXTENSIONS = Set.of(TRACEPARENT, TRACESTATE);

    /** Those that mean something here. */
    static final Set<String> KNOWN =
            Set.of(SPECVERSION, ID, SOURCE, TYPE, TIME, DATACONTENTTYPE, TRACEPARENT, TRACESTATE);

    private final Mode mode;
    private final Map<String, String> texts = new HashMap<>();
    private @Nullable String problem;

    Attributes(Mode mode) {
        this.mode = mode;
    }

    /** An empty text is none. */
    void put(String name, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            wrong(name, "is not valid Unicode");
        } else if (!text.isEmpty()) {
            texts.put(name, text);
        }
    }

    boolean has(String name) {
        return texts.containsKey(name);
    }

    @Nullable
    String get(String name) {
        return texts.get(name);
    }

    /** Of several the first is told. */
    void wrong(String name, String why) {
        problem(mode.place(name) + ": " + why);
    }

    void problem(String text) {
        if (problem == null) {
            problem = text;
        }
    }

    @Nullable
    String problem() {
        return problem;
    }

    Mode mode() {
        return mode;
    }
}
