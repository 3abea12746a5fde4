package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.Producers;
import dev.serai.testing.Topics;
import dev.serai.testing.UnansweredRequests;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A group that does not answer: a consumer has to tell one that waits for another member from one that has forgotten it. */
@Tag("chaos-long")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class UnansweredGroupTest {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(4);

    /** The interval, the client's own 5 s, and ten tries of a second each. */
    private static final Duration BOUND = POLL_INTERVAL.plusSeconds(15);

    /** More than the ten seconds after which a consumer doubts its membership. */
    private static final Duration IN_DOUBT = Duration.ofSeconds(13);

    private final IntakeState intake = new IntakeState();
    private final Assignments assignments = new Assignments(10, Long.MAX_VALUE);
    private UnansweredRequests way;
    private EmbeddedBroker broker;
    private Map<String, Object> kafka;
    private Admin admin;
    private Arrivals arrivals;
    private StartEventClients clients;

    @BeforeEach
    void start() throws Exception {
        way = new UnansweredRequests();
        broker = EmbeddedBroker.start(
                Files.createTempDirectory(Path.of("target"), "broker"),
                0,
                Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + way.port()));
        way.target(broker.port());
        kafka = Map.of("bootstrap.servers", "127.0.0.1:" + way.port());
        admin = Admin.create(kafka);
        Topics.create(admin, List.of(new NewTopic("start", Optional.of(1), Optional.empty())));
        arrivals = new Arrivals(new CommittedOffsets(admin, "g"), PartitionState.NONE);
        clients = new StartEventClients(
                SampleReads.uncommitted(assignments, arrivals, admin, intake, new SampleReads.NothingHeard()));
    }

    @AfterEach
    void stop() throws Exception {
        arrivals.close();
        admin.close();
        broker.close();
        way.close();
    }

    /** Seen once after a broker and a replica were killed at the same moment. */
    @Test
    void consumerWhoseWishToJoinIsNotAnswered_givesWayWithinItsBound_toOneThatReads() {
        way.hold(ApiKeys.JOIN_GROUP);
        Consumer<byte[], byte[]> forgotten = subscribed(clients.getConsumer(properties(POLL_INTERVAL)));
        long begun = System.nanoTime();
        assertThatThrownBy(() -> {
                    while (true) {
                        assertThat(forgotten.poll(POLL).isEmpty()).isTrue();
                    }
                })
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("the group has not answered this consumer's wish to join it for")
                .hasMessageContaining("another consumer asks anew");
        assertThat(since(begun)).isBetween(BOUND, BOUND.plusSeconds(20));
        assertThat(way.held()).isPositive();
        assertThat(intake.ownsNothingFor()).isGreaterThan(BOUND);
        long closing = System.nanoTime();
        forgotten.close();
        assertThat(since(closing)).isLessThan(Duration.ofSeconds(20));

        way.letGo();
        try (Consumer<byte[], byte[]> next = subscribed(clients.getConsumer(properties(POLL_INTERVAL)))) {
            pollUntilOwner(next);
        }
    }

    /** Seen where a replica was frozen that was to say who gets what: its session has to run out first, 45 s. */
    @Test
    void consumerThatTheGroupLetsWaitForItsShare_keepsItsPartitions_thoughNothingCanBeCommitted() {
        Duration patient = Duration.ofMinutes(1);
        try (Consumer<byte[], byte[]> waiting = subscribed(clients.getConsumer(properties(patient)));
                KafkaConsumer<byte[], byte[]> other = new KafkaConsumer<>(properties(patient))) {
            pollUntilOwner(waiting);
            way.hold(ApiKeys.SYNC_GROUP);
            subscribed(other);
            while (way.held() == 0) {
                other.poll(POLL);
                waiting.poll(POLL);
            }
            ConsumerGroupMetadata membership = waiting.groupMetadata();
            assertThatThrownBy(() -> commit(membership)).isInstanceOf(CommitFailedException.class);

            for (long begun = System.nanoTime(); since(begun).compareTo(IN_DOUBT) < 0; ) {
                assignments.membership().refused(membership);
                waiting.poll(POLL);
                other.poll(POLL);
            }

            assertThat(intake.owned()).isEqualTo(1);
            way.letGo();
            while (waiting.groupMetadata().generationId() == membership.generationId()) {
                waiting.poll(POLL);
                other.poll(POLL);
            }
            assertThat(assignments.membership().refusedFor()).isZero();
        }
    }

    private void commit(ConsumerGroupMetadata membership) {
        try (KafkaProducer<byte[], byte[]> producer =
                Producers.transactional(String.valueOf(kafka.get("bootstrap.servers")), "t")) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("start", 0), new OffsetAndMetadata(0)), membership);
        }
    }

    private static Consumer<byte[], byte[]> subscribed(Consumer<byte[], byte[]> consumer) {
        consumer.subscribe(Set.of("start"));
        return consumer;
    }

    private void pollUntilOwner(Consumer<byte[], byte[]> consumer) {
        while (intake.owned() == 0) {
            consumer.poll(POLL);
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private Properties properties(Duration pollInterval) {
        Properties properties = SampleReads.consumer(kafka, "g");
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, "" + pollInterval.toMillis());
        properties.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        return properties;
    }
}
