package dev.serai.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Raw events of a made-up phone system, and what makes start and end events of them. {@code {"type":"called","call":"c1"}} is
 * a start event, {@code ended} an end event, {@code many} a start event for each of its {@code calls}; all others are ignored
 * under their type.
 */
public final class RawEvents {
    private static final String MAPPING = """
            type = "called" ? {
              "conversation": $required(call, "call"), "event_id": call & "-called", "action": "start", "character_id": "c"
            } : type = "ended" ? {
              "conversation": $required(call, "call"), "event_id": call & "-ended", "action": "end"
            } : type = "many" ? [calls.{
              "conversation": $, "event_id": $ & "-called", "action": "start", "character_id": "c", "dynamic_info": {"text": $string($$.padding)}
            }] : $ignore(type)
            """;

    private RawEvents() {}

    /** A topic of its own. */
    public static String topic() {
        return "test.raw." + UUID.randomUUID().toString().substring(0, 8);
    }

    /** A file with the mapping. */
    public static Path mapping() {
        return mapping(MAPPING);
    }

    /** A file with another mapping. */
    public static Path mapping(String jsonata) {
        try {
            return Files.writeString(Files.createTempFile(Path.of("target"), "phone", ".jsonata"), jsonata);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings of an intake of that topic. */
    public static Map<String, String> intake(String name, String topic) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("serai.intake." + name + ".topic", topic);
        settings.put("serai.intake." + name + ".mapping", mapping().toString());
        return settings;
    }

    /** Publishes one and waits until Kafka has it. */
    public static RecordMetadata publish(
            RunningSerai serai, String topic, @Nullable String key, String singleQuoted, Header... headers) {
        return serai.publish(new ProducerRecord<>(
                topic,
                null,
                null,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                Incoming.json(singleQuoted).getBytes(StandardCharsets.UTF_8),
                List.of(headers)));
    }

    /** The ids of events, in the order of their records. */
    public static List<String> ids(List<ConsumerRecord<byte[], byte[]>> events) {
        return events.stream()
                .map(event -> RunningSerai.json(event).path("event_id").asText())
                .toList();
    }

    /** That each event is there once. */
    public static void assertEachOnce(List<ConsumerRecord<byte[], byte[]>> events) {
        assertThat(ids(events)).doesNotHaveDuplicates();
    }
}
