package dev.serai.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.Producers;
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
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Consumer, ledger and committer together on a real broker; the test stands where the routes do. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@BesideOthers
@Order(BesideOthers.LONG)
class CommitterTest {
    private static final int LARGEST_REPLY = 2_000;
    private static final int ROOM = 20;

    /** Of which the only partition gets two thirds. */
    private static final int ROOM_FOR_ALL = 30;

    private static final int MOST_POLLED = 7;

    private final String suffix = UUID.randomUUID().toString();
    private final String start = "start-" + suffix;
    private final String replies = "replies-" + suffix;
    private final String group = "group-" + suffix;
    private final Map<String, Object> kafka = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
    private final AtomicInteger restored = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private final AtomicInteger differing = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicLong deletedUnread = new AtomicLong();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> aborted = new CopyOnWriteArrayList<>();
    private final List<Integer> transactionSizes = new CopyOnWriteArrayList<>();
    private final Map<String, Object> producing = new HashMap<>();
    private final AtomicInteger producersMade = new AtomicInteger();
    private volatile @Nullable Throwable failOffsets;
    /** So often what is asked about topics gets no answer. */
    private final AtomicInteger silentLooks = new AtomicInteger();
    /** Of which the producer waits in vain for the partition of records that say {@code stuck}. */
    private volatile boolean stuck;

    private final AtomicInteger stuckTries = new AtomicInteger();
    private final Clock clock = Clock.systemUTC();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Admin admin;
    private KafkaProducer<byte[], byte[]> publisher;

    /** One process: what it owns, its committer and its consumer. */
    private final class Replica {
        private final Assignments assignments = new Assignments(ROOM_FOR_ALL, Long.MAX_VALUE);
        private final Committer committer;
        private final IntakeState intake = new IntakeState();
        private final Arrivals arrivals;
        private final StartEventClients clients;
        private final Properties properties;
        private Consumer<byte[], byte[]> consumer;

        Replica(String instance) {
            this(instance, Map.of());
        }

