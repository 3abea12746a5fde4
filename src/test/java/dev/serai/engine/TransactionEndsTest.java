package dev.serai.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@BesideOthers
class TransactionEndsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String suffix = UUID.randomUUID().toString();
    private final Map<String, Object> kafka = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
    private final TopicPartition replies = new TopicPartition("replies-" + suffix, 0);
    private final TopicPartition start = new TopicPartition("start-" + suffix, 0);
    private final List<AutoCloseable> open = new ArrayList<>();
    private KafkaProducer<byte[], byte[]> own;
    private TransactionEnds ends;

    @BeforeEach
    void start() throws Exception {
        Admin admin = Admin.create(kafka);
        open.add(admin);
        Topics.create(
                admin, List.of(new NewTopic(replies.topic(), 1, (short) 1), new NewTopic(start.topic(), 1, (short) 1)));
        own = producer("own");
        ends = new TransactionEnds(admin, "own-" + suffix, new CommittedOffsets(admin, "group-" + suffix));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable next : open.reversed()) {
            next.close();
        }
    }

    @Test
    void ends_areThere_onceATransactionIsCommitted() throws Exception {
        own.beginTransaction();
        long offset = send(own);
        giveOffset(own);
        own.commitTransaction();

        awaitEnds(offset);
    }

    @Test
    void ends_areMissing_whereATransactionIsOpen_forRecordsAndOffsets() throws Exception {
        own.beginTransaction();
        long offset = send(own);
        giveOffset(own);

        TransactionEnds.Missing missing = missing(offset);

        assertThat(missing.open()).containsExactly(replies);
        assertThat(missing.unsettled()).containsExactly(start);
        assertThat(missing.unknown()).isEmpty();
        own.abortTransaction();
    }

    @Test
    void ends_areThere_belowATransactionThatBeganLater() throws Exception {
        own.beginTransaction();
        long offset = send(own);
        own.commitTransaction();
        own.beginTransaction();
        send(own);

        awaitEnds(offset);
        own.abortTransaction();
    }

    @Test
    void ends_areThere_behindAnOpenTransactionOfAnotherProcess() throws Exception {
        KafkaProducer<byte[], byte[]> other = producer("other");
        other.beginTransaction();
        send(other);
        own.beginTransaction();
        long offset = send(own);
        own.commitTransaction();

        awaitEnds(offset);
        other.abortTransaction();
    }

    /** The coordinator does so, too, at the time limit of a transaction: with what an earlier one has left open. */
    @Test
    void ends_areMissing_onceALaterTransactionIsAborted() throws Exception {
        own.beginTransaction();
        long offset = send(own);
        own.commitTransaction();
        own.beginTransaction();
        send(own);
        own.abortTransaction();

        assertThat(missing(offset).open()).containsExactlyInAnyOrder(replies, start);
    }

    /** It has aborted whatever was open. */
    @Test
    void ends_areMissing_onceAnotherProducerHasTakenTheId() throws Exception {
        own.beginTransaction();
        long offset = send(own);
        own.commitTransaction();
        awaitEnds(offset);

        producer("own");

        assertThat(missing(offset).open()).containsExactlyInAnyOrder(replies, start);
    }

    @Test
    void ends_areNotKnown_ofATopicThatIsNotThere() throws Exception {
        own.beginTransaction();
        send(own);
        own.commitTransaction();
        TopicPartition nowhere = new TopicPartition("nowhere-" + suffix, 0);

        TransactionEnds.Missing missing =
                ends.missing(new TransactionEnds.Written(Map.of(nowhere, 0L), Set.of()), Duration.ofMillis(500));

        assertThat(missing.open()).isEmpty();
        assertThat(missing.unknown()).containsExactly(nowhere);
    }

    /** A commit is confirmed when it is decided; the brokers write the ends afterwards. */
    private void awaitEnds(long offset) {
        await("the ends of a committed transaction")
                .atMost(Duration.ofSeconds(20))
                .until(() -> missing(offset).isNone());
    }

    private TransactionEnds.Missing missing(long offset) throws InterruptedException {
        return ends.missing(new TransactionEnds.Written(Map.of(replies, offset), Set.of(start)), PATIENCE);
    }

    private KafkaProducer<byte[], byte[]> producer(String name) {
        KafkaProducer<byte[], byte[]> made =
                Producers.with(TransactionalProducers.properties(kafka, name + "-" + suffix));
        open.add(made);
        made.initTransactions();
        return made;
    }

    private long send(KafkaProducer<byte[], byte[]> producer) throws Exception {
        return producer.send(new ProducerRecord<>(replies.topic(), 0, null, "x".getBytes(UTF_8)))
                .get()
                .offset();
    }

    @SuppressWarnings("removal") // as in TransactionalProducers
    private void giveOffset(KafkaProducer<byte[], byte[]> producer) {
        producer.sendOffsetsToTransaction(
                Map.of(start, new OffsetAndMetadata(1)), new ConsumerGroupMetadata("group-" + suffix));
    }
}
