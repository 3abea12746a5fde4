package dev.serai.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.serai.kafka.SessionTopicGrowth;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LogLines;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class SessionRestoreTest {
    private static final Map<String, Object> KAFKA =
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, SharedBroker.bootstrapServers());

    /** Tells the clients of this test from those of others that run beside it. */
    private final String clientId = "restore-" + UUID.randomUUID();

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final SessionTable table = new SessionTable(Duration.ofDays(30), Clock.systemUTC());
    private final SessionSealer sealer = new SessionSealer(SealingKeys.of(SampleSessions.KEY_A));
    private final OpenSessions open =
            new OpenSessions(Duration.ofMinutes(5), Clock.systemUTC(), new OpenSessions.Bounds(1000, 1 << 20));
    private final Admin admin = Admin.create(KAFKA);
    private final KafkaProducer<byte[], byte[]> owner = producer();

    private String topic = "";

    @BeforeEach
    void nameTopic(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName() + ".sessions";
    }

    @AfterEach
    void close() {
        owner.close(Duration.ZERO);
        admin.close();
    }

    @Test
    void committedSessions_areInTheTable() throws Exception {
        create(2, Map.of("cleanup.policy", "compact"));
        commit(() -> {
            send(0, "caller-1", state("s1"));
            send(0, "caller-1", state("s2"));
            send(1, "caller-2", state("s3"));
        });

        restore(10, 0, 1);

        assertThat(get(0, "caller-1")).isEqualTo(state("s2"));
        assertThat(get(1, "caller-2")).isEqualTo(state("s3"));
        assertThat(get(1, "caller-1")).isSameAs(ConversationState.EMPTY);
    }

    @Test
    void otherPartitions_areLeftAlone() throws Exception {
        create(3);
        commit(() -> {
            send(0, "caller-1", state("s1"));
            send(1, "caller-2", state("s2"));
        });
        table.open(2);
        table.put(2, key("caller-3"), state("s3"));

        restore(10, 1);

        assertThat(table.size()).isEqualTo(2);
        assertNotOpen(0);
    }

    @Test
    void emptyPartition_isOpen() throws Exception {
        create(1);

        restore(10, 0);

        assertThat(get(0, "caller-1")).isSameAs(ConversationState.EMPTY);
    }

    @Test
    void abortedSessions_neverWere() throws Exception {
        create(1);
        commit(() -> send(0, "caller-1", state("s1")));
        begin(() -> {
            send(0, "caller-1", state("s2"));
            send(0, "caller-2", state("s2"));
        });
        owner.abortTransaction();

        restore(10, 0);

        assertThat(get(0, "caller-1")).isEqualTo(state("s1"));
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void tombstone_forgets() throws Exception {
        create(1);
        commit(() -> {
            send(0, "caller-1", state("s1"));
            send(0, "caller-2", state("s2"));
            send(0, "caller-1", null);
        });

        restore(10, 0);

        assertThat(get(0, "caller-1")).isSameAs(ConversationState.EMPTY);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void valueThatCannotBeRead_isLeftOut() throws Exception {
        create(1);
        commit(() -> {
            send(0, "caller-1", state("s1"));
            send(0, key("caller-1"), "{".getBytes(UTF_8));
            send(0, null, SessionRecord.encode(state("s2"), List.of()));
            send(0, "caller-3", state("s3"));
        });

        restore(10, 0);

        assertThat(get(0, "caller-1")).isEqualTo(state("s1"));
        assertThat(get(0, "caller-3")).isEqualTo(state("s3"));
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void expiredSession_isLeftOut() throws Exception {
        create(1);
        commit(() -> {
            send(0, "caller-1", state("s1").answered("e1", now.minus(Duration.ofDays(31))));
            send(0, "caller-2", state("s2").answered("e2", now.minus(Duration.ofDays(29))));
        });

        restore(10, 0);

        assertThat(table.size()).isEqualTo(1);
    }

    /** A killed owner's transaction may be decided after its successor has begun to read. */
    @Test
    void transactionUnderWay_isWaitedFor() throws Exception {
        create(1);
        begin(() -> send(0, "caller-1", state("s1")));

        try (var successor = Executors.newVirtualThreadPerTaskExecutor()) {
            var reading = new CompletableFuture<@Nullable Void>();
            Future<?> restored = successor.submit(() -> {
                reading.complete(null);
                restore(30, 0);
            });
            reading.join();
            await().during(Duration.ofMillis(700)).until(() -> !restored.isDone());
            owner.commitTransaction();
            restored.get();
        }

        assertThat(get(0, "caller-1")).isEqualTo(state("s1"));
    }

    @Test
    void transactionThatStaysOpen_failsWithThePlace() throws Exception {
        create(1);
        commit(() -> send(0, "caller-1", state("s1")));
        begin(() -> send(0, "caller-1", state("s2")));

        // The committed record and its marker are at 0 and 1.
        assertThatExceptionOfType(SessionRestoreException.class)
                .isThrownBy(() -> restore(2, 0))
                .withMessageContainingAll(
                        "within 2.0 s", topic + "-0 at offset 2 of 3", "transaction.timeout.ms", "try again");
        assertNotOpen(0);
    }

    @Test
    @Tag("chaos-long")
    @Timeout(value = 120, unit = TimeUnit.SECONDS) // a broker looks for what to compact every 15 s
    void gapsOfCompactionAndOfDeletedRecords_arePassed() throws Exception {
        create(
                1,
                Map.of(
                        "cleanup.policy", "compact,delete",
                        "segment.bytes", "1048576",
                        "segment.ms", "1",
                        "min.cleanable.dirty.ratio", "0.01",
                        "min.compaction.lag.ms", "0"));
        commit(() -> send(0, "caller-0", state("first")));
        admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(1)))
                .all()
                .get(20, TimeUnit.SECONDS);
        for (int round = 0; round < 3; round++) {
            String session = "s" + round;
            commit(() -> {
                for (int caller = 0; caller < 50; caller++) {
                    send(0, "caller-" + caller, state(session));
                }
            });
        }
        commit(() -> send(0, "caller-0", null));
        await("compaction").atMost(Duration.ofSeconds(60)).until(() -> recordsOfTopic() < 151);

        restore(10, 0);

        assertThat(table.size()).isEqualTo(49);
        assertThat(get(0, "caller-49")).isEqualTo(state("s2"));
    }

    @Test
    void missingPartition_namesTopicsAndTheCommand_andTheOthersAreReady() throws Exception {
        create(2);
        createTopic(topic + ".start", 4, Map.of());

        assertThatExceptionOfType(SessionRestoreException.class)
                .isThrownBy(() -> restore(10, 0, 2))
                .withMessageContainingAll(
                        topic + " has 2 partitions and " + topic + ".start has 4",
                        "kafka-topics.sh --bootstrap-server " + SharedBroker.bootstrapServers() + " --alter --topic "
                                + topic + " --partitions 4");
        assertThat(get(0, "caller-1")).isEqualTo(ConversationState.EMPTY);
        assertNotOpen(2);
    }

    @Test
    void missingPartitions_areAdded_whenThatIsAllowed_byManyRestoresAtOnce() throws Exception {
        create(2);
        createTopic(topic + ".start", 6, Map.of());
        commit(() -> send(0, "caller-1", state("s1")));
        var growth = new SessionTopicGrowth(KAFKA, topic, Duration.ofSeconds(20));
        var restore =
                new SessionRestore(KAFKA, topic, topic + ".start", table, open, sealer, Duration.ofSeconds(20), growth);

        try (var restores = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> each = IntStream.range(0, 6)
                    .mapToObj(partition -> Executors.callable(() -> restore.restore(Set.of(partition), ready -> {})))
                    .toList();
            for (Future<Object> one : restores.invokeAll(each)) {
                one.get();
            }
        }

        assertThat(get(0, "caller-1")).isEqualTo(state("s1"));
        assertThat(get(5, "caller-1")).isSameAs(ConversationState.EMPTY);
        assertThat(admin.describeTopics(List.of(topic)).topicNameValues().values().stream()
                        .map(description -> description
                                .toCompletionStage()
                                .toCompletableFuture()
                                .join()
                                .partitions()))
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(6);
    }

    @Test
    void partitionsThatKafkaDoesNotAdd_areNamedWithTheCommand() throws Exception {
        create(2);
        createTopic(topic + ".start", 4, Map.of());
        var growth = new SessionTopicGrowth(KAFKA, topic + ".no-such", Duration.ofSeconds(20));
        var restore =
                new SessionRestore(KAFKA, topic, topic + ".start", table, open, sealer, Duration.ofSeconds(20), growth);

        assertThatExceptionOfType(SessionRestoreException.class)
                .isThrownBy(() -> restore.restore(Set.of(3), ready -> {}))
                .withMessageContainingAll(
                        "there is no such topic", "--alter --topic " + topic + ".no-such --partitions 4");
        assertNotOpen(3);
    }

    /** The partition was lost and came again, and the first restore of it ends after the second. */
    @Test
    void restoreThatFailsLate_closesNotWhatAnotherHasOpened() throws Exception {
        create(1);
        commit(() -> send(0, "caller-1", state("s1")));
        var late = new SessionRestore(
                Map.of("bootstrap.servers", "127.0.0.1:1"), topic, "start", table, open, sealer, Duration.ofSeconds(3));
        try (var restores = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> failing = restores.submit(() -> late.restore(Set.of(0), ready -> {}));
            await().during(Duration.ofMillis(300)).until(() -> !failing.isDone());
            restore(20, 0);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(failing::get)
                    .withCauseInstanceOf(SessionRestoreException.class);
        }

        assertThat(get(0, "caller-1")).isEqualTo(state("s1"));
    }

    /** What was answered since then must not be taken back. */
    @Test
    void restoreThatEndsLate_opensNotWhatAnotherHasOpened() throws Exception {
        create(1);
        commit(() -> send(0, "caller-1", state("s1")));
        begin(() -> send(0, "caller-2", state("s2")));
        try (var restores = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> late = restores.submit(() -> restore(30, 0));
            await().during(Duration.ofMillis(700)).until(() -> !late.isDone());
            table.open(0);
            table.put(0, key("caller-1"), state("newer"));
            owner.commitTransaction();
            late.get();
        }

        assertThat(get(0, "caller-1")).isEqualTo(state("newer"));
        assertThat(get(0, "caller-2")).isSameAs(ConversationState.EMPTY);
    }

    @Test
    void partitionThatIsGivenBackMeanwhile_staysClosed() throws Exception {
        create(1);
        begin(() -> send(0, "caller-1", state("s1")));
        try (var restores = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> reading = restores.submit(() -> restore(30, 0));
            await().during(Duration.ofMillis(700)).until(() -> !reading.isDone());
            table.close(0);
            owner.commitTransaction();
            reading.get();
        }

        assertNotOpen(0);
    }

    /** A broker answers a fetch of nothing new after 500 ms by default, and closing waits for the answer. */
    @Test
    void restoreOfAFewRecords_waitsForNoLongPoll() throws Exception {
        create(1);
        commit(() -> send(0, "caller-1", state("s1")));
        List<Duration> taken = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            long begin = System.nanoTime();
            restore(20, 0);
            taken.add(Duration.ofNanos(System.nanoTime() - begin));
        }

        assertThat(Collections.min(taken)).isLessThan(Duration.ofMillis(450));
    }

    @Test
    void restoresOfSeveralPartitionsAtOnce_failEachForItself() throws Exception {
        create(6);
        commit(() -> {
            for (int partition = 0; partition < 6; partition++) {
                send(partition, "caller-" + partition, state("s" + partition));
            }
        });
        // Held up by a transaction that stays open.
        begin(() -> send(3, "caller-3", state("undecided")));

        try (var restores = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> each = new ArrayList<>();
            for (int partition = 0; partition < 6; partition++) {
                int one = partition;
                each.add(restores.submit(() -> restore(one == 3 ? 10 : 30, one)));
            }
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> each.get(3).get())
                    .withMessageContaining(topic + "-3");
            for (int partition = 0; partition < 6; partition++) {
                if (partition != 3) {
                    each.get(partition).get();
                    assertThat(get(partition, "caller-" + partition)).isEqualTo(state("s" + partition));
                }
            }
        }
        assertNotOpen(3);
    }

    @Test
    void restoreThatIsInterrupted_endsAtOnce_andLeavesNothingOpen() throws Exception {
        create(1);
        begin(() -> send(0, "caller-1", state("s1")));
        assertThat(kafkaClients()).isEmpty();
        var interrupted = new CompletableFuture<@Nullable Void>();
        var begun = new CompletableFuture<@Nullable Void>();
        Thread reading = Thread.ofVirtual().start(() -> {
            begun.complete(null);
            try {
                restore(60, 0);
                interrupted.completeExceptionally(new AssertionError("it was read"));
            } catch (InterruptException e) {
                interrupted.complete(null);
            } catch (RuntimeException e) {
                interrupted.completeExceptionally(e);
            }
        });
        begun.join();
        await().until(() -> !kafkaClients().isEmpty());
        await().during(Duration.ofMillis(500)).until(reading::isAlive);

        long begin = System.nanoTime();
        try (LogLines log = LogLines.of(reading)) {
            reading.interrupt();
            interrupted.get(20, TimeUnit.SECONDS);
            assertThat(log.with("Failed to close")).isEmpty();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        await("the clients' end").atMost(Duration.ofSeconds(20)).until(() -> kafkaClients()
                .isEmpty());

        assertNotOpen(0);
    }

    /** Consumers and admin clients of the restores, as they register themselves. */
    private Set<ObjectName> kafkaClients() throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        String ofRestores = ":type=app-info,id=" + clientId + "*";
        Set<ObjectName> clients = new HashSet<>(beans.queryNames(new ObjectName("kafka.consumer" + ofRestores), null));
        clients.addAll(beans.queryNames(new ObjectName("kafka.admin.client" + ofRestores), null));
        return clients;
    }

    @Test
    void missingTopic_isNamed() {
        assertThatExceptionOfType(SessionRestoreException.class)
                .isThrownBy(() -> restore(10, 0))
                .withMessageContaining("there is no session topic " + topic);
    }

    @Test
    void kafkaThatDoesNotAnswer_isNamed() {
        var restore = new SessionRestore(
                Map.of("bootstrap.servers", "127.0.0.1:1"),
                topic,
                "start",
                table,
                open,
                sealer,
                Duration.ofMillis(1_500));

        assertThatExceptionOfType(SessionRestoreException.class)
                .isThrownBy(() -> restore.restore(Set.of(0), partition -> {}))
                .withMessageContainingAll("Kafka at 127.0.0.1:1 did not answer within 1.5 s");
    }

    @Test
    void openSessions_areReadAndOpened_thoseThatCountAsOver_too() throws Exception {
        create(1);
        OpenSession talking = SampleSessions.open("e1", now.minusSeconds(10), null);
        OpenSession over = SampleSessions.open("e2", now.minusSeconds(600), null);
        OpenSession old = SampleSessions.open("e0", now.minus(OpenSession.KNOWN), null);
        OpenSession due = SampleSessions.open("e3", now.minusSeconds(900), now.minusSeconds(1));
        OpenSession longDue = SampleSessions.open("e4", now.minusSeconds(900), now.minusSeconds(400));
        commit(() -> {
            sendOpen("caller-1", sealer, over);
            sendOpen("caller-1", sealer, old, over, talking, due, longDue);
            sendOpen("caller-2", sealer, talking);
            send(0, "caller-2", null);
        });

        restore(10, 0);

        assertThat(open.of(0, key("caller-1")))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(over, talking, due);
        assertThat(open.open("default")).isEqualTo(2);
        assertThat(open.of(0, key("caller-2"))).isEmpty();
        assertThat(open.takeDue())
                .extracting(taken -> taken.session().eventId())
                .containsExactly("e3");
    }

    @Test
    void openSessionsOfKeysThatAreNotThere_areLeftOut_withOneWarningThatNamesTheKeys() throws Exception {
        create(2);
        SessionSealer other = new SessionSealer(SealingKeys.of(SampleSessions.KEY_B));
        OpenSession session = SampleSessions.open("e1", now, null);
        List<Integer> lost = new ArrayList<>();
        open.listen(SampleSessions.onLost((why, sessions) -> lost.add(sessions)));
        commit(() -> {
            sendOpen("caller-1", other, session, session);
            sendOpen("caller-2", sealer, session);
        });

        try (LogLines lines = LogLines.of(Thread.currentThread())) {
            restore(10, 0, 1);

            assertThat(lines.with("keys that serai.sessions.key-file"))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .contains("{" + SealingKeys.of(SampleSessions.KEY_B).sealingId() + "=2}", "serai.sessions.key-file")
                    .doesNotContain(session.sessionIds().getFirst());
        }
        assertThat(get(0, "caller-1")).isEqualTo(state("s1"));
        assertThat(open.of(0, key("caller-1"))).isEmpty();
        assertThat(open.of(0, key("caller-2"))).hasSize(1);
        assertThat(lost).containsExactly(2);
    }

    /** A record that somebody has copied to another conversation. */
    @Test
    void openSessionsOfAnotherConversation_areLeftOut_withAWarning() throws Exception {
        create(1);
        SealedSession sealed = sealer.seal(key("caller-2"), SampleSessions.open("e1", now, null));
        commit(() -> send(0, key("caller-1"), SessionRecord.encode(state("s1"), List.of(sealed))));

        try (LogLines lines = LogLines.of(Thread.currentThread())) {
            restore(10, 0);

            assertThat(lines.with("1 open session is left to end by themselves"))
                    .hasSize(1);
        }
        assertThat(open.of(0, key("caller-1"))).isEmpty();
    }

    private void sendOpen(String caller, SessionSealer with, OpenSession... sessions) {
        List<SealedSession> sealed = Arrays.stream(sessions)
                .map(session -> with.seal(key(caller), session))
                .toList();
        send(0, key(caller), SessionRecord.encode(state("s1"), sealed));
    }

    private void restore(int seconds, Integer... partitions) {
        Map<String, Object> kafka = new HashMap<>(KAFKA);
        kafka.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        new SessionRestore(kafka, topic, topic + ".start", table, open, sealer, Duration.ofSeconds(seconds))
                .restore(Set.of(partitions), partition -> {});
    }

    /** What is in the table of a conversation, whose partition is open. */
    private ConversationState get(int partition, String caller) {
        return table.get(partition, key(caller));
    }

    private void assertNotOpen(int partition) {
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> get(partition, "caller-1"));
    }

    private void create(int partitions) throws Exception {
        create(partitions, Map.of());
    }

    private void create(int partitions, Map<String, String> configuration) throws Exception {
        createTopic(topic, partitions, configuration);
        owner.initTransactions();
    }

    private void createTopic(String name, int partitions, Map<String, String> configuration) throws Exception {
        Topics.create(
                admin, List.of(new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configuration)));
    }

    private void commit(Runnable sending) {
        begin(sending);
        owner.commitTransaction();
    }

    /** What is sent is in the topic, and not decided. */
    private void begin(Runnable sending) {
        owner.beginTransaction();
        sending.run();
        owner.flush();
    }

    private void send(int partition, String caller, @Nullable ConversationState state) {
        send(partition, key(caller), state == null ? null : SessionRecord.encode(state, List.of()));
    }

    private void send(int partition, byte @Nullable [] key, byte @Nullable [] value) {
        // A failure shows when the transaction is committed.
        var unused = owner.send(new ProducerRecord<>(topic, partition, key, value));
    }

    private int recordsOfTopic() {
        try (var reader = new TopicReader(SharedBroker.bootstrapServers(), topic)) {
            return reader.all().size();
        }
    }

    private static byte[] key(String caller) {
        return caller.getBytes(UTF_8);
    }

    private ConversationState state(String session) {
        return ConversationState.EMPTY.withSession("guide", session).answered("e1", now);
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return Producers.transactional(
                SharedBroker.bootstrapServers(), UUID.randomUUID().toString());
    }
}
