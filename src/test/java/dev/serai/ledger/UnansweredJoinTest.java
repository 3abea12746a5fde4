package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.embedded.EmbeddedBroker;
import dev.serai.testing.IdleCommitter;
import dev.serai.testing.SilentJoins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A group that does not answer: seen once after a broker and a replica were killed at the same moment, when the coordinator
 * waited for the dead one. The client alone waits for {@code max.poll.interval.ms} and five seconds, and then asks the same
 * again.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class UnansweredJoinTest {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(4);

    /** The interval, the client's own 5 s, and ten tries of a second each. */
    private static final Duration BOUND = POLL_INTERVAL.plusSeconds(15);

    private final IntakeState intake = new IntakeState();

    @Test
    void consumerThatTheGroupDoesNotAnswer_givesWayWithinItsBound_toOneThatReads() throws Exception {
        try (SilentJoins way = new SilentJoins();
                EmbeddedBroker broker = EmbeddedBroker.start(
                        Files.createTempDirectory(Path.of("target"), "broker"),
                        0,
                        Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + way.port()))) {
            way.target(broker.port());
            Map<String, Object> kafka = Map.of("bootstrap.servers", "127.0.0.1:" + way.port());
            try (Admin admin = Admin.create(kafka);
                    Arrivals arrivals = new Arrivals(new CommittedOffsets(admin, "g"), new NoState())) {
                admin.createTopics(List.of(new NewTopic("start", Optional.of(1), Optional.empty())))
                        .all()
                        .get();
                StartEventClients clients = new StartEventClients(parts(admin, arrivals));

                way.swallow(true);
                Consumer<byte[], byte[]> forgotten = clients.getConsumer(properties(kafka));
                forgotten.subscribe(Set.of("start"));
                long begun = System.nanoTime();
                assertThatThrownBy(() -> {
                            while (true) {
                                assertThat(forgotten.poll(POLL).isEmpty()).isTrue();
                            }
                        })
                        .isInstanceOf(KafkaException.class)
                        .hasMessageContaining("the group has not answered this consumer's wish to join it for")
                        .hasMessageContaining("another consumer asks anew");
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(BOUND, BOUND.plusSeconds(5));
                assertThat(way.swallowed()).isPositive();
                assertThat(intake.ownsNothingFor()).isGreaterThan(BOUND);
                long closing = System.nanoTime();
                forgotten.close();
                assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(Duration.ofSeconds(5));

                way.swallow(false);
                try (Consumer<byte[], byte[]> next = clients.getConsumer(properties(kafka))) {
                    next.subscribe(Set.of("start"));
                    while (intake.owned() == 0) {
                        next.poll(POLL);
                    }
                }
            }
        }
    }

    private StartEventClients.Parts parts(Admin admin, Arrivals arrivals) {
        Assignments assignments = new Assignments(10, Long.MAX_VALUE);
        return new StartEventClients.Parts(
                assignments,
                IdleCommitter.of(assignments),
                new NoState(),
                new Alone(),
                arrivals,
                new LogRanges(admin),
                intake,
                new NothingHeard(),
                Duration.ofSeconds(1));
    }

    private static Properties properties(Map<String, Object> kafka) {
        Properties properties = new Properties();
        properties.putAll(kafka);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "g");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, "" + POLL_INTERVAL.toMillis());
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return properties;
    }

    private static final class Alone implements PartitionShare {
        @Override
        public void becomes(int partitions, int of) {}

        @Override
        public boolean awaitKept(Duration patience) {
            return true;
        }
    }

    private static final class NoState implements PartitionState {
        @Override
        public void restore(Set<Integer> partitions, IntConsumer ready) {
            partitions.forEach(ready::accept);
        }

        @Override
        public void drop(Set<Integer> partitions) {}
    }

    private static final class NothingHeard implements IntakeListener {
        @Override
        public void logCut() {}

        @Override
        public void deletedUnread(long offsets) {}
    }
}
