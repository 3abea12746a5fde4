package dev.serai.operate.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.operate.letters.ReadRecord;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic of a hundred records, looked through in windows of ten. */
@BesideOthers
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TopicScanTest {
    private static final String TOPIC = "scan." + UUID.randomUUID();
    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
    private static final Instant FIRST = Instant.parse("2026-01-31T10:00:00Z");

    @AutoClose
    private static BrokerLook brokers;

    private final List<Long> seen = new ArrayList<>();
    private final List<Long> progress = new ArrayList<>();

    @BeforeAll
    static void fill() throws Exception {
        SharedBroker.createTopic(TOPIC);
        brokers = new BrokerLook(KAFKA);
        try (var producer = Producers.with(KAFKA)) {
            for (int i = 0; i < 100; i++) {
                var unused = producer.send(new ProducerRecord<>(
                        TOPIC, 0, FIRST.plusSeconds(i).toEpochMilli(), null, ("value-" + i).getBytes(UTF_8)));
            }
        }
    }

    private Looked scan(Instant since, Duration limit, long isFound) throws Exception {
        try (TopicScan scan = new TopicScan(
                KAFKA,
                IsolationLevel.READ_COMMITTED,
                10,
                TimeLeft.of(limit),
                (topic, done, all) -> progress.add(done))) {
            return scan.since("test", brokers.extents(TOPIC, since), read -> {
                seen.add(read.offset());
                return read.offset() == isFound;
            });
        }
    }

    @Test
    void all_isLookedThrough_fromTheNewestWindowBack() throws Exception {
        Looked looked = scan(FIRST, Duration.ofSeconds(60), -1);

        assertThat(looked).isEqualTo(new Looked(TOPIC, "test", 1, 100, true, false));
        assertThat(seen)
                .hasSize(100)
                .doesNotHaveDuplicates()
                .startsWith(90L, 91L)
                .endsWith(8L, 9L);
        assertThat(progress).startsWith(10L, 20L).endsWith(100L);
    }

    @Test
    void whatIsFound_endsTheLook_withItsWindow() throws Exception {
        Looked looked = scan(FIRST, Duration.ofSeconds(60), 85);

        assertThat(looked).isEqualTo(new Looked(TOPIC, "test", 1, 20, true, false));
        assertThat(seen).contains(80L, 85L, 89L).doesNotContain(79L);
    }

    @Test
    void sinceATime_whatIsOlderIsNotLookedAt_andThatIsSaid() throws Exception {
        Looked looked = scan(FIRST.plusSeconds(95), Duration.ofSeconds(60), -1);

        assertThat(looked).isEqualTo(new Looked(TOPIC, "test", 1, 5, true, true));
        assertThat(seen).containsExactly(95L, 96L, 97L, 98L, 99L);
    }

    @Test
    void timeThatIsOver_isSaid() throws Exception {
        Looked looked = scan(FIRST, Duration.ofNanos(1), -1);

        assertThat(looked.complete()).isFalse();
        assertThat(looked.records()).isZero();
    }

    @Test
    void sameScanTwice_readsTheSamePartitionAgain() throws Exception {
        try (TopicScan scan = new TopicScan(
                KAFKA,
                IsolationLevel.READ_COMMITTED,
                1_000,
                TimeLeft.of(Duration.ofSeconds(60)),
                Looked.Progress.NONE)) {
            for (int i = 0; i < 2; i++) {
                assertThat(scan.since("test", brokers.extents(TOPIC, FIRST), read -> false)
                                .records())
                        .isEqualTo(100);
            }
        }
    }

    /** With {@code -Dserai.explain.records=1000000} a measurement; the event that is looked for is the first of them. */
    @Test
    void eventAmongMany_isFoundByItsId() throws Exception {
        int records = Integer.getInteger("serai.explain.records", 3_000);
        String topic = "many." + UUID.randomUUID();
        SharedBroker.createTopic(topic);
        try (var producer = Producers.with(KAFKA)) {
            for (int i = 0; i < records; i++) {
                var unused = producer.send(new ProducerRecord<>(
                        topic,
                        ("caller-" + i).getBytes(UTF_8),
                        ("{\"event_id\":\"event-" + i
                                        + "\",\"character_id\":\"museum-guide\",\"end_user_id\":\"learner\","
                                        + "\"scene_description\":[{\"name\":\"hall\",\"description\":\"A bright hall with"
                                        + " three electric cars.\"}]}")
                                .getBytes(UTF_8)));
            }
        }
        Named named = Named.of("event-0");
        List<Position> found = new ArrayList<>();
        long begun = System.nanoTime();
        try (TopicScan scan = new TopicScan(
                KAFKA,
                IsolationLevel.READ_COMMITTED,
                TopicScan.WINDOW,
                TimeLeft.of(Duration.ofSeconds(60)),
                Looked.Progress.NONE)) {
            Looked looked = scan.since("test", brokers.extents(topic, Instant.EPOCH), read -> {
                boolean isIt = named.isOf(ReadRecord.original(read));
                if (isIt) {
                    found.add(Position.of(read));
                }
                return isIt;
            });

            assertThat(looked.records()).isEqualTo(records);
        }
        System.out.printf(
                "looked through %d records in %d ms%n",
                records, Duration.ofNanos(System.nanoTime() - begun).toMillis());
        assertThat(found).containsExactly(new Position(topic, 0, 0));
    }

    @Test
    void topicThatIsNot_hasNoExtents() throws Exception {
        assertThat(brokers.extents("no-such-" + TOPIC, FIRST)).isEmpty();
        assertThat(brokers.partitions("no-such-" + TOPIC)).isZero();
    }
}
