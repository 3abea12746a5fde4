package dev.serai.engine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and ends transactions of an earlier producer of this process's transactional id that are over for their coordinator and
 * still open on a partition. A broker that goes down in the middle of one can leave such a thing (seen when a broker was restarted
 * and the process killed meanwhile): nobody ends it, readers of what is committed wait at it for ever, and the commit of a
 * later transaction of the same producer on that partition would count for it, too.
 *
 * <p>For one thread.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Admin admin;
    private final String transactionalId;
    private final String groupId;
    private final String startTopic;
    private final Collection<String> topics;

    /**
     * What is known of the transactions before.
     *
     * @param written partitions that they wrote to lately, besides those of the topics that are always looked at
     * @param lastWasCommitted whether Kafka had told a process before this one that the last of them was
     */
    record Earlier(Set<TopicPartition> written, boolean lastWasCommitted) {
        static final Earlier NONE = new Earlier(Set.of(), false);
    }

    /**
     * @param groupId whose offsets the transactions commit
     * @param startTopic which these are of
     * @param topics that the producer writes to
     */
    Leftovers(Admin admin, String transactionalId, String groupId, String startTopic, Collection<String> topics) {
        this.admin = admin;
        this.transactionalId = transactionalId;
        this.groupId = groupId;
        this.startTopic = startTopic;
        this.topics = List.copyOf(topics);
    }

    /**
     * What an earlier transaction of this id has left open where its end never came, with the group's coordinator and on
     * partitions, keeps these from being read and taken over. The end of any later transaction of the same producer there is
     * the end of that, too: so here is one that has to do with all of them, and it is aborted.
     *
     * @return whether the producer can be used for others; not if the group's coordinator did not answer, as it does not for
     *     a topic that is not there
     */
    boolean end(Producer<byte[], byte[]> producer, Earlier earlier) {
        try {
            Set<TopicPartition> open = open(earlier.written());
            producer.beginTransaction();
            for (TopicPartition partition : open) {
                logOpen(partition, earlier.lastWasCommitted());
                byte[] nobody = transactionalId.getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), nobody, null))
                        .get();
            }
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(startTopic, 0), new OffsetAndMetadata(0)), noMember());
            producer.abortTransaction();
            return true;
        } catch (InterruptedException | InterruptException e) {
            producer.close(Duration.ZERO);
            throw e instanceof InterruptException kafka ? kafka : new InterruptException((InterruptedException) e);
        } catch (ExecutionException | KafkaException e) {
            LOG.debug("What may be left of earlier transactions of group {} is not ended", groupId, e);
            return false;
        }
    }

    private void logOpen(TopicPartition partition, boolean lastWasCommitted) {
        if (lastWasCommitted) {
            LOG.error(
                    "A transaction of {} that Kafka had told the process before this one was committed is still open on {},"
                            + " and is aborted. Where the group's offsets are committed nevertheless, replies are lost:"
                            + " compare start and reply topic below them, and publish what has no reply again",
                    transactionalId,
                    partition);
        } else {
            LOG.warn("An earlier transaction of {} is still open on {}, and is aborted", transactionalId, partition);
        }
    }

    /** Kafka's other way to such an object is a consumer, which would have to be made for this alone. */
    @SuppressWarnings("removal")
    private ConsumerGroupMetadata noMember() {
        return new ConsumerGroupMetadata(groupId);
    }

    /**
     * Partitions on which a transaction of the id is open, to be asked for when none of it can be. Partitions that Kafka does
     * not let this client look into (it takes the right to READ) are left out, but for those that share a transaction with
     * one that is found open, or with none that can be looked into.
     *
     * @param further partitions that lately shared transactions
     */
    Set<TopicPartition> open(Set<TopicPartition> further) throws InterruptedException {
        Set<TopicPartition> open = new HashSet<>();
        Set<String> all = new HashSet<>(topics);
        further.forEach(partition -> all.add(partition.topic()));
        Set<TopicPartition> hidden = new HashSet<>();
        try {
            long producerId = Answers.describeTransactions(admin, transactionalId, PATIENCE)
                    .producerId();
            for (String topic : all) {
                try {
                    open.addAll(open(topic, producerId));
                } catch (TopicAuthorizationException e) {
                    further.stream()
                            .filter(partition -> partition.topic().equals(topic))
                            .forEach(hidden::add);
                }
            }
            if (!open.isEmpty() || hidden.equals(further)) {
                open.addAll(hidden);
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Kafka does not describe the transactions of {}", transactionalId, e);
        }
        return open;
    }

    /** What became of the last transaction of the id, as far as its coordinator knows. */
    LastOutcome lastOutcome() throws InterruptedException {
        try {
            return LastOutcome.of(Answers.describeTransactions(admin, transactionalId, PATIENCE)
                    .state());
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Kafka does not describe the transactions of {}", transactionalId, e);
            return LastOutcome.UNKNOWN;
        }
    }

    private Set<TopicPartition> open(String topic, long producerId) throws InterruptedException {
        Set<TopicPartition> open = new HashSet<>();
        try {
            Set<TopicPartition> partitions = Answers.describe(admin, topic, PATIENCE).partitions().stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .collect(Collectors.toSet());
            var described = admin.describeProducers(partitions);
            for (TopicPartition partition : partitions) {
                Answers.openSince(described, partition, producerId, PATIENCE).ifPresent(begin -> open.add(partition));
            }
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof TopicAuthorizationException forbidden) {
                throw forbidden;
            }
            LOG.debug("Kafka does not say which transactions are open on {}", topic, e);
        }
        return open;
    }
}
