package dev.serai.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions of which their own process does not know the end, and what others do beside them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@BesideOthers
class CommitInDoubtTest {
    private final String suffix = UUID.randomUUID().toString();
    private final String start = "start-" + suffix;
    private final String replies = "replies-" + suffix;
    private final String group = "group-" + suffix;
    private final TopicPartition partition = new TopicPartition(start, 0);
    private final Map<String, Object> kafka = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Assignments assignments = new Assignments(30, Long.MAX_VALUE);
    private final AtomicInteger lostConnections = new AtomicInteger();

    /** What happens in place of the next commit, whose answer never comes. */
    private final AtomicReference<Runnable> insteadOfCommit = new AtomicReference<>();

    /** What happens before the next commit. */
    private final AtomicReference<Runnable> beforeCommit = new AtomicReference<>();

    /** What the committer is told when it next asks who has transactions open. */
    private final AtomicReference<DescribeProducersResult> openBefore = new AtomicReference<>();

    private volatile Map<TopicPartition, OffsetAndMetadata> lastOffsets = Map.of();
    private Admin admin;
    private Consumer<byte[], byte[]> consumer;

    @BeforeEach
    void start() throws Exception {
        admin = Admin.create(kafka);
        open.add(admin);
        Topics.create(admin, List.of(new NewTopic(start, 1, (short) 1), new NewTopic(replies, 1, (short) 1)));
        try (KafkaProducer<byte[], byte[]> publisher = plainProducer(kafka)) {
            publisher.send(new ProducerRecord<>(start, "first".getBytes(UTF_8))).get();
            publisher
                    .send(new ProducerRecord<>(start, "second".getBytes(UTF_8)))
                    .get();
        }
        OutgoingTopics topics = new OutgoingTopics(admin);
        CommittedOffsets committed = new CommittedOffsets(admin, group);
        Committer committer = new Committer(
                assignments,
                new Transactions(
                        new TransactionalProducers(
                                TransactionalProducers.properties(kafka, id("own")),
                                group,
                                start,
                                answeringLate(admin),
                                List.of(replies),
                                properties -> watched(TransactionalProducers.ofKafka(properties))),
                        committed,
                        topics,
                        new Visibility(kafka, topics)),
                topics,
                new Unwatched(),
                Clock.systemUTC());
        open.add(committer);
        committer.start();
        Arrivals arrivals = new Arrivals(committed, PartitionState.NONE);
        open.add(arrivals);
        Properties properties = new Properties();
        properties.putAll(kafka);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        consumer = new StartEventClients(new StartEventClients.Parts(
                        SampleReads.of(start, group),
                        assignments,
                        committer,
                        PartitionState.NONE,
                        PartitionShare.NONE,
                        arrivals,
                        new LogRanges(admin),
                        new IntakeState(),
                        new Unwatched(),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1)))
                .getConsumer(properties);
        open.add(consumer);
        consumer.subscribe(Set.of(start));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable next : open.reversed()) {
            next.close();
        }
    }

    /** Both commit the same offsets: these do not tell whose transaction got through. */
    @Test
    void abortedTransaction_isNotTakenForThatOfThePartitionsNextOwner_whoHasRunTheSameEvent() {
        Delivery event = take(2).getFirst();
        insteadOfCommit.set(() -> {
            waitFor(() -> {
                admin.fenceProducers(List.of(id("own"))).all().get();
                admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                        .all()
                        .get();
            });
            answerAsNextOwner();
        });

        CompletableFuture<Throwable> commit = CompletableFuture.supplyAsync(
                () -> catchThrowable(() -> answer(event, "of its first owner")),
                task -> Thread.ofVirtual().start(task));

        await("the first owner's event to end").until(() -> {
            consumer.poll(Duration.ofMillis(50));
            return commit.isDone();
        });
        assertThat(commit.join()).isInstanceOf(DeliveryRevokedException.class);
        assertThat(replies()).containsExactly("of its next owner");
    }

    /** The other's may be open for as long as it likes. */
    @Test
    void lostConnection_doesNotHaveCommitsWaitForTheOpenTransactionOfAnotherProcess() throws Exception {
        commitBesideAnOpenTransaction();
    }

    /** A commit is told before its end is written everywhere. */
    @Test
    void lostConnection_whileTheEndOfTheLastCommitIsOnItsWay_doesNotEither() throws Exception {
        TopicPartition written = new TopicPartition(replies, 0);
        beforeCommit.set(() -> waitFor(() -> {
            DescribeProducersResult open = admin.describeProducers(List.of(written));
            open.all().get();
            openBefore.set(open);
        }));

        commitBesideAnOpenTransaction();
        assertThat(openBefore).as("was asked for").hasNullValue();
    }

    private void commitBesideAnOpenTransaction() throws Exception {
        List<Delivery> events = take(2);
        KafkaProducer<byte[], byte[]> other = transactionalProducer("other");
        other.beginTransaction();
        other.send(new ProducerRecord<>(replies, 0, null, "not decided".getBytes(UTF_8)))
                .get();
        answer(events.get(0), "first");

        lostConnections.incrementAndGet();
        CompletableFuture<Void> commit =
                CompletableFuture.runAsync(() -> answer(events.get(1), "second"), task -> Thread.ofVirtual()
                        .start(task));

        await("a commit beside it").until(commit::isDone);
        other.abortTransaction();
        assertThat(replies()).containsExactly("first", "second");
    }

    private List<Delivery> take(int count) {
        List<Delivery> taken = new ArrayList<>();
        await("events").until(() -> {
            consumer.poll(Duration.ofMillis(50)).forEach(next -> {
                Delivery delivery = assignments.delivery(partition, next.offset());
                assertThat(delivery.begin()).isTrue();
                taken.add(delivery);
            });
            return taken.size() == count;
        });
        return taken;
    }

    private void answer(Delivery event, String reply) {
        event.outbox().add(new ProducerRecord<>(replies, reply.getBytes(UTF_8)));
        try {
            event.commit();
        } finally {
            event.end();
        }
    }

    @SuppressWarnings("removal") // as in TransactionalProducers
    private void answerAsNextOwner() {
        KafkaProducer<byte[], byte[]> next = transactionalProducer("next");
        next.beginTransaction();
        var unused = next.send(new ProducerRecord<>(replies, "of its next owner".getBytes(UTF_8)));
        next.sendOffsetsToTransaction(lastOffsets, new ConsumerGroupMetadata(group));
        next.commitTransaction();
    }

    private List<String> replies() {
        try (TopicReader reader = new TopicReader(SharedBroker.bootstrapServers(), replies)) {
            return reader.all().stream()
                    .map(reply -> new String(reply.value(), UTF_8))
                    .toList();
        }
    }

    private String id(String name) {
        return group + "-" + name;
    }

    private KafkaProducer<byte[], byte[]> transactionalProducer(String name) {
        Map<String, Object> properties = new HashMap<>(TransactionalProducers.properties(kafka, id(name)));
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 600_000);
        KafkaProducer<byte[], byte[]> made = plainProducer(properties);
        made.initTransactions();
        return made;
    }

    private KafkaProducer<byte[], byte[]> plainProducer(Map<String, Object> properties) {
        KafkaProducer<byte[], byte[]> made =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        open.add(made);
        return made;
    }

    /** A producer whose commits can be lost on their way, and which can be told that it has lost connections. */
    @SuppressWarnings("unchecked")
    private Producer<byte[], byte[]> watched(Producer<byte[], byte[]> made) {
        AtomicInteger lost = new AtomicInteger();
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "metrics" -> {
                            return connectionsClosed();
                        }
                        case "sendOffsetsToTransaction" ->
                            lastOffsets = new HashMap<>((Map<TopicPartition, OffsetAndMetadata>) arguments[0]);
                        case "commitTransaction" -> {
                            Runnable before = beforeCommit.getAndSet(null);
                            if (before != null) {
                                before.run();
                            }
                            Runnable instead = insteadOfCommit.getAndSet(null);
                            if (instead != null) {
                                instead.run();
                            }
                            if (instead != null || lost.get() > 0) {
                                lost.incrementAndGet();
                                throw new TimeoutException("no answer");
                            }
                        }
                        default -> {}
                    }
                    try {
                        return method.invoke(made, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** One that says once what was so before. */
    private Admin answeringLate(Admin made) {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("describeProducers")) {
                        DescribeProducersResult before = openBefore.getAndSet(null);
                        if (before != null) {
                            return before;
                        }
                    }
                    try {
                        return method.invoke(made, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Map<MetricName, Metric> connectionsClosed() {
        MetricName name = new MetricName("connection-close-total", "producer-metrics", "", Map.of());
        return Map.of(name, new Metric() {
            @Override
            public MetricName metricName() {
                return name;
            }

            @Override
            public Object metricValue() {
                return (double) lostConnections.get();
            }
        });
    }

    @FunctionalInterface
    private interface AdminWork {
        void run() throws Exception;
    }

    private static void waitFor(AdminWork work) {
        try {
            work.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Unwatched implements TransactionListener, IntakeListener {
        @Override
        public void committed(int events, Duration took) {}

        @Override
        public void aborted(String reason) {}

        @Override
        public void dropped(int events) {}

        @Override
        public void publishedAgain(int events) {}

        @Override
        public void offsetsDiffer() {}

        @Override
        public void logCut() {}

        @Override
        public void deletedUnread(long offsets) {}
    }
}
