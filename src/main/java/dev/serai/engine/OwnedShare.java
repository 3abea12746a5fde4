package dev.serai.engine;

import dev.serai.loop.Counted;
import java.time.Duration;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells {@link PartitionShare} how large this process's part of the topic is. For the consumer's thread. */
final class OwnedShare {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedShare.class);

    private final PartitionShare share;
    private final ToIntFunction<String> partitionsOfTopic;
    private int known;

    /** @param partitionsOfTopic how many a topic has; may throw, and must not wait long */
    OwnedShare(PartitionShare share, ToIntFunction<String> partitionsOfTopic) {
        this.share = share;
        this.partitionsOfTopic = partitionsOfTopic;
    }

    /** @param kept how many of the owned partitions the process keeps */
    void becomes(Set<TopicPartition> owned, int kept) {
        owned.stream().findAny().ifPresent(any -> {
            look(any.topic());
            // Who has assigned the partitions may know of new ones before this process does.
            int highest =
                    owned.stream().mapToInt(TopicPartition::partition).max().orElse(0);
            known = Math.max(known, highest + 1);
            share.becomes(kept, known);
        });
    }

    /** The topic may be about to vanish, and is not waited for. */
    private void look(String topic) {
        try {
            known = partitionsOfTopic.applyAsInt(topic);
        } catch (KafkaException e) {
            LOG.debug("The number of partitions of {} is not known now", topic, e);
        }
    }

    /** The next owner's part grows when it gets the partitions: not before this process's part is as small as it is to be. */
    void shrink(Set<TopicPartition> owned, int kept, Duration patience) {
        becomes(owned, kept);
        try {
            if (kept > 0 && !share.awaitKept(patience)) {
                LOG.warn(
                        "More calls are under way than {} may have; the group goes on nevertheless",
                        Counted.text(kept, "partition"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
