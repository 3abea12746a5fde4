package dev.serai.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of the topic of jobs, as they are read one after the other: the last of each key counts. A record that cannot be
 * understood counts as none and is said in the log: a job whose spec is such is no job. Not thread-safe.
 */
public final class JobRecords {
    /** Version of the format of every record of the topic. */
    static final int SCHEMA_VERSION = 1;

    private static final Logger LOG = LoggerFactory.getLogger(JobRecords.class);

    /** By job, and what of it. */
    private final Map<String, Map<Part, Object>> records = new LinkedHashMap<>();

    /** What a record says of a job; after the slash of its key. */
    enum Part {
        SPEC(JobSpec.class),
        UPLOAD(JobUploaded.class),
        COMMAND(JobCommand.class),
        RUN(JobRun.class);

        private final Class<?> type;

        Part(Class<?> type) {
            this.type = type;
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        private byte[] key(String job) {
            return (job + "/" + text()).getBytes(UTF_8);
        }

        private static @Nullable Part of(String text) {
            for (Part part : values()) {
                if (part.text().equals(text)) {
                    return part;
                }
            }
            return null;
        }
    }

    static ProducerRecord<byte[], byte[]> of(String topic, int partition, JobSpec spec) {
        return of(topic, partition, spec.job(), Part.SPEC, spec);
    }

    static ProducerRecord<byte[], byte[]> of(String topic, int partition, String job, JobUploaded uploaded) {
        return of(topic, partition, job, Part.UPLOAD, uploaded);
    }

    static ProducerRecord<byte[], byte[]> of(String topic, int partition, String job, JobCommand command) {
        return of(topic, partition, job, Part.COMMAND, command);
    }

    /** How far the job is, as a record of its partition. */
    public static ProducerRecord<byte[], byte[]> of(String topic, int partition, JobRun run) {
        return of(topic, partition, run.job(), Part.RUN, run);
    }

    private static ProducerRecord<byte[], byte[]> of(String topic, int partition, String job, Part part, Object value) {
        ObjectNode json = Json.MAPPER.valueToTree(value);
        json.put("schema_version", SCHEMA_VERSION);
        return new ProducerRecord<>(topic, partition, part.key(job), Json.bytes(json));
    }

    /**
     * What was asked of a job.
     *
     * @param command null if it is asked no more
     */
    public record Asked(String job, @Nullable JobCommand command) {}

    /** What a record asks of which job; empty if it is none that asks, or cannot be understood. */
    public static Optional<Asked> command(byte @Nullable [] key, byte @Nullable [] value) {
        String text = key == null ? "" : new String(key, UTF_8);
        String after = "/" + Part.COMMAND.text();
        if (!text.endsWith(after) || !JobId.isValid(text.substring(0, text.length() - after.length()))) {
            return Optional.empty();
        }
        String job = text.substring(0, text.length() - after.length());
        try {
            return Optional.of(new Asked(job, value == null ? null : Json.MAPPER.readValue(value, JobCommand.class)));
        } catch (IOException | RuntimeException e) {
            LOG.warn("The command of job {} cannot be read and counts as none: {}", job, e.getMessage());
            return Optional.empty();
        }
    }

    /** What takes all records of a job away. */
    public static List<ProducerRecord<byte[], byte[]>> tombstones(String topic, int partition, String job) {
        return Arrays.stream(Part.values())
                .map(part -> new ProducerRecord<byte[], byte[]>(topic, partition, part.key(job), null))
                .toList();
    }

    /**
     * Takes a record in.
     *
     * @return the job it is of; empty if of none
     */
    public Optional<String> take(byte @Nullable [] key, byte @Nullable [] value) {
        String text = key == null ? "" : new String(key, UTF_8);
        int slash = text.lastIndexOf('/');
        Part part = Part.of(text.substring(slash + 1));
        if (slash < 0 || part == null || !JobId.isValid(text.substring(0, slash))) {
            return Optional.empty();
        }
        String job = text.substring(0, slash);
        if (value == null) {
            records.computeIfPresent(job, (id, parts) -> {
                parts.remove(part);
                return parts.isEmpty() ? null : parts;
            });
        } else {
            try {
                records.computeIfAbsent(job, id -> new HashMap<>()).put(part, Json.MAPPER.readValue(value, part.type));
            } catch (IOException | RuntimeException e) {
                LOG.warn("The {} of job {} cannot be read and counts as none: {}", part.text(), job, e.getMessage());
            }
        }
        return Optional.of(job);
    }

    /** What is known of a job; empty without its spec. */
    public Optional<Job> job(String id) {
        Map<Part, Object> parts = records.get(id);
        if (parts == null
                || !(parts.get(Part.SPEC) instanceof JobSpec spec)
                || !spec.job().equals(id)) {
            return Optional.empty();
        }
        return Optional.of(
                new Job(spec, (JobUploaded) parts.get(Part.UPLOAD), (JobCommand) parts.get(Part.COMMAND), (JobRun)
                        parts.get(Part.RUN)));
    }

    /** The jobs of which something is known. */
    public Set<String> ids() {
        return Set.copyOf(records.keySet());
    }
}
