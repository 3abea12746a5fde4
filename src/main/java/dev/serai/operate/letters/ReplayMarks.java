package dev.serai.operate.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.CompactedTopicReader.Gap;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Which letters were published again, and by which replay: what is committed of a compacted topic beside that of the letters.
 * Of each letter there is a mark, whose key names the topic by its id, so that one that was deleted and made anew has none;
 * of each replay there is a record of who did it, and why. As it was when it was read; some 100 bytes of memory for each
 * mark. For one thread.
 */
public final class ReplayMarks {
    static final String REPLAY = "replay/";
    static final String REPLAY_ID = "replay_id";

    private static final String AFTER = ".replayed";

    private final Map<Integer, Map<Long, String>> replayIds = new HashMap<>();
    private final Map<String, ObjectNode> replays = new LinkedHashMap<>();

    private ReplayMarks() {}

    /** None are known, for who looks at letters and may not read what was replayed of them. */
    public static ReplayMarks unknown() {
        return new ReplayMarks();
    }

    /** The topic of the marks, and the name of the transactions that write them. */
    public static String topic(String lettersTopic) {
        return lettersTopic + AFTER;
    }

    /** A mark's key. */
    static byte[] key(DeadLetters letters, Letter letter) {
        return (beginning(letters) + letter.asRecord().partition() + "/"
                        + letter.asRecord().offset())
                .getBytes(UTF_8);
    }

    private static String beginning(DeadLetters letters) {
        return letters.topicId() + "/";
    }

    /**
     * Reads all of them. Without a topic of marks there are none.
     *
     * @throws dev.serai.kafka.TopicReadException if that takes longer than a minute, as behind a transaction of a killed
     *     producer
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer, or refuses
     */
    public static ReplayMarks read(Map<String, Object> kafka, DeadLetters letters) {
        return read(kafka, letters, DeadLetters.PATIENCE);
    }

    /**
     * As {@link #read(Map, DeadLetters)}.
     *
     * @param limit in place of a minute; at least 1 ms
     */
    public static ReplayMarks read(Map<String, Object> kafka, DeadLetters letters, Duration limit) {
        ReplayMarks marks = new ReplayMarks();
        String beginning = beginning(letters);
        try (var reader = new CompactedTopicReader(kafka, topic(letters.topic()), Gap.PASS, limit)) {
            reader.readToEnd(
                    IntStream.range(0, reader.shape().partitions()).boxed().collect(Collectors.toSet()),
                    read -> marks.take(read, beginning));
        } catch (UnknownTopicOrPartitionException e) {
            return marks;
        }
        return marks;
    }

    private void take(ConsumerRecord<byte[], byte[]> read, String beginning) {
        if (read.key() == null || !(json(read.value()) instanceof ObjectNode value)) {
            return;
        }
        String key = new String(read.key(), UTF_8);
        if (key.startsWith(REPLAY)) {
            String id = key.substring(REPLAY.length()).intern();
            replays.remove(id);
            replays.put(id, value);
        } else if (key.startsWith(beginning)) {
            String[] place = key.substring(beginning.length()).split("/", 2);
            String id = value.path(REPLAY_ID).asText().intern();
            replayIds
                    .computeIfAbsent(Integer.valueOf(place[0]), partition -> new HashMap<>())
                    .put(Long.valueOf(place[1]), id);
        }
    }

    private static @Nullable JsonNode json(byte @Nullable [] value) {
        try {
            return value == null ? null : Json.MAPPER.readTree(value);
        } catch (IOException e) {
            return null;
        }
    }

    /** Which replay has published the letter again; empty if none has. */
    public Optional<String> replayOf(Letter letter) {
        return Optional.ofNullable(replayIds
                .getOrDefault(letter.asRecord().partition(), Map.of())
                .get(letter.asRecord().offset()));
    }

    /** What is known of a replay. */
    public Optional<ObjectNode> replay(String id) {
        return Optional.ofNullable(replays.get(id));
    }

    /** All replays of letters of this topic's name, by their ids, the last one last. */
    public Map<String, ObjectNode> replays() {
        return new LinkedHashMap<>(replays);
    }
}
