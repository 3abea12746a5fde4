package dev.serai.source.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.serai.source.SourceFailedException;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LogLines;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class TopicTableTest {
    private static final Map<String, Object> KAFKA =
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, SharedBroker.bootstrapServers());
    private static final int MAX_VALUE_BYTES = 20;

    private final String name = "places-" + UUID.randomUUID();
    private final String warning = "WARN source " + name + ": ";
    private final Admin admin = Admin.create(KAFKA);
    private final KafkaProducer<byte[], byte[]> producer = producer();

    private String topic = "";
    private TopicTable table = table(KAFKA);

    @BeforeEach
    void begin(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName() + ".places";
        table = table(KAFKA);
        producer.initTransactions();
    }

    @AfterEach
    void close() {
        table.close();
        producer.close(Duration.ZERO);
        admin.close();
    }

    @Test
    void committedValues_areFoundUnderTheirKeys() throws Exception {
        create(3);
        commit(() -> {
            send(0, "hall", "dark");
            send(0, "hall", "bright");
            send(1, "küche", "warm");
            send(2, "attic", "");
        });

        restore();

        assertThat(find("hall")).contains("bright");
        assertThat(find("küche")).contains("warm");
        assertThat(find("attic")).contains("");
        assertThat(find("cellar")).isEmpty();
        assertThat(table.size()).isEqualTo(3);
    }

    /** As a defect in a library of the user's, on the table's own thread. */
    public static final class BreaksTwice implements ConsumerInterceptor<byte[], byte[]> {
        static final AtomicInteger LEFT = new AtomicInteger();

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            if (LEFT.getAndDecrement() > 0) {
                throw new StackOverflowError("a defect");
            }
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> settings) {}
    }

    @Test
    void error_isSaid_andReadingGoesOn() throws Exception {
        create(1);
        commit(() -> send(0, "hall", "dark"));
        BreaksTwice.LEFT.set(2);
        Map<String, Object> kafka = new HashMap<>(KAFKA);
        kafka.put(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, BreaksTwice.class.getName());
        try (LogLines log = new LogLines(TopicTable.class)) {
            table = table(kafka);
            restore();

            assertThat(find("hall")).contains("dark");
            assertThat(log.with(warning)).hasSize(1).allMatch(line -> line.contains("StackOverflowError"));
            assertThat(log.with("source " + name + ": topic " + topic + " can be read again"))
                    .hasSize(1);
        }
    }

    @Test
    void emptyTopic_isRestored() throws Exception {
        create(2);

        restore();

        assertThat(find("hall")).isEmpty();
        assertThat(table.size()).isZero();
    }

    @Test
    void laterRecords_areFollowed() throws Exception {
        create(2);
        commit(() -> send(0, "hall", "dark"));
        restore();

        commit(() -> {
            send(0, "hall", "bright");
            send(1, "attic", "dusty");
        });

        await().until(() -> find("hall"), Optional.of("bright")::equals);
        await().until(() -> find("attic"), Optional.of("dusty")::equals);
    }

    @Test
    void tombstone_removes_beforeTheEndAndAfter() throws Exception {
        create(1);
        commit(() -> {
            send(0, "hall", "dark");
            send(0, "attic", "dusty");
            send(0, "hall", null);
        });
        restore();
        assertThat(find("hall")).isEmpty();
        assertThat(table.size()).isEqualTo(1);

        commit(() -> send(0, "attic", null));

        await().until(() -> find("attic"), Optional.empty()::equals);
        assertThat(table.size()).isZero();
    }

    @Test
    void abortedRecords_areUnseen() throws Exception {
        create(1);
        commit(() -> send(0, "hall", "dark"));
        producer.beginTransaction();
        send(0, "hall", "aborted");
        send(0, "attic", "aborted");
        producer.flush();
        producer.abortTransaction();

        restore();

        assertThat(find("hall")).contains("dark");
        assertThat(find("attic")).isEmpty();
    }

    @Test
    void openTransaction_isWaitedFor() throws Exception {
        create(1);
        producer.beginTransaction();
        send(0, "hall", "dark");
        producer.flush();
        table.start();

        assertThat(table.awaitRestored(Duration.ofSeconds(1))).isFalse();
        assertThat(table.isReading()).isTrue();
        producer.commitTransaction();

        assertThat(table.awaitRestored(Duration.ofSeconds(20))).isTrue();
        assertThat(find("hall")).contains("dark");
    }

    /** As when a topic was given more partitions, which places keys anew. */
    @Test
    void keyInTwoPartitions_hasTheValueWithTheLaterTimestamp() throws Exception {
        create(2);
        commit(() -> {
            send(0, "hall", "old", 1_000L);
            send(1, "hall", "new", 2_000L);
            send(1, "attic", "old", 1_000L);
            send(0, "attic", "new", 2_000L);
            send(0, "cellar", "old", 1_000L);
            send(1, "cellar", null, 2_000L);
        });

        restore();

        assertThat(find("hall")).contains("new");
        assertThat(find("attic")).contains("new");
        assertThat(find("cellar")).isEmpty();
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void recordWithoutKey_isLeftOut() throws Exception {
        create(1);
        commit(() -> {
            send(new ProducerRecord<>(topic, 0, null, "lost".getBytes(UTF_8)));
            send(0, "hall", "dark");
        });

        restore();

        assertThat(table.size()).isEqualTo(1);
        assertThat(find("hall")).contains("dark");
    }

    @Test
    void tooLargeValue_failsTheLookUp_untilItIsReplaced() throws Exception {
        create(1);
        try (var log = new LogLines(TopicEntries.class)) {
            commit(() -> {
                send(0, "hall", "x".repeat(MAX_VALUE_BYTES));
                send(0, "attic", "x".repeat(MAX_VALUE_BYTES + 1));
            });
            restore();

            assertThat(find("hall")).contains("x".repeat(MAX_VALUE_BYTES));
            assertThatExceptionOfType(SourceFailedException.class)
                    .isThrownBy(() -> table.get("attic"))
                    .withMessage("the value on topic " + topic + " has more than 20 bytes");
            assertThat(log.with(topic))
                    .containsExactly("WARN record " + topic
                            + "-0-1 has a value of 21 bytes, more than 20: look-ups of its key fail");
        }

        commit(() -> send(0, "attic", "small"));

        await().ignoreExceptionsInstanceOf(SourceFailedException.class)
                .until(() -> find("attic"), Optional.of("small")::equals);
    }

    @Test
    void missingTopic_failsLookUps_untilItIsThere() throws Exception {
        try (var log = new LogLines(TopicTable.class)) {
            table.start();
            await().until(() -> log.with(warning).size() == 1);
            assertThatExceptionOfType(SourceFailedException.class)
                    .isThrownBy(() -> table.get("hall"))
                    .withMessage("topic " + topic + " has not been read to its end yet");
            // Time for more than one try.
            assertThat(table.awaitRestored(Duration.ofSeconds(2))).isFalse();
            assertThat(table.isReading()).isFalse();

            create(1);
            commit(() -> send(0, "hall", "dark"));

            assertThat(table.awaitRestored(Duration.ofSeconds(30))).isTrue();
            await().until(table::isReading);
            await().until(() -> find("hall"), Optional.of("dark")::equals);
            await().until(() -> log.with("INFO source " + name + ": topic " + topic + " can be read again")
                            .size()
                    == 1);
            assertThat(log.with(warning))
                    .singleElement()
                    .asString()
                    .contains("source " + name + ": topic " + topic + " cannot be read", "until then look-ups fail");
        }
    }

    @Test
    void lookUpWhileTheTopicIsFirstRead_waitsForItsEnd() throws Exception {
        create(1);
        producer.beginTransaction();
        send(0, "hall", "dark");
        producer.flush();
        table.start();

        assertThatExceptionOfType(SourceFailedException.class)
                .isThrownBy(() -> table.get("hall", Duration.ofMillis(100)))
                .withMessageContaining("topic " + topic + " is still being read for the first time; waited for 100 ms");
        CompletableFuture<byte[]> found = CompletableFuture.supplyAsync(() -> {
            try {
                return table.get("hall", Duration.ofSeconds(30));
            } catch (SourceFailedException e) {
                throw new CompletionException(e);
            }
        });
        producer.commitTransaction();

        assertThat(found.get(30, TimeUnit.SECONDS)).isEqualTo("dark".getBytes(UTF_8));
    }

    @Test
    void topicThatIsCreatedAnew_isReadAnew() throws Exception {
        create(1);
        commit(() -> {
            send(0, "hall", "dark");
            send(0, "attic", "dusty");
        });
        restore();

        Topics.delete(admin, topic);
        // Long enough for looks at a topic that is not there.
        await().during(Duration.ofSeconds(1)).until(() -> find("attic"), Optional.of("dusty")::equals);
        create(1);
        commit(() -> send(0, "hall", "bright"));

        await().atMost(Duration.ofSeconds(30)).until(() -> find("hall"), Optional.of("bright")::equals);
        await().atMost(Duration.ofSeconds(30)).until(() -> find("attic"), Optional.empty()::equals);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void addedPartition_isRead() throws Exception {
        create(1);
        commit(() -> send(0, "hall", "dark"));
        restore();

        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get(20, TimeUnit.SECONDS);
        awaitLeader(1);
        commit(() -> {
            send(1, "attic", "dusty");
            send(0, "hall", "bright");
        });

        await().until(() -> find("attic"), Optional.of("dusty")::equals);
        await().until(() -> find("hall"), Optional.of("bright")::equals);
    }

    @Test
    void close_endsTheThread_andLookUpsGoOn() throws Exception {
        create(1);
        commit(() -> send(0, "hall", "dark"));
        restore();
        assertThat(threads()).isEqualTo(1);

        table.close();

        assertThat(threads()).isZero();
        assertThat(find("hall")).contains("dark");
    }

    @Test
    void close_isNoTrouble() throws Exception {
        create(1);
        try (var log = new LogLines(TopicTable.class)) {
            for (int round = 0; round < 4; round++) {
                try (var closing = table(KAFKA)) {
                    closing.start();
                    assertThat(closing.awaitRestored(Duration.ofSeconds(20))).isTrue();
                }
            }

            assertThat(log.with(topic + " read to its end")).hasSize(4);
            assertThat(log.with(warning)).isEmpty();
        }
    }

    @Test
    void close_endsTheThread_whileKafkaIsAway() {
        table = table(Map.of("bootstrap.servers", "127.0.0.1:1"));
        table.start();
        assertThat(threads()).isEqualTo(1);
        long begin = System.nanoTime();

        table.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertThat(threads()).isZero();
    }

    @Test
    void close_withoutStart_isNothing() {
        table.close();

        assertThat(threads()).isZero();
    }

    private long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("serai-table-" + name))
                .count();
    }

    private TopicTable table(Map<String, Object> kafka) {
        return new TopicTable(name, kafka, topic, MAX_VALUE_BYTES, Duration.ofMillis(300));
    }

    private void restore() throws InterruptedException {
        table.start();
        assertThat(table.awaitRestored(Duration.ofSeconds(20))).isTrue();
    }

    private Optional<String> find(String key) throws SourceFailedException {
        return Optional.ofNullable(table.get(key)).map(value -> new String(value, UTF_8));
    }

    private void create(int partitions) {
        // A topic of this name may still be on its way out.
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                                .all()
                                .get(30, TimeUnit.SECONDS)
                        == null);
        awaitLeader(partitions - 1);
    }

    private void awaitLeader(int partition) {
        await().ignoreExceptions()
                .until(() -> admin.listOffsets(Map.of(new TopicPartition(topic, partition), OffsetSpec.latest()))
                                .all()
                                .get()
                                .size()
                        == 1);
    }

    private void commit(Runnable sending) {
        producer.beginTransaction();
        sending.run();
        producer.commitTransaction();
    }

    private void send(int partition, String key, @Nullable String value) {
        send(partition, key, value, null);
    }

    private void send(int partition, String key, @Nullable String value, @Nullable Long timestamp) {
        send(new ProducerRecord<>(
                topic, partition, timestamp, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8)));
    }

    private void send(ProducerRecord<byte[], byte[]> sent) {
        // A failure shows when the transaction is committed.
        var unused = producer.send(sent);
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return Producers.transactional(
                SharedBroker.bootstrapServers(), UUID.randomUUID().toString());
    }
}
