package dev.serai.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether topics take records from this process: they exist, have the partition, and may be written to. Looked at before an
 * event joins a transaction, on the event's own thread, because a record for a topic that is not there keeps a producer
 * waiting for seconds, and all events of its transaction with it.
 *
 * <p>What was found good is believed for {@link #GOOD_FOR}, and looked at anew beside; what was found bad for
 * {@link #BAD_FOR}. Where Kafka does not answer in time nothing is held against a topic. Thread-safe.
 */
public final class OutgoingTopics {
    static final Duration GOOD_FOR = Duration.ofSeconds(30);
    static final Duration BAD_FOR = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(OutgoingTopics.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Admin admin;
    private final ConcurrentMap<String, Found> found = new ConcurrentHashMap<>();

    /**
     * What a look came to.
     *
     * @param partitions 0 if it is not known
     * @param trouble why records are not taken, or null if they are
     */
    private record Found(int partitions, @Nullable Exception trouble, long at) {
        boolean isFresh() {
            Duration age = Duration.ofNanos(System.nanoTime() - at);
            return age.compareTo(trouble == null ? GOOD_FOR : BAD_FOR) < 0;
        }
    }

    public OutgoingTopics(Admin admin) {
        this.admin = admin;
    }

    /**
     * Returns if all of these can be sent, as far as that is known. Waits for Kafka's answer about a topic that is new.
     *
     * @throws RecordRefusedException if one cannot
     */
    void requireWritable(List<ProducerRecord<byte[], byte[]>> records) throws InterruptedException {
        for (ProducerRecord<byte[], byte[]> next : records) {
            Found topic = requireWritable(next.topic());
            Integer partition = next.partition();
            if (partition != null && topic.partitions() > 0 && partition >= topic.partitions()) {
                requirePartition(next.topic(), partition);
            }
        }
    }

    /** As {@link #requireWritable(List)}, of one topic. */
    Found requireWritable(String topic) throws InterruptedException {
        Found known = found(topic);
        if (known.trouble() != null) {
            throw new RecordRefusedException(topic, known.trouble());
        }
        return known;
    }

    /** There may be more partitions than there were. */
    private void requirePartition(String topic, int partition) throws InterruptedException {
        Found now = look(topic);
        if (now.partitions() > 0 && partition >= now.partitions()) {
            throw new RecordRefusedException(
                    topic,
                    new UnknownTopicOrPartitionException(
                            "partition " + partition + " was asked for, and it has " + now.partitions()));
        }
    }

    /**
     * How many partitions a topic has, as far as is known: 0 where it is not, or where the topic takes no records. There may
     * be more than there were: where fewer than those are known, it is looked at anew, though not more often than every
     * {@link #BAD_FOR}.
     */
    int partitions(String topic, int wanted) throws InterruptedException {
        Found known = found(topic);
        boolean isNews = System.nanoTime() - known.at() < BAD_FOR.toNanos();
        return known.trouble() != null || known.partitions() >= wanted || isNews
                ? known.partitions()
                : look(topic).partitions();
    }

    private Found found(String topic) throws InterruptedException {
        Found known = found.get(topic);
        if (known == null || (known.trouble() != null && !known.isFresh())) {
            return look(topic);
        }
        if (!known.isFresh() && found.replace(topic, known, new Found(known.partitions(), null, System.nanoTime()))) {
            Thread.ofVirtual().name("serai-topic-" + topic).start(() -> {
                try {
                    look(topic);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        return known;
    }

    /** Which of these topics takes no records, and why; looks at those again of which nothing new is known. */
    public Optional<String> trouble(Collection<String> topics) throws InterruptedException {
        for (String topic : topics) {
            Found known = found.get(topic);
            Found now = known == null || !known.isFresh() ? look(topic) : known;
            if (now.trouble() != null) {
                return Optional.of("topic " + topic + " takes no records: " + Refusal.text(now.trouble()));
            }
        }
        return Optional.empty();
    }

    /** The first of these topics that is found to take no records now, with the reason; null if there is none. */
    @Nullable
    RecordRefusedException refusing(Set<String> topics) throws InterruptedException {
        for (String topic : topics) {
            Exception trouble = look(topic).trouble();
            if (trouble != null) {
                return new RecordRefusedException(topic, trouble);
            }
        }
        return null;
    }

    /** A topic turned out to take no records. */
    void refused(String topic, Exception trouble) {
        found.put(topic, new Found(0, trouble, System.nanoTime()));
    }

    private Found look(String topic) throws InterruptedException {
        Found now = ask(topic);
        found.put(topic, now);
        return now;
    }

    private Found ask(String topic) throws InterruptedException {
        try {
            TopicDescription description = Answers.describe(admin, topic, PATIENCE);
            Set<AclOperation> allowed = description.authorizedOperations();
            boolean writable = allowed == null
                    || allowed.isEmpty()
                    || allowed.contains(AclOperation.WRITE)
                    || allowed.contains(AclOperation.ALL);
            return new Found(
                    description.partitions().size(),
                    writable ? null : new TopicAuthorizationException("this client may not WRITE to it", Set.of(topic)),
                    System.nanoTime());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UnknownTopicOrPartitionException) {
                return new Found(0, new UnknownTopicOrPartitionException("there is no such topic"), System.nanoTime());
            }
            if (cause instanceof InvalidTopicException invalid) {
                return new Found(0, invalid, System.nanoTime());
            }
            if (cause instanceof TopicAuthorizationException) {
                return new Found(
                        0,
                        new TopicAuthorizationException(
                                "this client may not see it: allow it to DESCRIBE and WRITE", Set.of(topic)),
                        System.nanoTime());
            }
            return unknown(topic, e);
        } catch (TimeoutException e) {
            return unknown(topic, e);
        }
    }

    private static Found unknown(String topic, Exception e) {
        LOG.debug("Kafka does not say whether {} takes records", topic, e);
        return new Found(0, null, System.nanoTime());
    }
}
