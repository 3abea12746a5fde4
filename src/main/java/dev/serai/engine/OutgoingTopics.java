package dev.serai.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
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
 * {@link #BAD_FOR}. Where Kafka does not answer in time nothing is held against a topic, and it has as many partitions as it had.
 * Thread-safe.
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
     * @param answered whether Kafka said so; if not, it is what was known before
     */
    private record Found(int partitions, @Nullable Exception trouble, boolean answered, long at) {
        Found(int partitions, @Nullable Exception trouble) {
            this(partitions, trouble, true, System.nanoTime());
        }

        boolean isFresh() {
            Duration age = Duration.ofNanos(System.nanoTime() - at);
            return age.compareTo(trouble == null ? GOOD_FOR : BAD_FOR) < 0;
        }

        private Found again() {
            return new Found(partitions, null, answered, System.nanoTime());
        }

        private boolean lacksPartitionOf(ProducerRecord<?, ?> outgoing) {
            Integer partition = outgoing.partition();
            return partition != null && partitions > 0 && partition >= partitions;
        }

        /** Why the topic does not take a record; null if it does, as far as is known. */
        private @Nullable RecordRefusedException refusal(ProducerRecord<?, ?> outgoing) {
            if (trouble != null) {
                return new RecordRefusedException(outgoing.topic(), trouble);
            }
            return answered && lacksPartitionOf(outgoing)
                    ? RecordRefusedException.withoutPartition(
                            outgoing.topic(), Objects.requireNonNull(outgoing.partition()), partitions)
                    : null;
        }
    }

    /** What was just seen of topics. */
    record Seen(Map<String, Found> topics) {
        /** Why a record is not taken; null if it is, as far as is known, or if its topic was not looked at. */
        @Nullable
        RecordRefusedException refusal(ProducerRecord<?, ?> outgoing) {
            Found topic = topics.get(outgoing.topic());
            return topic == null ? null : topic.refusal(outgoing);
        }

        /** Whether nothing is taken on this partition. */
        boolean refuses(TopicPartition partition) {
            return refusal(new ProducerRecord<>(partition.topic(), partition.partition(), null, null)) != null;
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
            if (requireWritable(next.topic()).lacksPartitionOf(next)) {
                // There may be more than there were.
                RecordRefusedException refusal = look(next.topic()).refusal(next);
                if (refusal != null) {
                    throw refusal;
                }
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
        if (!known.isFresh() && found.replace(topic, known, known.again())) {
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

    /** Which of these topics takes no records, and why; looks at those again of which nothing new is known, until it is interrupted. */
    public Optional<String> trouble(Collection<String> topics) {
        try {
            for (String topic : topics) {
                Found known = found.get(topic);
                Found now = known == null || !known.isFresh() ? look(topic) : known;
                if (now.trouble() != null) {
                    return Optional.of("topic " + topic + " takes no records: " + Refusal.text(now.trouble()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    /** Looks at these topics now. */
    Seen see(Set<String> topics) throws InterruptedException {
        Map<String, Found> seen = new HashMap<>();
        for (String topic : topics) {
            seen.put(topic, look(topic));
        }
        return new Seen(seen);
    }

    /** A topic turned out to take no records. */
    void refused(String topic, Exception trouble) {
        found.put(topic, new Found(0, trouble));
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
                    writable
                            ? null
                            : new TopicAuthorizationException("this client may not WRITE to it", Set.of(topic)));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UnknownTopicOrPartitionException) {
                return new Found(0, new UnknownTopicOrPartitionException("there is no such topic"));
            }
            if (cause instanceof InvalidTopicException invalid) {
                return new Found(0, invalid);
            }
            if (cause instanceof TopicAuthorizationException) {
                return new Found(
                        0,
                        new TopicAuthorizationException(
                                "this client may not see it: allow it to DESCRIBE and WRITE", Set.of(topic)));
            }
            return unknown(topic, e);
        } catch (TimeoutException e) {
            return unknown(topic, e);
        }
    }

    /** That there is no answer takes nothing away from what was known of its partitions. */
    private Found unknown(String topic, Exception e) {
        LOG.debug("Kafka does not say whether {} takes records", topic, e);
        Found before = found.get(topic);
        return new Found(before == null ? 0 : before.partitions(), null, false, System.nanoTime());
    }
}
