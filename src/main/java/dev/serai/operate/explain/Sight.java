package dev.serai.operate.explain;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * What all who look have in common.
 *
 * @param since records from before are not looked at
 * @param committed reads what is decided, and {@code undecided} what is not
 */
record Sight(
        Deployment deployment,
        Instant now,
        Instant since,
        BrokerLook brokers,
        TopicScan committed,
        TopicScan undecided,
        Findings findings) {
    /** A reply's time is that of the service's clock, an event's that of its publisher's. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    /** A look at a topic. */
    interface Look {
        void look() throws InterruptedException;
    }

    /** Looks at a topic if this client may; of one that it may not read it is noted how that is allowed. */
    void where(String topic, Look look) throws InterruptedException {
        try {
            look.look();
        } catch (AuthorizationException e) {
            findings.forbidden.add(topic);
            findings.note(topic + " may not be read by this client: allow it with kafka-acls.sh --add --allow-principal"
                    + " User:NAME --operation READ --topic " + topic);
        }
    }

    /** All of a topic; none, and a note, if there is no such topic. */
    List<Extent> everywhere(String topic) throws InterruptedException {
        List<Extent> extents = brokers.extents(topic, since);
        if (extents.isEmpty() && brokers.partitions(topic) == 0) {
            findings.note("there is no topic " + topic + ": is that the Kafka and the name that the service uses?");
        }
        return extents;
    }

    /** From when on there can be something that has come of one of these. */
    Instant earliest(Collection<Arrival> arrivals) {
        return arrivals.stream()
                .map(Arrival::publishedAt)
                .min(Instant::compareTo)
                .map(first -> first.minus(CLOCKS_DIFFER))
                .filter(first -> first.isBefore(now))
                .orElse(since);
    }

    /** Null without one; an empty one is none. */
    static byte @Nullable [] keyOf(ConsumerRecord<byte[], byte[]> read) {
        byte[] key = read.key();
        return key == null || key.length == 0 ? null : key;
    }
}