        Replica(String instance, Map<String, String> further) {
            committer = committer(assignments, instance);
            committer.start();
            PartitionState state = new Counting();
            arrivals = new Arrivals(new CommittedOffsets(admin, group), state);
            open.add(arrivals);
            properties = SampleReads.consumer(kafka, group);
            properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "" + MOST_POLLED);
            properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            properties.putAll(further);
            clients = new StartEventClients(new StartEventClients.Parts(
                    SampleReads.of(start, group),
                    assignments,
                    committer,
                    state,
                    PartitionShare.NONE,
                    arrivals,
                    new LogRanges(admin),
                    intake,
                    new CountingCuts(),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1)));
            consumer = newConsumer();
        }

        private Consumer<byte[], byte[]> newConsumer() {
            Consumer<byte[], byte[]> made = clients.getConsumer(properties);
            open.add(made);
            made.subscribe(Set.of(start));
            return made;
        }

        /** The next records that are to be run: exactly so many. */
        List<Delivery> take(int count) {
            List<Delivery> taken = takeAtLeast(count);
            assertThat(taken).hasSize(count);
            return taken;
        }

        List<Delivery> takeAtLeast(int count) {
            List<Delivery> taken = new ArrayList<>();
            while (taken.size() < count) {
                taken.addAll(poll());
            }
            return taken;
        }

        /** Those that one poll brings, begun. */
        List<Delivery> poll() {
            List<Delivery> taken = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> next : consumer.poll(Duration.ofMillis(50))) {
                Delivery delivery =
                        assignments.delivery(new TopicPartition(next.topic(), next.partition()), next.offset());
                assertThat(delivery.begin()).isTrue();
                taken.add(delivery);
            }
            return taken;
        }
    }

    private final class Counting implements PartitionState {
        @Override
        public void restore(Set<Integer> partitions, IntConsumer ready) {
            restored.addAndGet(partitions.size());
            partitions.forEach(ready::accept);
        }

        @Override
        public void drop(Set<Integer> partitions) {
            restored.addAndGet(-partitions.size());
        }
    }

    private final class CountingCuts implements IntakeListener {
        @Override
        public void logCut() {
            cuts.incrementAndGet();
        }

        @Override
        public void deletedUnread(long offsets) {
            deletedUnread.addAndGet(offsets);
        }
    }

    private Committer committer(Assignments assignments, String instance) {
        OutgoingTopics topics = new OutgoingTopics(silentAtTimes());
        Committer committer = new Committer(
                assignments,
                new Transactions(
                        new TransactionalProducers(
                                TransactionalProducers.properties(kafka, group + "-" + instance),
                                group,
                                start,
                                admin,
                                List.of(replies),
                                properties -> {
                                    producersMade.incrementAndGet();
                                    properties.putAll(producing);
                                    return watched(TransactionalProducers.ofKafka(properties));
                                }),
                        new CommittedOffsets(admin, group),
                        topics,
                        new Visibility(kafka, topics)),
                topics,
                new CountingDropped(),
                clock);
        open.add(committer);
        return committer;
    }

    @BeforeEach
    void start() throws Exception {
        admin = Admin.create(kafka);
        open.add(admin);
        Topics.create(
                admin,
                List.of(
                        new NewTopic(start, 1, (short) 1),
                        new NewTopic(replies, Optional.of(1), Optional.empty())
                                .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + LARGEST_REPLY))));
        publisher = Producers.with(kafka);
        open.add(publisher);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable next : open.reversed()) {
            next.close();
        }
    }

    @Test
    void commit_publishesWhatWasSent_andCompletesTheOffset() throws Exception {
        publish(3);
        Replica replica = new Replica("a");
        List<Delivery> events = replica.take(3);

        answer(events.get(0), "0");
        answer(events.get(2), "2");

        assertThat(replies()).containsExactlyInAnyOrder("0", "2");
        assertThat(committed().offset()).isEqualTo(1);
        assertThat(replica.assignments.held()).isEqualTo(1);

        answer(events.get(1), "1");
        assertThat(committed().offset()).isEqualTo(3);
        assertThat(committed().metadata()).isEmpty();
    }

    @Test
    void completeAboveAGap_isNotTakenAgainByTheNextOwner() throws Exception {
        publish(3);
        Replica first = new Replica("a");
        List<Delivery> events = first.take(3);
        answer(events.get(0), "0");
        answer(events.get(2), "2");
        first.consumer.close();
        assertThat(restored).hasValue(0);

        List<Delivery> again = new Replica("b").take(1);

        assertThat(again).extracting(Delivery::offset).containsExactly(1L);
        assertThat(restored).hasValue(1);
    }

    @Test
    void recordTooLarge_isRefused_andEverythingElseIsCommitted() throws Exception {
        List<Delivery> events = published(3);

        // Not tiny: a client of Kafka 4.3 splits a batch of a tiny record and one too large into the same batch for
        // ever.
        String fits = "small".repeat(40);
        CompletableFuture<Void> small = answering(events.get(0), fits);
        Throwable refusal = catchThrowable(() -> answer(events.get(1), "x".repeat(2 * LARGEST_REPLY)));
        answer(events.get(2), fits);
        small.join();

        assertThat(refusal).isInstanceOf(RecordRefusedException.class).hasMessageContaining(replies);
        assertThat(replies()).containsExactly(fits, fits);
        assertThat(committed().offset()).isEqualTo(1);

        events.get(1).outbox().clear();
        answer(events.get(1), "instead");
        assertThat(committed().offset()).isEqualTo(3);
    }

    @Test
    void topicThatIsNotThere_refusesItsRecordAtOnce_andOthersAreCommitted() throws Exception {
        List<Delivery> events = published(2);
        events.get(0).outbox().add(new ProducerRecord<>("nowhere-" + suffix, "x".getBytes(UTF_8)));

        long begun = System.nanoTime();
        Throwable refusal = catchThrowable(events.get(0)::commit);
        answer(events.get(1), "1");

        assertThat(refusal).isInstanceOf(RecordRefusedException.class).hasMessageContaining("nowhere-" + suffix);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(replies()).containsExactly("1");
    }

    @Test
    void partitionThatIsNotThere_isTheEventsFailure_alsoWhenKafkaDidNotSaySo_andOthersAreCommitted() throws Exception {
        publish(2);
        List<Delivery> events = new Replica("a").take(2);
        events.get(0).outbox().add(new ProducerRecord<>(replies, 12, null, "never".getBytes(UTF_8)));
        silentLooks.set(1);

        CompletableFuture<Void> other = CompletableFuture.runAsync(
                () -> {
                    await().until(() -> silentLooks.get() == 0);
                    answer(events.get(1), "1");
                },
                Thread::startVirtualThread);
        Throwable refusal = catchThrowable(events.get(0)::commit);
        other.join();

        assertThat(refusal)
                .isInstanceOfSatisfying(
                        RecordRefusedException.class,
                        refused -> assertThat(refused.isWithoutPartition()).isTrue())
                .hasMessageContaining("partition 12 was asked for, and it has 1");
        assertThat(replies()).containsExactly("1");
    }

    /** As when one partition has no leader. */
    @Test
    void eventWhoseRecordIsNotTaken_stopsNoOthers_andIsCommittedOnceItIs() throws Exception {
        producing.put("max.block.ms", 2_000);
        publish(4);
        Replica replica = new Replica("a");
        List<Delivery> events = replica.take(4);
        stuck = true;
        CompletableFuture<Void> held =
                CompletableFuture.runAsync(() -> answer(events.get(0), "stuck"), Thread::startVirtualThread);
        await().until(() -> stuckTries.get() == 1);

        answer(events.get(1), "1");
        await().until(() -> stuckTries.get() == 2);
        assertThat(replica.committer.stalledFor(Duration.ZERO))
                .as("others get through")
                .isEmpty();
        answer(events.get(2), "2");
        assertThat(replica.committer.stalledFor(Duration.ZERO)).isEmpty();
        answer(events.get(3), "3");
        assertThat(held).isNotDone();
        assertThat(committed().offset()).isZero();

        stuck = false;
        held.join();
        assertThat(replies()).containsExactly("1", "2", "3", "stuck");
        assertThat(committed().offset()).isEqualTo(4);
        assertThat(differing).hasValue(0);
    }

    @Test
    void topicThatIsDeletedMeanwhile_refusesItsRecords_andOthersAreCommitted() throws Exception {
        String doomed = created("doomed", Map.of());
        List<Delivery> events = published(4);
        events.get(0).outbox().add(new ProducerRecord<>(doomed, "x".getBytes(UTF_8)));
        events.get(0).commit();
        Topics.delete(admin, doomed);

        events.get(1).outbox().add(new ProducerRecord<>(doomed, "x".getBytes(UTF_8)));
        long begun = System.nanoTime();
        CompletableFuture<Void> other = answering(events.get(2), "2");
        Throwable refusal = catchThrowable(events.get(1)::commit);
        other.join();
        answer(events.get(3), "3");

        assertThat(refusal).isInstanceOf(RecordRefusedException.class).hasMessageContaining(doomed);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("the producer's own time limit is 8 s")
                .isLessThan(Duration.ofSeconds(6));
        assertThat(replies()).containsExactlyInAnyOrder("2", "3");
    }

    @Test
    void timestampThatTheTopicDoesNotTake_isTheRecordsFailure_andOthersAreCommitted() throws Exception {
        String strict = created("strict", Map.of(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, "1000"));
        List<Delivery> events = published(2);
        long tomorrow = System.currentTimeMillis() + 86_400_000;
        events.get(0).outbox().add(new ProducerRecord<>(strict, null, tomorrow, null, "x".getBytes(UTF_8)));
        events.get(0).outbox().add(new ProducerRecord<>(replies, "never".getBytes(UTF_8)));

        CompletableFuture<Void> other = answering(events.get(1), "1");
        Throwable refusal = catchThrowable(events.get(0)::commit);
        other.join();

        assertThat(refusal)
                .isInstanceOfSatisfying(RecordRefusedException.class, refused -> assertThat(refused.isOutOfTime())
                        .isTrue());
        assertThat(replies()).containsExactly("1");
        events.get(0).outbox().forgetTimestamps(strict);
        events.get(0).commit();
        assertThat(replies()).containsExactly("1", "never");
    }

    @Test
    void eventsOfManyMegabytes_areCommittedInTransactionsThatGetThrough() throws Exception {
        String large = created("large", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "4000000"));
        publish(ROOM);
        Replica replica = new Replica("a");
        List<Delivery> events = replica.takeAtLeast(ROOM);
        byte[] value = new byte[3 << 20];

        List<CompletableFuture<Void>> commits = events.stream()
                .map(event -> CompletableFuture.runAsync(
                        () -> {
                            event.outbox().add(new ProducerRecord<>(large, value));
                            event.commit();
                        },
                        Thread::startVirtualThread))
                .toList();
        commits.forEach(CompletableFuture::join);

        assertThat(committed().offset()).isEqualTo(events.size());
        assertThat(transactionSizes).allMatch(size -> size <= 6);
    }

    @Test
    void whatMustNotBePublishedAnyMore_isNot() throws Exception {
        List<Delivery> events = published(2);
        events.get(0).outbox().add(new ProducerRecord<>(replies, "late".getBytes(UTF_8)));

        assertThatThrownBy(() -> events.get(0).commit(clock.instant())).isInstanceOf(CommitTooLateException.class);
        answer(events.get(1), "1");

        assertThat(replies()).containsExactly("1");
    }

    /** The broker would take the offsets without looking at whose partitions they are of. */
    @Test
    void withoutAGenerationOfTheGroup_nothingIsCommitted_untilThereIsOneAgain() throws Exception {
        publish(1);
        Replica replica = new Replica("a");
        Delivery event = replica.take(1).getFirst();
        ConsumerGroupMetadata member = replica.consumer.groupMetadata();
        replica.assignments.membership().is(noMember());

        CompletableFuture<Void> answered = answering(event, "0");
        await().until(() -> aborted.contains("rebalance"));
        assertThat(answered).isNotDone();
        assertThat(calls).doesNotContain("offsets 1");

        replica.assignments.membership().is(member);
        answered.join();
        assertThat(replies()).containsExactly("0");
        assertThat(committed().offset()).isEqualTo(1);
    }

    @Test
    void recordThatIsNotTaken_isFoundBeforeTheOffsetsAreGivenToTheTransaction() throws Exception {
        List<Delivery> events = published(2);

        assertThatThrownBy(() -> answer(events.get(0), "x".repeat(2 * LARGEST_REPLY)))
                .isInstanceOf(RecordRefusedException.class);

        assertThat(calls).as("of the first transaction").doesNotContain("offsets 1", "offsets 2");
        answer(events.get(1), "1");
        assertThat(producersMade).hasValue(1);
    }

    @Test
    void failureAfterTheOffsetsWereGiven_endsTheProducer_andNothingIsLostOrRepeated() throws Exception {
        List<Delivery> events = published(3);
        answer(events.get(0), "0");

        failOffsets = new IllegalStateException("a defect of the client");
        answer(events.get(1), "1");
        failOffsets = new NoClassDefFoundError("an error");
        answer(events.get(2), "2");

        assertThat(producersMade).hasValue(3);
        assertThat(replies()).containsExactly("0", "1", "2");
        assertThat(committed().offset()).isEqualTo(3);
        assertThat(differing).hasValue(0);
    }

    @Test
    void leftoverOfAnEarlierProcess_isEndedByTheStart() throws Exception {
        publish(1);
        Map<String, Object> left = TransactionalProducers.properties(kafka, group + "-a");
        // Longer than this test takes.
        left.put("transaction.timeout.ms", 120_000);
        KafkaProducer<byte[], byte[]> killed = Producers.with(left);
        killed.initTransactions();
        killed.beginTransaction();
        killed.sendOffsetsToTransaction(Map.of(new TopicPartition(start, 0), new OffsetAndMetadata(1)), noMember());
        killed.close(Duration.ZERO);
        assertThat(new CommittedOffsets(admin, group).stable(Set.of(new TopicPartition(start, 0))))
                .as("left out, because it is not decided")
                .isEmpty();

        assertThat(new Replica("a").take(1)).hasSize(1);
    }

    @Test
    void transactionThatIsOpenOnAPartition_isFoundByItsId() throws Exception {
        String id = group + "-a";
        Leftovers leftovers = new Leftovers(admin, id, group, start, List.of(start, replies, "nowhere-" + suffix));
        try (KafkaProducer<byte[], byte[]> open = Producers.with(TransactionalProducers.properties(kafka, id))) {
            open.initTransactions();
            assertThat(leftovers.open(Set.of())).isEmpty();
            open.beginTransaction();
            open.send(new ProducerRecord<>(replies, "x".getBytes(UTF_8))).get();

            assertThat(leftovers.open(Set.of())).containsExactly(new TopicPartition(replies, 0));
            assertThat(new Leftovers(admin, "another", group, start, List.of(replies)).open(Set.of()))
                    .isEmpty();
            open.abortTransaction();
        }
    }

    @Test
    void consumerWhoseMembershipIsRefused_andWhoseHeartbeatsHaveEnded_isFollowedByOneThatReads() throws Exception {
        publish(2);
        Replica replica = new Replica("a", Map.of(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "40000"));
        answer(replica.take(2).getFirst(), "0");
        ConsumerGroupMetadata membership = replica.consumer.groupMetadata();
        while (replica.assignments.membership().refusedFor().isZero()) {
            replica.assignments.membership().refused(membership);
        }
        assertThatThrownBy(() -> {
                    while (true) {
                        replica.poll();
                    }
                })
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("refused this consumer's membership");

        replica.consumer.close();
        assertThat(replica.assignments.membership().refusedFor()).isZero();
        replica.consumer = replica.newConsumer();
        answer(replica.take(1).getFirst(), "1");

        assertThat(replies()).containsExactly("0", "1");
    }

    @Test
    void markersOfPublishersTransactions_areNoLag() throws Exception {
        Map<String, Object> transactional = new HashMap<>(kafka);
        transactional.put("transactional.id", "publisher-" + suffix);
        Replica replica = new Replica("a");
        try (KafkaProducer<byte[], byte[]> publishing = Producers.with(transactional)) {
            publishing.initTransactions();
            publishing.beginTransaction();
            var sent = publishing.send(new ProducerRecord<>(start, "event".getBytes(UTF_8)));
            publishing.commitTransaction();
            assertThat(sent).isDone();
        }

        answer(replica.take(1).getFirst(), "0");
        while (committed().offset() < 2) {
            replica.poll();
        }

        assertThat(committed().offset()).as("event and marker").isEqualTo(2);
        assertThat(replies()).containsExactly("0");
    }

    @Test
    void eventsDeletedBeforeTheyWereRead_areCounted_andReadingGoesOn() throws Exception {
        publish(10);
        Replica first = new Replica("a");
        answer(first.take(MOST_POLLED).getFirst(), "0");
        first.consumer.close();
        admin.deleteRecords(Map.of(new TopicPartition(start, 0), RecordsToDelete.beforeOffset(8)))
                .all()
                .get();

        List<Delivery> left = new Replica("b").take(2);

        assertThat(left).extracting(Delivery::offset).containsExactly(8L, 9L);
        assertThat(deletedUnread).hasValue(7);
        left.forEach(event -> answer(event, "late"));
        assertThat(committed().offset()).isEqualTo(10);
    }

    @Test
    void committedOffsetBeyondTheEnd_hasThePartitionReadAnew() throws Exception {
        publish(3);
        admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(start, 0), new OffsetAndMetadata(1_000)))
                .all()
                .get();

        List<Delivery> events = new Replica("a").take(3);

        assertThat(events).extracting(Delivery::offset).containsExactly(0L, 1L, 2L);
        assertThat(cuts).hasValue(1);
        events.forEach(event -> answer(event, "again"));
        assertThat(committed().offset()).isEqualTo(3);
    }

    @Test
    void recordsTooLargeTogether_areCommitted() throws Exception {
        List<Delivery> events = published(12);
        String half = "x".repeat(LARGEST_REPLY * 2 / 3);

        List<CompletableFuture<Void>> answers =
                events.stream().map(event -> answering(event, half)).toList();
        answers.forEach(CompletableFuture::join);

        assertThat(replies()).hasSize(12);
        assertThat(committed().offset()).isEqualTo(12);
    }

    @Test
    void eventOfAPartitionThatIsGone_isDropped_andNothingOfItIsPublished() throws Exception {
        publish(1);
        Replica replica = new Replica("a");
        Delivery event = replica.take(1).getFirst();

        replica.consumer.close();

        assertThat(event.isRevoked()).isTrue();
        assertThatThrownBy(() -> answer(event, "late")).isInstanceOf(DeliveryRevokedException.class);
        assertThat(replies()).isEmpty();
        assertThat(dropped).hasValue(1);
    }

    @Test
    void anotherProcessOfTheSameName_takesNothingAway() throws Exception {
        publish(2);
        Replica replica = new Replica("same");
        List<Delivery> events = replica.take(2);
        answer(events.get(0), "0");

        committer(new Assignments(1, Long.MAX_VALUE), "same").start();

        answer(events.get(1), "1");
        assertThat(replies()).containsExactlyInAnyOrder("0", "1");
        assertThat(committed().offset()).isEqualTo(2);
    }

    @Test
    void rebalance_losesAndRepeatsNothing() throws Exception {
        publish(2);
        Replica staying = new Replica("staying");
        List<Delivery> events = staying.take(2);
        answer(events.get(0), "0");

        Replica coming = new Replica("coming");
        CompletableFuture<Void> answered = new CompletableFuture<>();
        List<CompletableFuture<Void>> answers = new ArrayList<>(List.of(answered));
        while (committed().offset() < 2 || !answers.stream().allMatch(CompletableFuture::isDone)) {
            // If the partition is taken away, whoever has it then runs the event. On other threads: a commit may have
            // to
            // wait for the polls to bring the group's next generation.
            for (Replica replica : List.of(staying, coming)) {
                replica.poll().forEach(event -> answers.add(CompletableFuture.runAsync(() -> answer(event, "1"))));
            }
            if (coming.consumer.groupMetadata().generationId() > 0 && answered.complete(null)) {
                answers.set(0, CompletableFuture.runAsync(() -> answer(events.get(1), "1")));
            }
        }
        assertThat(answers.stream().filter(done -> !done.isCompletedExceptionally()))
                .as("answered by one of them")
                .hasSize(1);
        assertThat(replies()).containsExactlyInAnyOrder("0", "1");
        assertThat(committed().offset()).isEqualTo(2);
    }

    @Test
    void noRoom_stopsReading_untilEventsEnd() throws Exception {
        publish(2 * ROOM);
        Replica replica = new Replica("a");
        List<Delivery> held = replica.takeAtLeast(ROOM);

        assertThat(held.size()).as("one poll more at most").isLessThan(ROOM + MOST_POLLED);
        assertThat(replica.consumer.poll(Duration.ofMillis(200))).isEmpty();

        held.forEach(event -> answer(event, "done"));
        assertThat(replica.take(2 * ROOM - held.size())).hasSizeLessThanOrEqualTo(ROOM);
    }

    /** One that finds no broker answers nothing about topics. */
    private Admin silentAtTimes() {
        Admin silent = Admin.create(Map.of("bootstrap.servers", "localhost:1"));
        open.add(silent);
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    boolean isSilent = method.getName().equals("describeTopics")
                            && silentLooks.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
                    return method.invoke(isSilent ? silent : admin, arguments);
                });
    }

    @SuppressWarnings("unchecked") // it is one of them
    private Producer<byte[], byte[]> watched(Producer<byte[], byte[]> producer) {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sendOffsetsToTransaction")
                            && arguments[1] instanceof ConsumerGroupMetadata membership
                            && membership.generationId() >= 0) {
                        Map<TopicPartition, OffsetAndMetadata> offsets =
                                (Map<TopicPartition, OffsetAndMetadata>) arguments[0];
                        offsets.values().forEach(offset -> calls.add("offsets " + offset.offset()));
                        Throwable failure = failOffsets;
                        failOffsets = null;
                        if (failure != null) {
                            throw failure;
                        }
                    }
                    if (method.getName().equals("send")
                            && arguments[0] instanceof ProducerRecord<?, ?> outgoing
                            && stuck
                            && new String((byte[]) outgoing.value(), UTF_8).equals("stuck")) {
                        stuckTries.incrementAndGet();
                        arguments[0] = new ProducerRecord<>(outgoing.topic(), 99, outgoing.key(), outgoing.value());
                    }
                    try {
                        return method.invoke(producer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @SuppressWarnings("removal") // as in Transactions
    private ConsumerGroupMetadata noMember() {
        return new ConsumerGroupMetadata(group);
    }

    private final class CountingDropped implements TransactionListener {
        @Override
        public void committed(int events, Duration took) {
            transactionSizes.add(events);
        }

        @Override
        public void aborted(String reason) {
            aborted.add(reason);
        }

        @Override
        public void dropped(int events) {
            dropped.addAndGet(events);
        }

        @Override
        public void publishedAgain(int events) {
            assertThat(events).isZero();
        }

        @Override
        public void offsetsDiffer() {
            differing.incrementAndGet();
        }
    }

    private String created(String name, Map<String, String> configs) throws Exception {
        String topic = name + "-" + suffix;
        Topics.create(admin, List.of(new NewTopic(topic, 1, (short) 1).configs(configs)));
        return topic;
    }

    /** So many events, taken by one replica. */
    private List<Delivery> published(int events) throws Exception {
        publish(events);
        return new Replica("a").take(events);
    }

    private void publish(int events) throws Exception {
        for (int i = 0; i < events; i++) {
            publisher
                    .send(new ProducerRecord<>(start, ("event " + i).getBytes(UTF_8)))
                    .get();
        }
    }

    /** On a thread of its own. */
    private CompletableFuture<Void> answering(Delivery event, String reply) {
        return CompletableFuture.runAsync(() -> answer(event, reply), Thread::startVirtualThread);
    }

    private void answer(Delivery event, String reply) {
        event.outbox().add(new ProducerRecord<>(replies, reply.getBytes(UTF_8)));
        event.commit();
        event.end();
    }

    private List<String> replies() {
        try (TopicReader reader = new TopicReader(SharedBroker.bootstrapServers(), replies)) {
            return reader.all().stream()
                    .map(reply -> new String(reply.value(), UTF_8))
                    .toList();
        }
    }

    /** As of when it is decided: an offset in a transaction that is not is left out of the answer. */
    private OffsetAndMetadata committed() throws Exception {
        TopicPartition partition = new TopicPartition(start, 0);
        while (true) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(
                            group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata()
                    .get();
            OffsetAndMetadata committed = offsets.get(partition);
            if (committed != null) {
                return committed;
            }
        }
    }
}
