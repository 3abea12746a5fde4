package dev.serai.trial.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.serai.trial.demo.Sample.BrokenSampleException;
import dev.serai.trial.demo.Sample.Expected;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Reads samples from files. Stateless. */
public final class SampleFolder {
    private static final List<String> REQUIRED = List.of("about", "reply");
    private static final List<String> CATEGORIES =
            Arrays.stream(ErrorCategory.values()).map(ErrorCategory::wireName).toList();

    private SampleFolder() {}

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
}
