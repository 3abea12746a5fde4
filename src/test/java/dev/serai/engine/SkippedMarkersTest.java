package dev.serai.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.Acls;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.LogTail;
import dev.serai.testing.Producers;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.trial.broker.EmbeddedBroker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transactions of which Kafka has told that they are committed, and whose ends it has then not written on their
 * partitions: a broker does that when it goes down as the last one of a partition while a transaction ends, or when its
 * controller takes it for gone for a moment, of which no client's connection tells. Each test has topics and a group of its
 * own; they share the broker, and the one time that it was down.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class SkippedMarkersTest {
    private static final int OFFSETS_PARTITIONS = 50;
    private static final int LARGEST_REPLY = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Begins the names of those whose producers do not know that a connection was lost. */
    private static final String UNNOTICED = "unnoticed-";

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static final Map<String, Victim> VICTIMS = new HashMap<>();
    private static Map<String, Object> kafka = Map.of();
    private static @Nullable Admin admin;

    private enum Cut {
        ALL,
        RECORDS,
        OFFSETS
    }

    /**
     * Three events of partition 0 and one of partition 1; the first two are answered, the second in the transaction that is
     * cut. What follows on that waits until it is let go.
     */
    private static final class Victim implements TransactionListener {
        private final String group;
        private final Cut cut;
        private final boolean losesConnections;
        private final Assignments assignments = new Assignments(30, Long.MAX_VALUE);
        private final AtomicInteger again = new AtomicInteger();
        private final AtomicInteger refusals = new AtomicInteger();
        private final Committer committer;
        private final StartEventClients clients;
        private final CountDownLatch letGo = new CountDownLatch(1);
        private volatile boolean holdsBack;
        private Consumer<byte[], byte[]> consumer;
        private final Map<String, Delivery> events = new HashMap<>();

        /** @param losesConnections whether its producer knows that it has lost connections */
        Victim(String group, Cut cut, boolean losesConnections) throws Exception {
            this.group = group;
            this.cut = cut;
            this.losesConnections = losesConnections;
            Admin asked = admin();
            Topics.create(
                    asked,
                    List.of(
                            new NewTopic(topic("start"), 2, (short) 1),
                            new NewTopic(topic("sessions"), 2, (short) 1),
                            new NewTopic(topic("replies"), 2, (short) 1)
                                    .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + LARGEST_REPLY))));
            OutgoingTopics topics = new OutgoingTopics(asked);
            committer = new Committer(
                    assignments,
                    new Transactions(
                            new TransactionalProducers(
                                    producerProperties(),
                                    group,
                                    topic("start"),
                                    asked,
                                    List.of(topic("replies"), topic("sessions")),
                                    this::producer),
                            new CommittedOffsets(asked, group),
                            topics,
                            new Visibility(kafka, topics)),
                    topics,
                    this,
                    Clock.systemUTC());
            OPEN.add(committer);
            committer.start();
            Arrivals arrivals = new Arrivals(new CommittedOffsets(asked, group), PartitionState.NONE);
            OPEN.add(arrivals);
            clients = new StartEventClients(new StartEventClients.Parts(
                    SampleReads.of(topic("start"), group),
                    assignments,
                    committer,
                    PartitionState.NONE,
                    PartitionShare.NONE,
                    arrivals,
                    new LogRanges(asked),
                    new IntakeState(),
                    new SampleReads.NothingHeard(),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1)));
            consumer = newConsumer();
            try (KafkaProducer<byte[], byte[]> publisher = Producers.with(kafka)) {
                for (String event : List.of("0-0", "0-1", "0-2", "1-0")) {
                    int partition = event.charAt(0) - '0';
                    publisher
                            .send(new ProducerRecord<>(topic("start"), partition, null, event.getBytes(UTF_8)))
                            .get();
                }
            }
            take(4);
            answer("0-0");
            holdsBack = true;
            Thread.startVirtualThread(() -> answer("0-1"));
            await().atMost(PATIENCE).until(() -> committed(0) == 2);
            await().atMost(PATIENCE)
                    .until(() -> asked.describeTransactions(List.of(group + "-a"))
                                    .description(group + "-a")
                                    .get()
                                    .state()
                            == TransactionState.COMPLETE_COMMIT);
            assertReplies("0-0", "0-1");
        }

        private Producer<byte[], byte[]> producer(Map<String, Object> properties) {
            Producer<byte[], byte[]> made = TransactionalProducers.ofKafka(properties);
            return losesConnections ? made : withoutMetrics(made);
        }

        private Map<String, Object> producerProperties() {
            return TransactionalProducers.properties(kafka, group + "-a");
        }

        private Consumer<byte[], byte[]> newConsumer() {
            Consumer<byte[], byte[]> made = clients.getConsumer(properties());
            OPEN.add(made);
            made.subscribe(Set.of(topic("start")));
            return made;
        }

        void take(int count) {
            events.clear();
            while (events.size() < count) {
                consumer.poll(Duration.ofMillis(50)).forEach(next -> {
                    Delivery delivery =
                            assignments.delivery(new TopicPartition(next.topic(), next.partition()), next.offset());
                    assertThat(delivery.begin()).isTrue();
                    events.put(new String(next.value(), UTF_8), delivery);
                });
            }
        }

        private Properties properties() {
            Properties properties = SampleReads.consumer(kafka, group);
            // Nobody polls while the other tests run.
            properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 600_000);
            return properties;
        }

        String topic(String name) {
            return name + "-" + group;
        }

        void cutMarkers(Path data) throws Exception {
            if (cut != Cut.OFFSETS) {
                LogTail.cutMarker(data.resolve(topic("replies") + "-0"));
                LogTail.cutMarker(data.resolve(topic("sessions") + "-0"));
            }
            if (cut != Cut.RECORDS) {
                LogTail.cutMarker(data.resolve("__consumer_offsets-" + offsetsPartition(group)));
            }
        }

        void answer(String event) {
            // Of more bytes than the end of a transaction.
            add(event, "replies", "%-300s".formatted(event));
            add(event, "replies", "%-300s".formatted(event + " too"));
            add(event, "sessions", event);
            Delivery delivery = delivery(event);
            try {
                delivery.commit();
            } finally {
                delivery.end();
            }
        }

        /** What is answered after the cut transaction is published once, and committed, as is all before it. */
        void answerNext() throws InterruptedException {
            answer("0-2");
            assertPublished("0-0", "0-1", "0-2");
            assertThat(committed(0)).isEqualTo(3);
        }

        /** Together with a record that the topic takes. */
        void addRefused(String event) {
            add(event, "sessions", "refused");
            add(event, "replies", "x".repeat(2 * LARGEST_REPLY));
        }

        /** Its records are let go of: it can be answered. */
        void assertRefused(String event) {
            Delivery delivery = delivery(event);
            assertThatThrownBy(delivery::commit).isInstanceOf(RecordRefusedException.class);
            delivery.outbox().clear();
        }

        void add(String event, String topic, String value) {
            delivery(event)
                    .outbox()
                    .add(new ProducerRecord<>(
                            topic(topic), event.charAt(0) - '0', event.getBytes(UTF_8), value.getBytes(UTF_8)));
        }

        Delivery delivery(String event) {
            return Objects.requireNonNull(events.get(event), event);
        }

        /** Both replies to each of these events, and none to another. */
        void assertReplies(String... events) {
            assertThat(read(topic("replies")))
                    .containsExactlyInAnyOrder(Stream.of(events)
                            .flatMap(event -> Stream.of(event, event + " too"))
                            .toArray(String[]::new));
        }

        /** The replies to these events and the changes of sessions that came with them, and none of others. */
        void assertPublished(String... events) {
            assertReplies(events);
            assertThat(read(topic("sessions"))).containsExactlyInAnyOrder(events);
        }

        long committed(int partition) throws InterruptedException {
            TopicPartition asked = new TopicPartition(topic("start"), partition);
            OffsetAndMetadata offset =
                    new CommittedOffsets(admin(), group).stable(Set.of(asked)).get(asked);
            return offset == null ? -1 : offset.offset();
        }

        @Override
        public void committed(int committedEvents, Duration took) {
            if (holdsBack) {
                holdsBack = false;
                try {
                    letGo.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void aborted(String reason) {
            refusals.addAndGet(reason.equals("rebalance") ? 1 : 0);
        }

        @Override
        public void dropped(int droppedEvents) {}

        @Override
        public void publishedAgain(int publishedEvents) {
            again.addAndGet(publishedEvents);
        }

        @Override
        public void offsetsDiffer() {}
    }

    @SuppressWarnings("unchecked")
    private static Producer<byte[], byte[]> withoutMetrics(Producer<byte[], byte[]> made) {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("metrics") ? Map.of() : method.invoke(made, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @BeforeAll
    static void commit_andLoseTheEndsOfTransactions() throws Exception {
        Path data = Files.createTempDirectory(Path.of("target"), "broker");
        Map<String, String> settings = new HashMap<>(Acls.BROKER);
        settings.put("offsets.topic.num.partitions", "" + OFFSETS_PARTITIONS);
        EmbeddedBroker broker = EmbeddedBroker.start(data, 0, settings);
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        admin = Admin.create(kafka);
        OPEN.add(admin);
        Set<Integer> places = new HashSet<>();
        for (String name : List.of(
                "committed",
                "refused",
                "smaller",
                "aborted",
                "given",
                "hidden",
                "fenced",
                "other",
                "nothing",
                "records",
                "offsets",
                UNNOTICED + "refused",
                UNNOTICED + "moved",
                UNNOTICED + "nothing",
                UNNOTICED + "offsets")) {
            Cut cut =
                    switch (name) {
                        case "records", UNNOTICED + "moved" -> Cut.RECORDS;
                        case "offsets", UNNOTICED + "offsets" -> Cut.OFFSETS;
                        default -> Cut.ALL;
                    };
            // The end of its transaction is to be the last in the log.
            String group = name;
            while (!places.add(offsetsPartition(group))) {
                group += "x";
            }
            VICTIMS.put(name, new Victim(group, cut, !name.startsWith(UNNOTICED)));
        }
        broker.close();
        for (Victim victim : VICTIMS.values()) {
            victim.cutMarkers(data);
        }
        OPEN.addFirst(EmbeddedBroker.start(data, broker.port(), settings));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable next : OPEN.reversed()) {
            next.close();
        }
    }

    @Test
    void nextTransactionIsCommitted() throws Exception {
        Victim victim = victim("committed");
        victim.letGo.countDown();

        victim.answerNext();
    }

    @Test
    void nextTransactionIsAborted_becauseARecordIsRefused() throws Exception {
        Victim victim = victim("refused");
        victim.letGo.countDown();
        victim.addRefused("0-2");
        victim.assertRefused("0-2");

        victim.answerNext();
    }

    /** Before the service knows of anything. */
    @Test
    void transactionIsAborted() throws Exception {
        Victim victim = victim("aborted");
        try (KafkaProducer<byte[], byte[]> same = Producers.with(victim.producerProperties())) {
            same.initTransactions();
            same.beginTransaction();
            for (String topic : List.of("replies", "sessions")) {
                same.send(new ProducerRecord<>(victim.topic(topic), 0, null, "never".getBytes(UTF_8)))
                        .get();
            }
            same.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(victim.topic("start"), 1), new OffsetAndMetadata(0)),
                    noMember(victim.group));
            same.abortTransaction();
        }
        victim.letGo.countDown();

        victim.answer("1-0");

        victim.assertPublished("0-0", "0-1", "1-0");
        assertThat(victim.committed(0)).isEqualTo(2);
        assertThat(victim.again).hasValue(1);
    }

    @Test
    void topicTakesLessThanBefore() throws Exception {
        Victim victim = victim("smaller");
        ConfigResource replies = new ConfigResource(ConfigResource.Type.TOPIC, victim.topic("replies"));
        limit(replies, "200");
        victim.letGo.countDown();
        victim.add("1-0", "sessions", "1-0");

        victim.delivery("1-0").commit();
        limit(replies, "" + LARGEST_REPLY);
        victim.answer("0-2");

        victim.assertReplies("0-0", "0-2");
        assertThat(read(victim.topic("sessions"))).containsExactlyInAnyOrder("0-0", "1-0", "0-2");
        assertThat(victim.again).hasValue(0);
    }

    private static void limit(ConfigResource topic, String bytes) throws Exception {
        Topics.configure(admin(), topic.name(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, bytes);
    }

    /** Its offset is not committed: whoever gets the partition runs the event again. */
    @Test
    void partitionIsGivenAway() throws Exception {
        Victim victim = victim("given");
        victim.consumer.close();
        victim.letGo.countDown();

        victim.consumer = victim.newConsumer();
        victim.take(3);
        for (String event : List.of("0-1", "0-2", "1-0")) {
            victim.answer(event);
        }

        victim.assertReplies("0-0", "0-1", "0-2", "1-0");
        assertThat(victim.committed(0)).isEqualTo(3);
        assertThat(victim.again).hasValue(0);
    }

    @Test
    void repliesMayNotBeRead() throws Exception {
        Victim victim = victim("hidden");
        List<AclBinding> rules = List.of(
                rule(victim.topic("replies"), AclOperation.ALL, AclPermissionType.ALLOW),
                rule(victim.topic("replies"), AclOperation.READ, AclPermissionType.DENY));
        AclBindingFilter ofTopic =
                new AclBindingFilter(rules.getFirst().pattern().toFilter(), AccessControlEntryFilter.ANY);
        admin().createAcls(rules).all().get();
        await().atMost(PATIENCE)
                .until(() -> admin().describeAcls(ofTopic).values().get().size() == 2);
        victim.letGo.countDown();

        victim.answer("0-2");

        admin().deleteAcls(List.of(ofTopic)).all().get();
        await().atMost(PATIENCE)
                .until(() -> admin().describeAcls(ofTopic).values().get().isEmpty());
        victim.assertPublished("0-0", "0-1", "0-2");
        assertThat(victim.committed(0)).isEqualTo(3);
    }

    private static AclBinding rule(String topic, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }

    @SuppressWarnings("removal") // as in TransactionalProducers
    private static ConsumerGroupMetadata noMember(String group) {
        return new ConsumerGroupMetadata(group);
    }

    @Test
    void producerIsReplaced() throws Exception {
        Victim victim = victim("fenced");
        try (KafkaProducer<byte[], byte[]> other = Producers.with(victim.producerProperties())) {
            other.initTransactions();
        }
        victim.letGo.countDown();

        victim.answerNext();
    }

    @Test
    void nextTransactionHasToDoWithOtherPartitions() throws Exception {
        Victim victim = victim("other");
        victim.letGo.countDown();

        victim.answer("1-0");

        victim.assertPublished("0-0", "0-1", "1-0");
        assertThat(victim.committed(0)).isEqualTo(2);
        assertThat(victim.committed(1)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", UNNOTICED + "nothing"})
    void nothingComesAfterIt(String name) throws Exception {
        Victim victim = victim(name);
        victim.letGo.countDown();

        await().atMost(PATIENCE).until(() -> victim.committed(0) == 2);

        victim.assertPublished("0-0", "0-1");
    }

    @Test
    void offsetsAreCommitted_andRecordsAreNot() throws Exception {
        Victim victim = victim("records");
        victim.consumer.close();
        victim.letGo.countDown();
        await().atMost(PATIENCE).until(() -> victim.again.get() == 1);

        victim.assertPublished("0-0", "0-1");
        assertThat(victim.committed(0)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"offsets", UNNOTICED + "offsets"})
    void recordsAreCommitted_andOffsetsAreNot(String name) throws Exception {
        Victim victim = victim(name);
        victim.letGo.countDown();

        await().atMost(PATIENCE).until(() -> victim.committed(0) == 2);
        victim.answer("1-0");

        victim.assertReplies("0-0", "0-1", "1-0");
        assertThat(victim.committed(0)).isEqualTo(2);
    }

    @Test
    void noConnectionIsLost_andNextTransactionIsAborted_becauseARecordIsRefused() throws Exception {
        Victim victim = victim(UNNOTICED + "refused");
        victim.addRefused("0-2");
        Thread.startVirtualThread(victim.letGo::countDown);
        victim.assertRefused("0-2");

        victim.answerNext();
    }

    /** As after a broker that was paused: its clients have waited, the group has gone on without them. */
    @Test
    void noConnectionIsLost_andNextTransactionIsAborted_becauseTheGroupHasMovedOn() throws Exception {
        Victim victim = victim(UNNOTICED + "moved");
        admin().removeMembersFromConsumerGroup(victim.group, new RemoveMembersFromConsumerGroupOptions())
                .all()
                .get();
        CompletableFuture<@Nullable Throwable> late = CompletableFuture.supplyAsync(
                () -> catchThrowable(() -> victim.answer("0-2")), Thread::startVirtualThread);
        victim.letGo.countDown();
        await().atMost(PATIENCE).until(() -> victim.refusals.get() > 0);

        victim.take(2);
        victim.answer("0-2");
        victim.answer("1-0");

        assertThat(late.join()).isInstanceOf(DeliveryRevokedException.class);
        assertThat(victim.again).hasValue(1);
        victim.assertPublished("0-0", "0-1", "0-2", "1-0");
        assertThat(victim.committed(0)).isEqualTo(3);
    }

    private static Victim victim(String name) {
        return Objects.requireNonNull(VICTIMS.get(name), name);
    }

    private static Admin admin() {
        return Objects.requireNonNull(admin);
    }

    private static int offsetsPartition(String group) {
        return Utils.abs(group.hashCode()) % OFFSETS_PARTITIONS;
    }

    private static List<String> read(String topic) {
        try (TopicReader reader = new TopicReader(String.valueOf(kafka.get("bootstrap.servers")), topic)) {
            return reader.all().stream()
                    .map(next -> new String(next.value(), UTF_8).strip())
                    .toList();
        }
    }
}
