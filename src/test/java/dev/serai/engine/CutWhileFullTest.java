package dev.serai.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.LogTail;
import dev.serai.testing.Producers;
import dev.serai.testing.Topics;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A log that is cut while more of it has been fetched than is read: the partition is full, and reading waits at an offset
 * that is used again then for another event; or the client holds in its buffer what is gone. What happens if the client
 * finds its position out of range: {@link LostPositionsTest}.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@LeftToCi
@Order(BesideOthers.LONG)
class CutWhileFullTest {
    private static final int ROOM = 10;
    private static final int EVENTS = 20;
    private static final int CUT_OFF = 15;
    private static final int LEFT = EVENTS - CUT_OFF;
    private static final int MOST_POLLED = 2;
    private static final Duration POLL = Duration.ofMillis(100);

    private Assignments assignments = new Assignments(ROOM, Long.MAX_VALUE);
    private final AtomicInteger cuts = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Path data;
    private EmbeddedBroker broker;
    private Map<String, Object> kafka;

    @BeforeEach
    void start() throws Exception {
        data = Files.createTempDirectory(Path.of("target"), "broker");
        broker = EmbeddedBroker.start(data, 0);
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable next : open.reversed()) {
            next.close();
        }
    }

    @Test
    void eventsAtOffsetsThatAreUsedAgain_areRead() throws Exception {
        Consumer<byte[], byte[]> consumer = consumer(ROOM, EVENTS);
        consumer.subscribe(Set.of("start"));
        publish("old-", EVENTS);
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        while (read.size() < ROOM) {
            consumer.poll(POLL).forEach(read::add);
        }

        cutLog();
        publish("new-", EVENTS);

        read.clear();
        while (read.size() < ROOM - LEFT) {
            consumer.poll(POLL).forEach(read::add);
        }
        assertThat(read).extracting(CutWhileFullTest::text).startsWith("new-0", "new-1", "new-2");
        assertThat(read.getFirst().offset()).isEqualTo(LEFT);
        assertThat(cuts).hasValue(1);
        consumer.close();
    }

    /**
     * The client finds its position in the log, and goes on with what it has fetched from there; also where there are just
     * as many, and nothing comes after the place that the client has come to.
     */
    @ParameterizedTest
    @ValueSource(ints = {EVENTS, CUT_OFF})
    void eventsInPlaceOfThoseInTheClientsBuffer_areRead(int published) throws Exception {
        assertThat(readAfterCut(published)).extracting(CutWhileFullTest::text).endsWith(numbered("new-", published));
        assertThat(cuts).hasValue(1);
    }

    /** What is read when the log was cut while the client kept most of it, because its partition was full. */
    private List<ConsumerRecord<byte[], byte[]>> readAfterCut(int published) throws Exception {
        Consumer<byte[], byte[]> consumer = consumer(MOST_POLLED, MOST_POLLED);
        publish("old-", EVENTS);
        // All in one fetch.
        consumer.subscribe(Set.of("start"));
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        while (read.isEmpty()) {
            consumer.poll(POLL).forEach(read::add);
        }
        assertThat(read).hasSizeLessThan(LEFT);
        assertThat(consumer.poll(POLL)).as("read of a full partition").isEmpty();

        cutLog();
        publish("new-", published);
        // Long enough to find the broker again.
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).until(() -> consumer.poll(POLL)
                .isEmpty());

        String last = "new-" + (published - 1);
        List<ConsumerRecord<byte[], byte[]>> held = List.copyOf(read);
        while (!text(read.getLast()).equals(last)) {
            held.forEach(event -> assignments
                    .delivery(new TopicPartition(event.topic(), event.partition()), event.offset())
                    .end());
            held = new ArrayList<>();
            consumer.poll(POLL).forEach(held::add);
            read.addAll(held);
        }
        consumer.close();
        return read;
    }

    private void cutLog() throws Exception {
        broker.close();
        assertThat(LogTail.cut(data.resolve("start-0"), CUT_OFF)).isEqualTo(new LogTail.Lost(LEFT, EVENTS, CUT_OFF));
        open.add(EmbeddedBroker.start(data, broker.port()));
    }

    private static String[] numbered(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + i).toArray(String[]::new);
    }

    private static String text(ConsumerRecord<byte[], byte[]> event) {
        return new String(event.value(), UTF_8);
    }

    private Consumer<byte[], byte[]> consumer(int room, int mostPolled) throws Exception {
        assignments = new Assignments(room, Long.MAX_VALUE);
        Admin admin = Admin.create(kafka);
        open.add(admin);
        Topics.create(admin, List.of(new NewTopic("start", Optional.of(1), Optional.empty())));
        Arrivals arrivals = new Arrivals(new CommittedOffsets(admin, "g"), PartitionState.NONE);
        open.add(arrivals);
        return new StartEventClients(
                        SampleReads.uncommitted(assignments, arrivals, admin, new IntakeState(), new CountingCuts()))
                .getConsumer(properties(mostPolled));
    }

    private Properties properties(int mostPolled) {
        Properties properties = SampleReads.consumer(kafka, "g");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "" + mostPolled);
        return properties;
    }

    /** Each event is a batch of its own. */
    private void publish(String name, int count) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = Producers.with(kafka)) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>("start", (name + i).getBytes(UTF_8)))
                        .get();
            }
        }
    }

    private final class CountingCuts implements IntakeListener {
        @Override
        public void logCut() {
            cuts.incrementAndGet();
        }

        @Override
        public void deletedUnread(long offsets) {}
    }
}
