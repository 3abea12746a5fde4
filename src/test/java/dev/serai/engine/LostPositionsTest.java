package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.engine.ledger.PartitionLedger;
import dev.serai.testing.IdleCommitter;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * On a log of ten records: where reading goes on when the client has said that its position is none of the log's, and the log
 * has grown beyond it before anybody looked.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LostPositionsTest {
    private static final int RECORDS = 10;
    private static final int EPOCH = 3;

    private final TopicPartition partition = new TopicPartition("start-" + UUID.randomUUID(), 0);
    private final Assignments assignments = new Assignments(100, Long.MAX_VALUE);
    private final List<OffsetAndMetadata> goneOn = new ArrayList<>();
    private int held;
    private int cuts;
    private long deletedUnread;
    private Admin admin;
    private LogRanges logs;
    private LostPositions positions;

    @BeforeEach
    void publish() throws Exception {
        Map<String, Object> kafka = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
        SharedBroker.createTopic(partition.topic());
        try (KafkaProducer<byte[], byte[]> producer = Producers.with(kafka)) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(partition.topic(), new byte[1]))
                        .get();
            }
        }
        admin = Admin.create(kafka);
        logs = new LogRanges(admin);
        positions = new LostPositions(assignments.progress(), logs, new Counting(), new Recording());
    }

    @AfterEach
    void close() {
        logs.close();
        admin.close();
    }

    @Test
    void positionWhoseEpochIsKnown_isLeftToTheClient_whichFindsWhereTheLogsPart() {
        read(0, 7);

        positions.outOfRange(new OffsetOutOfRangeException(Map.of(partition, 7L)));
        awaitGoneOn();

        assertThat(goneOn).containsExactly(new OffsetAndMetadata(7, Optional.of(EPOCH), ""));
        assertThat(held).isEqualTo(1);
        assertThat(assignments.held()).isEqualTo(7);
    }

    @Test
    void positionBeyondTheEndWhoseEpochIsKnown_isLeftToTheClient() {
        read(0, 17);

        positions.outOfRange(new OffsetOutOfRangeException(Map.of(partition, 17L)));
        awaitGoneOn();

        assertThat(goneOn).containsExactly(new OffsetAndMetadata(17, Optional.of(EPOCH), ""));
    }

    @Test
    void positionWhoseEpochNobodyKnows_hasTheLogReadAnew_thoughItIsInRangeByNow() {
        assignments.assigned(partition, PartitionLedger.empty(partition.toString(), 7), 7);

        positions.outOfRange(new OffsetOutOfRangeException(Map.of(partition, 7L)));
        awaitGoneOn();

        assertThat(goneOn).containsExactly(new OffsetAndMetadata(0));
        assertThat(cuts).isEqualTo(1);
    }

    @Test
    void cutThatTheBrokerCannotPlace_hasTheLogReadAnew_thoughItIsLongEnoughByNow() {
        read(0, 7);

        positions.outOfRange(new LogTruncationException("cut", Map.of(partition, 7L), Map.of()));
        awaitGoneOn();

        assertThat(goneOn).containsExactly(new OffsetAndMetadata(0));
        assertThat(cuts).isEqualTo(1);
        assertThat(assignments.held()).as("those of the other log are dropped").isZero();
    }

    @Test
    void positionBelowTheBegin_goesOnThere_andIsCounted() throws Exception {
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(8)))
                .all()
                .get();
        read(0, 5);

        positions.outOfRange(new OffsetOutOfRangeException(Map.of(partition, 5L)));
        awaitGoneOn();

        assertThat(goneOn).containsExactly(new OffsetAndMetadata(8));
        assertThat(deletedUnread).isEqualTo(3);
        assertThat(cuts).isZero();
    }

    private void read(int from, int to) {
        assignments.assigned(partition, PartitionLedger.empty(partition.toString(), from), from);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int offset = from; offset < to; offset++) {
            records.add(new ConsumerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    offset,
                    0,
                    TimestampType.CREATE_TIME,
                    0,
                    1,
                    null,
                    new byte[1],
                    new RecordHeaders(),
                    Optional.of(EPOCH)));
        }
        assertThat(assignments
                        .admission()
                        .admit(partition, records, IdleCommitter.of(assignments))
                        .records())
                .hasSize(to - from);
    }

    private void awaitGoneOn() {
        while (goneOn.isEmpty()) {
            positions.goOn();
            Thread.onSpinWait();
        }
    }

    private final class Recording implements LostPositions.Reading {
        @Override
        public void goOn(TopicPartition of, OffsetAndMetadata position) {
            goneOn.add(position);
        }

        @Override
        public void hold(TopicPartition of) {
            held++;
        }

        @Override
        public boolean owns(TopicPartition of) {
            return true;
        }
    }

    private final class Counting implements IntakeListener {
        @Override
        public void logCut() {
            cuts++;
        }

        @Override
        public void deletedUnread(long offsets) {
            deletedUnread += offsets;
        }
    }
}
