package dev.serai.trial.demo;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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

    private static final List<String> REQUIRED = List.of("about", "reply");
    private static final List<String> CATEGORIES =
            Arrays.stream(ErrorCategory.values()).map(ErrorCategory::wireName).toList();

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

    /**
     * Reads all samples of a folder in the order of their names.
     *
     * @throws IOException if a file cannot be read, or an expectation has no event; the message names the file
     * @throws BrokenSampleException if an expectation cannot be used; the message names the file
     */
    public static List<Sample> readAll(Path folder) throws IOException {
        Path events = folder.resolve("events");
        Path expected = folder.resolve("expected");
        List<String> names = jsonFiles(events);
        List<String> unmatched = jsonFiles(expected).stream()
                .filter(name -> !names.contains(name))
                .toList();
        if (!unmatched.isEmpty()) {
            throw new IOException("no event in " + events + " for " + expected.resolve(unmatched.getFirst()));
        }
        if (names.isEmpty()) {
            throw new IOException("no events in " + events + ": put one there, as a file that ends in .json");
        }
        ObjectReader reader =
                Json.MAPPER.readerFor(Expected.class).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        List<Sample> samples = names.stream()
                .map(name -> read(name, events.resolve(name), expected.resolve(name), reader))
                .toList();
        requireEarlierOnes(samples, expected);
        return samples;
    }

    private static void requireEarlierOnes(List<Sample> samples, Path expected) {
        Set<String> earlier = new HashSet<>();
        for (Sample sample : samples) {
            String after = sample.after();
            if (after != null && !earlier.contains(after)) {
                throw new BrokenSampleException(
                        expected.resolve(sample.name() + ".json") + ": after should name an event before this one, was "
                                + after,
                        null);
            }
            earlier.add(sample.name());
        }
    }

    private static List<String> jsonFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
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

    private static Sample read(String file, Path event, Path expected, ObjectReader reader) {
        String name = file.substring(0, file.length() - ".json".length());
        try {
            if (!Files.exists(expected)) {
                return new Sample(name, Files.readAllBytes(event), null);
            }
            JsonNode expectation = Json.MAPPER.readTree(Files.readAllBytes(expected));
            REQUIRED.stream()
                    .filter(field -> !expectation.hasNonNull(field))
                    .findFirst()
                    .ifPresent(field -> {
                        throw new BrokenSampleException(expected + " lacks \"" + field + "\"", null);
                    });
            Expected read = reader.readValue(expectation);
            if (read.deadLetter() != null && !CATEGORIES.contains(read.deadLetter())) {
                throw new BrokenSampleException(
                        expected + ": dead_letter should be one of " + CATEGORIES + ", was " + read.deadLetter(), null);
            }
            return new Sample(name, Files.readAllBytes(event), read);
        } catch (JsonProcessingException e) {
            throw new BrokenSampleException(expected + " cannot be read: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new BrokenSampleException("cannot be read: " + e.getMessage(), e);
        }
    }

    /** A sample's file is missing or wrong; the message names it. */
    public static final class BrokenSampleException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenSampleException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
