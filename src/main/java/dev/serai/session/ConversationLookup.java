package dev.serai.session;

import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.TopicReadException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the session topic holds of one conversation, read from the topic itself and not from a service's memory. The
 * whole topic is read: for operators, not for the flow. For one thread.
 */
public final class ConversationLookup implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConversationLookup.class);

    private final CompactedTopicReader reader;
    private final String sessionTopic;
    private final byte[] key;
    private final SortedMap<Integer, SessionRecord.Content> found = new TreeMap<>();
    private final Set<Integer> forgotten = new HashSet<>();

    /**
     * @param kafkaProperties for consumers and admin clients, {@code bootstrap.servers} among them
     * @param key not copied, never to be changed
     * @param timeLimit for reading the topic to its end; at least 1 ms
     */
    public ConversationLookup(
            Map<String, Object> kafkaProperties, String sessionTopic, byte[] key, Duration timeLimit) {
        this.sessionTopic = sessionTopic;
        this.key = key;
        reader = new CompactedTopicReader(kafkaProperties, sessionTopic, CompactedTopicReader.Gap.PASS, timeLimit);
    }

    /**
     * Reads the topic to its end.
     *
     * @return by partition, empty if nothing is remembered; more than one when the start topic was given more partitions
     * @throws SessionRestoreException if there is no such topic, or the time limit passes
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer, or refuses
     */
    public SortedMap<Integer, SessionRecord.Content> find() {
        return find(partition -> true);
    }

    /**
     * Reads some partitions to their ends: session records lie in those of the same numbers as the events that they come from.
     *
     * @param isMeant which of them
     * @return as {@link #find()}
     * @throws SessionRestoreException as {@link #find()}
     * @throws org.apache.kafka.common.KafkaException as {@link #find()}
     */
    public SortedMap<Integer, SessionRecord.Content> find(IntPredicate isMeant) {
        int partitions = reader.partitionCount(sessionTopic);
        if (partitions == 0) {
            throw SessionRestoreException.noTopic(sessionTopic);
        }
        try {
            reader.readToEnd(
                    IntStream.range(0, partitions).filter(isMeant).boxed().collect(Collectors.toSet()), this::take);
        } catch (TopicReadException e) {
            throw SessionRestoreException.notRead(e);
        }
        return Collections.unmodifiableSortedMap(new TreeMap<>(found));
    }

    /**
     * How many partitions a topic has; 0 if there is no such topic, or none that this client may see.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     */
    public int partitionCount(String topic) {
        try {
            return reader.partitionCount(topic);
        } catch (AuthorizationException e) {
            return 0;
        }
    }

    /**
     * Reads on until the conversation was forgotten, after {@link #find}, in each of the partitions that held it then.
     *
     * @return false if the time limit passes before that
     */
    public boolean awaitForgotten(Duration limit) {
        Set<Integer> awaited = new HashSet<>(found.keySet());
        forgotten.clear();
        long deadline = System.nanoTime() + limit.toNanos();
        while (!forgotten.containsAll(awaited)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            reader.readMore(Duration.ofNanos(left), this::take);
        }
        return true;
    }

    private void take(ConsumerRecord<byte[], byte[]> stored) {
        if (!Arrays.equals(stored.key(), key)) {
            return;
        }
        if (stored.value() == null) {
            found.remove(stored.partition());
            forgotten.add(stored.partition());
            return;
        }
        try {
            found.put(stored.partition(), SessionRecord.decode(stored.value()));
        } catch (SessionRecord.UnreadableException e) {
            log.warn(
                    "session record {}-{}-{} is left out: {}",
                    stored.topic(),
                    stored.partition(),
                    stored.offset(),
                    e.getMessage());
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
