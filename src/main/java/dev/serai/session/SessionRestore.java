package dev.serai.session;

import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.SessionTopicGrowth;
import dev.serai.kafka.TopicReadException;
import dev.serai.loop.Counted;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads partitions of the session topic into the {@link SessionTable} and the {@link OpenSessions}, before the first of their
 * events runs.
 *
 * <p>Immutable; each {@link #restore} opens and closes Kafka clients of its own. Restores of different partitions may
 * run at the same time.
 */
public final class SessionRestore {
    private static final Logger log = LoggerFactory.getLogger(SessionRestore.class);

    private final Map<String, Object> kafkaProperties;
    private final String sessionTopic;
    private final SessionTable table;
    private final OpenSessions openSessions;
    private final SessionSealer sealer;
    private final Duration timeLimit;
    private final MissingPartitions.Look lacking;

    /**
     * Without a way to give the session topic more partitions.
     *
     * @param kafkaProperties for consumers and admin clients, {@code bootstrap.servers} among them
     * @param timeLimit for one restore; at least 1 ms
     */
    public SessionRestore(
            Map<String, Object> kafkaProperties,
            String sessionTopic,
            String startTopic,
            SessionTable table,
            OpenSessions openSessions,
            SessionSealer sealer,
            Duration timeLimit) {
        this(kafkaProperties, sessionTopic, startTopic, table, openSessions, sealer, timeLimit, null);
    }

    /**
     * @param kafkaProperties for consumers and admin clients, {@code bootstrap.servers} among them
     * @param timeLimit for one restore; at least 1 ms
     * @param growth what gives the session topic the partitions that it lacks; null if nobody may but an administrator
     */
    public SessionRestore(
            Map<String, Object> kafkaProperties,
            String sessionTopic,
            String startTopic,
            SessionTable table,
            OpenSessions openSessions,
            SessionSealer sealer,
            Duration timeLimit,
            @Nullable SessionTopicGrowth growth) {
        this.kafkaProperties = Map.copyOf(kafkaProperties);
        this.sessionTopic = sessionTopic;
        this.table = table;
        this.openSessions = openSessions;
        this.sealer = sealer;
        this.timeLimit = timeLimit;
        lacking = new MissingPartitions.Look(sessionTopic, startTopic, bootstrapServers(), growth);
    }

    /**
     * Fills the partitions with what was committed before this call, by whichever instance, and opens each in the table as soon
     * as it is filled; transactions that are under way are waited for. What is expired is left out, and so are records that
     * cannot be read, and open sessions that cannot be unsealed, with a warning. A partition that is closed, or restored again,
     * before this call has ended is left to whoever did so. An interrupt ends the call at once.
     *
     * @param partitions of the start topic, and of the session topic alike
     * @param ready is told of each partition when it is open, on this thread
     * @throws SessionRestoreException if the session topic lacks some of the partitions, or is not read to its end within
     *     the time limit; those that are not ready are not open then
     * @throws org.apache.kafka.common.KafkaException if Kafka refuses, or {@link InterruptException} if the thread is
     *     interrupted, which it then still is; likewise
     */
    public void restore(Set<Integer> partitions, IntConsumer ready) {
        if (partitions.isEmpty()) {
            return;
        }
        long begin = System.nanoTime();
        Set<Integer> opened = new TreeSet<>();
        Map<Integer, PartitionLoad> loads =
                partitions.stream().collect(Collectors.toMap(partition -> partition, this::load));
        Unsealable unsealable = new Unsealable();
        try (var reader =
                new CompactedTopicReader(kafkaProperties, sessionTopic, CompactedTopicReader.Gap.PASS, timeLimit)) {
            MissingPartitions missing = lacking.of(reader, partitions);
            Set<Integer> readable = new TreeSet<>(partitions);
            readable.removeAll(missing.partitions());
            reader.readToEnd(readable, stored -> take(stored, loads), partition -> {
                PartitionLoad load = loads.get(partition);
                if (load != null && load.open(sealer, unsealable)) {
                    opened.add(partition);
                    ready.accept(partition);
                }
            });
            if (missing.why() != null) {
                throw missing.why();
            }
        } catch (TopicReadException e) {
            throw SessionRestoreException.notRead(e);
        } catch (TimeoutException e) {
            throw new SessionRestoreException(
                    "Kafka at " + bootstrapServers() + " did not answer within " + timeLimit.toMillis() / 1000.0
                            + " s while sessions were read from " + sessionTopic + ": check that it runs",
                    e);
        } finally {
            loads.values().forEach(PartitionLoad::giveUp);
            unsealable.warn();
            if (!opened.isEmpty()) {
                log.info(
                        "sessions of partitions {} read: {} in memory, {} ms",
                        opened,
                        Counted.text(table.size(), "conversation"),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            }
        }
    }

    private PartitionLoad load(int partition) {
        return new PartitionLoad(table.load(partition), openSessions.load(partition));
    }

    private static void take(ConsumerRecord<byte[], byte[]> stored, Map<Integer, PartitionLoad> loads) {
        PartitionLoad load = loads.get(stored.partition());
        byte[] key = stored.key();
        byte[] value = stored.value();
        if (load == null) {
            warn(stored, "is of a partition that was not asked for");
        } else if (key == null) {
            warn(stored, "has no key");
        } else if (value == null) {
            load.forget(key);
        } else {
            try {
                load.put(key, SessionRecord.decode(value));
            } catch (SessionRecord.UnreadableException e) {
                warn(stored, e.getMessage());
            }
        }
    }

    private static void warn(ConsumerRecord<?, ?> stored, @Nullable String reason) {
        log.warn(
                "session record {}-{}-{} is left out, its conversation goes on with what was known before: {}",
                stored.topic(),
                stored.partition(),
                stored.offset(),
                reason);
    }

    private String bootstrapServers() {
        return ClientProperties.bootstrapServers(kafkaProperties);
    }
}
