package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.service.SeraiService;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replicas share the provider's quota without talking to each other, and coming and going costs no call. {@code ChaosTest}
 * has them in processes of their own.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class ProviderFleetTest {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderFleetTest.class);
    private static final int MAX_CONCURRENT = 10;
    private static final int PARTITIONS = 8;
    private static final Map<String, String> SETTINGS = Map.of(
            "serai.connect.max-concurrent",
            Integer.toString(MAX_CONCURRENT),
            "serai.kafka.partitions",
            Integer.toString(PARTITIONS),
            "serai.conversation.ttl",
            "5m");

    @Test
    void replicasThatJoinAndLeave_keepToTheQuotaTogether() {
        try (RunningSerai first = new RunningSerai(RunningSerai.withoutSources(SETTINGS));
                Publishing publishing = new Publishing(first);
                TopicReader replies = new TopicReader(
                        first.bootstrapServers(), first.settings().kafka().replyTopic())) {
            first.standIn().latency(Duration.ofMillis(100), Duration.ofMillis(200));
            awaitMoreReplies(replies, 120);
            int alone = first.standIn().maxConcurrentCalls();

            try (SeraiService second = first.startReplica("second")) {
                awaitPartitions(first.service(), second);
                awaitMoreReplies(replies, 120);
                try (SeraiService third = first.startReplica("third")) {
                    awaitPartitions(first.service(), second, third);
                    awaitMoreReplies(replies, 120);
                }
                awaitPartitions(first.service(), second);
                awaitMoreReplies(replies, 60);
            }
            awaitPartitions(first.service());
            awaitMoreReplies(replies, 60);
            int together = first.standIn().maxConcurrentCalls();
            int published = publishing.stop();
            Awaitility.await("every event is answered")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> replies.all().size() >= published);

            LOG.info("At most {} calls at once of one replica, {} of up to three", alone, together);
            assertThat(alone).isBetween(MAX_CONCURRENT - 1, MAX_CONCURRENT + 1);
            assertThat(together).isLessThanOrEqualTo(MAX_CONCURRENT + 3);
            assertThat(replies.all()).hasSize(published);
            // A machine that is busy with something else lets calls time out: these are repeated, and replies own up to
            // them.
            assertThat(first.standIn().calls())
                    .as("replicas that come and go cost no call")
                    .hasSize(replies.all().stream()
                            .mapToInt(reply ->
                                    RunningSerai.json(reply).path("attempts").asInt())
                            .sum());
            assertThat(first.deadLetters()).isEmpty();
        }
    }

    /** Until each has its part and all have all. */
    private static void awaitPartitions(SeraiService... replicas) {
        Awaitility.await("assignment").atMost(Duration.ofSeconds(40)).until(() -> {
            int all = 0;
            for (SeraiService replica : replicas) {
                if (replica.partitions() < PARTITIONS / replicas.length) {
                    return false;
                }
                all += replica.partitions();
            }
            return all == PARTITIONS;
        });
    }

    private static void awaitMoreReplies(TopicReader replies, int more) {
        int before = replies.all().size();
        Awaitility.await("replies")
                .atMost(Duration.ofSeconds(40))
                .until(() -> replies.all().size() >= before + more);
    }

    /** More events than the quota allows, all the time. */
    private static final class Publishing implements AutoCloseable {
        private static final int AHEAD = 300;

        private final RunningSerai serai;
        private final KafkaProducer<byte[], byte[]> producer;
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicInteger published = new AtomicInteger();
        private final Thread thread = Thread.ofPlatform().unstarted(this::publish);

        Publishing(RunningSerai serai) {
            this.serai = serai;
            producer = Producers.atOnce(serai.bootstrapServers());
            thread.start();
        }

        private void publish() {
            while (!stopped.get()) {
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> stopped.get()
                                || published.get() - serai.standIn().calls().size() < AHEAD);
                int number = published.getAndIncrement();
                Future<RecordMetadata> unused = producer.send(
                        new ProducerRecord<>(
                                serai.settings().kafka().startTopic(),
                                Incoming.utf8("key-" + number),
                                Incoming.utf8("{\"event_id\":\"e" + number + "\",\"character_id\":\"c\"}")),
                        (sent, failure) -> assertThat(failure).isNull());
            }
        }

        /** How many events there are. */
        int stop() {
            stopped.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            producer.flush();
            return published.get();
        }

        @Override
        public void close() {
            stop();
            producer.close();
        }
    }
}
