package dev.serai.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.embedded.EmbeddedBroker;
import dev.serai.testing.IdleCommitter;
import dev.serai.testing.LogTail;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A log that is cut while its partition is full: reading waits at an offset that is used again then for another event. What
 * happens if the client does not notice by itself: {@link LostPositionsTest}.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class CutWhileFullTest {
    private static final int ROOM = 10;
    private static final int EVENTS = 20;
    private static final int CUT_OFF = 15;
    private static final int LEFT = EVENTS - CUT_OFF;
    private static final Duration POLL = Duration.ofMillis(100);

    private final Assignments assignments = new Assignments(ROOM, Long.MAX_VALUE);
    private final AtomicInteger cuts = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable next : open.reversed()) {
            next.close();
        }
    }

    @Test
    void eventsAtOffsetsThatAreUsedAgain_areRead() throws Exception {
        Path data = Files.createTempDirectory(Path.of("target"), "broker");
        EmbeddedBroker broker = EmbeddedBroker.start(data, 0);
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        Consumer<byte[], byte[]> consumer = consumer(kafka);
        publish(kafka, "old-");
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        while (read.size() < ROOM) {
            consumer.poll(POLL).forEach(read::add);
        }

        broker.close();
        assertThat(LogTail.cut(data.resolve("start-0"), CUT_OFF)).isEqualTo(new LogTail.Lost(LEFT, EVENTS, CUT_OFF));
        open.add(EmbeddedBroker.start(data, broker.port()));
        publish(kafka, "new-");

        read.clear();
        while (read.size() < ROOM - LEFT) {
            consumer.poll(POLL).forEach(read::add);
        }
        assertThat(read).extracting(event -> new String(event.value(), UTF_8)).startsWith("new-0", "new-1", "new-2");
        assertThat(read.getFirst().offset()).isEqualTo(LEFT);
        assertThat(cuts).hasValue(1);
        consumer.close();
    }

    private Consumer<byte[], byte[]> consumer(Map<String, Object> kafka) throws Exception {
        Admin admin = Admin.create(kafka);
        open.add(admin);
        admin.createTopics(List.of(new NewTopic("start", Optional.of(1), Optional.empty())))
                .all()
                .get();
        Arrivals arrivals = new Arrivals(new CommittedOffsets(admin, "g"), new NoState());
        open.add(arrivals);
        Consumer<byte[], byte[]> consumer = new StartEventClients(new StartEventClients.Parts(
                        assignments,
                        IdleCommitter.of(assignments),
                        new NoState(),
                        new Unshared(),
                        arrivals,
                        new LogRanges(admin),
                        new IntakeState(),
                        new CountingCuts(),
                        Duration.ofSeconds(1)))
                .getConsumer(properties(kafka));
        consumer.subscribe(Set.of("start"));
        return consumer;
    }

    private static Properties properties(Map<String, Object> kafka) {
        Properties properties = new Properties();
        properties.putAll(kafka);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "g");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return properties;
    }

    /** Each event is a batch of its own. */
    private static void publish(Map<String, Object> kafka, String name) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < EVENTS; i++) {
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
