package dev.serai.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What kind of session is opened; the Connect API's {@code connection_type}. */
public enum ConnectionType {
    @JsonProperty("audio")
    AUDIO,
    @JsonProperty("video")
    VIDEO
}
