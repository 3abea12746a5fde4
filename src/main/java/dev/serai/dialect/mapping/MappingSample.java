package dev.serai.dialect.mapping;

import dev.serai.loop.UnusableFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A mapping's test as files: {@code NAME.sample.json} has a record, {@code NAME.expected.json} what must become of it.
 *
 * <p>The sample is the record's value; or an object whose only field is {@code $record}, with {@code key} (a text),
 * {@code headers} (an object of texts), {@code timestamp} (RFC 3339, or milliseconds since 1970; default
 * 2026-01-01T00:00:00Z), {@code topic} and {@code value} (JSON; a text is the value as it is, which need not be JSON). What is
 * expected is <code>{"events": […], "ignored": […]}</code>, where an event has its key in the field {@code conversation}, or
 * <code>{"rejected": "the reason"}</code>. Immutable.
 *
 * @param name without the endings, for people
 */
public record MappingSample(String name, Path sample, Path expected) {
    public static final String SAMPLE = ".sample.json";
    public static final String EXPECTED = ".expected.json";

    /**
     * The samples in a folder and in those below it, by name.
     *
     * @throws UnusableFileException if the folder cannot be read, or a sample or what is expected is without the other
     */
    public static List<MappingSample> in(Path folder) throws UnusableFileException {
        throw new UnusableFileException(folder, "cannot be read yet");
    }

    /**
     * Maps the sample and compares.
     *
     * @return what differs, each with its path, for people to read; empty if nothing does
     * @throws UnusableFileException if one of the files cannot be read
     */
    public List<String> differences(Mapping mapping) throws UnusableFileException {
        throw new UnusableFileException(sample, "cannot be read yet");
    }
}
