package dev.serai.trial.demo;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sample event and what it should come to: {@code events/NAME.json}, published byte by byte, and
 * {@code expected/NAME.json}, which need not be there. In a raw event, {@value #NOW} is the time of publishing.
 *
 * @param event the record's value, whether or not it is JSON
 * @param expected null: whatever it comes to is shown, and not judged
 */
@SuppressWarnings("ArrayRecordComponent") // published as it is, never compared
public record Sample(String name, byte[] event, @Nullable Expected expected) {
    /** Raw events say when they happened; what happened long ago opens no room. */
    static final String NOW = "${now}";

    /**
     * What the sample should come to. JSON is compared as far as it is given: objects may hold more, arrays not.
     *
     * @param about what the sample shows, for the reader
     * @param key the record's key; null for none
     * @param intake the intake whose topic the event is published on, raw; null for the start topic
     * @param after the sample before this one whose reply is waited for; null: published at once
     * @param faults scripts for the stand-in, as its admin API takes them
     * @param reply what the reply must hold
     * @param call what the body of a call of the provider must hold; null if that does not matter
     * @param deadLetter the category of the dead letter; null if there must be none
     */
    public record Expected(
            String about,
            @Nullable String key,
            @Nullable String intake,
            @Nullable String after,
            List<ObjectNode> faults,
            ObjectNode reply,
            @Nullable ObjectNode call,
            @Nullable String deadLetter) {

        @JsonCreator
        public Expected {
            faults = faults == null ? List.of() : List.copyOf(faults);
        }
    }

    /** The record's key: of an event without an expectation its name, so that no other event's conversation is its own. */
    public @Nullable String key() {
        return expected == null ? name : expected.key();
    }

    /** The intake whose topic it is published on; null for the start topic. */
    @Nullable
    String intake() {
        return expected == null ? null : expected.intake();
    }

    /** The sample whose reply is waited for before it is published; null for none. */
    @Nullable
    String after() {
        return expected == null ? null : expected.after();
    }

    /** The record's value when it is published at that time. */
    byte[] publishedAt(Instant now) {
        return intake() == null
                ? event
                : new String(event, StandardCharsets.UTF_8)
                        .replace(NOW, now.truncatedTo(ChronoUnit.MILLIS).toString())
                        .getBytes(StandardCharsets.UTF_8);
    }

    /** The fields of a start or end event, also of a CloudEvent's; missing if it is raw, or no JSON. */
    JsonNode fields() {
        if (intake() != null) {
            return Json.MAPPER.missingNode();
        }
        try {
            JsonNode json = Json.MAPPER.readTree(new String(event, StandardCharsets.UTF_8));
            return json.has("specversion") ? json.path("data") : json;
        } catch (JsonProcessingException e) {
            return Json.MAPPER.missingNode();
        }
    }

    /** Scripts for the stand-in, as its admin API takes them. */
    public List<ObjectNode> faults() {
        return expected == null ? List.of() : expected.faults();
    }

    /** A sample's file is missing or wrong; the message names it. */
    public static final class BrokenSampleException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenSampleException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
