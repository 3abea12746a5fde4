package dev.serai.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Whether somebody waits for an event's room in person, or it can wait behind those. */
public enum Priority {
    /** A caller waits. */
    @JsonProperty("live")
    LIVE,
    /** It is one of many that have time: it takes what callers leave. */
    @JsonProperty("batch")
    BATCH;

    /** As in events and metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
