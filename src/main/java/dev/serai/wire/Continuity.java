package dev.serai.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an event asks for: to go on with the conversation's last session with this character, or to start anew. */
public enum Continuity {
    @JsonProperty("resume")
    RESUME,
    @JsonProperty("fresh")
    FRESH
}
