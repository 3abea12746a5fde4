package dev.serai.source.table;

import dev.serai.kafka.CompactedTopicReader;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One reading of a topic, from its beginning to its end and on. The topic is looked at now and then: partitions that it
 * was given are read too. For one thread; does not close the reader.
 */
final class TopicReading {
    private static final Duration POLL = Duration.ofMillis(200);

    private final CompactedTopicReader reader;
    private final TopicEntries entries;
    private final Duration lookInterval;
    private CompactedTopicReader.Shape shape;
    private boolean complete;
    private long taken;
    private long lookedAt;

    /** What a step has shown. */
    enum Seen {
        /** Nothing came. */
        NOTHING,

        /** Records came. */
        RECORDS,

        /** The end is reached for the first time. */
        END,

        /** Kafka has answered, and the topic is still the same. */
        TOPIC,

        /** The topic was deleted and created again: this reading is over. */
        OTHER_TOPIC
    }

    /**
     * Begins.
     *
     * @throws org.apache.kafka.common.KafkaException if there is no such topic, or Kafka does not answer, or refuses
     */
    TopicReading(CompactedTopicReader reader, TopicEntries entries, Duration lookInterval) {
        this.reader = reader;
        this.entries = entries;
        this.lookInterval = lookInterval;
        shape = reader.shape();
        reader.begin(partitions(0, shape.partitions()));
        lookedAt = System.nanoTime();
    }

    /**
     * Reads on for a moment.
     *
     * @throws org.apache.kafka.common.errors.RetriableException if Kafka does not answer; the next step may go on
     * @throws org.apache.kafka.common.KafkaException if a look shows that the topic is gone, if records were deleted
     *     before they could be read, or if Kafka refuses
     */
    Seen step() {
        long before = taken;
        reader.readMore(POLL, each -> {
            entries.take(each);
            taken++;
        });
        if (!complete && reader.isAtEnd()) {
            complete = true;
            entries.complete();
            return Seen.END;
        }
        if (System.nanoTime() - lookedAt >= lookInterval.toNanos()) {
            return look();
        }
        return taken > before ? Seen.RECORDS : Seen.NOTHING;
    }

    boolean isComplete() {
        return complete;
    }

    private Seen look() {
        CompactedTopicReader.Shape now = reader.shape();
        if (!now.id().equals(shape.id())) {
            return Seen.OTHER_TOPIC;
        }
        if (now.partitions() > shape.partitions()) {
            reader.begin(partitions(shape.partitions(), now.partitions()));
        }
        shape = now;
        lookedAt = System.nanoTime();
        return Seen.TOPIC;
    }

    private static Set<Integer> partitions(int from, int to) {
        return IntStream.range(from, to).boxed().collect(Collectors.toSet());
    }
}
