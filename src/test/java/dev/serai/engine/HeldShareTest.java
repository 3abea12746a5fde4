package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.engine.ledger.PartitionLedger;
import dev.serai.testing.IdleCommitter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 12, A4: what is held of one partition leaves room for the others. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HeldShareTest {
    private static final TopicPartition HOT = new TopicPartition("start", 0);
    private static final TopicPartition OTHER = new TopicPartition("start", 1);
    private static final int MOST_HELD = 90;
    private static final int MOST_BYTES = 9_000;

    private final Assignments assignments = new Assignments(MOST_HELD, MOST_BYTES);
    private final Committer committer = IdleCommitter.of(assignments);

    private void assign(TopicPartition... partitions) {
        for (TopicPartition partition : partitions) {
            assignments.assigned(partition, PartitionLedger.empty(partition.toString(), 0), -1);
        }
    }

    @Test
    void onePartition_getsTwoThirds() {
        assign(HOT, OTHER);
        admit(HOT, 0, 59, 1);
        assertThat(assignments.full()).isEmpty();

        admit(HOT, 59, 1, 1);

        assertThat(assignments.full()).containsExactly(HOT);
        assertThat(hasRoom()).isTrue();
    }

    @Test
    void secondHotPartition_getsAsMuchAsTheFirstIsToHave() {
        assign(HOT, OTHER);
        admit(HOT, 0, 60, 1);
        admit(OTHER, 0, 20, 1);
        assertThat(assignments.full()).containsExactlyInAnyOrder(HOT, OTHER);
        assertThat(hasRoom()).as("though some is left, for a third one").isFalse();

        IntStream.range(0, 24)
                .forEach(offset -> assignments.delivery(HOT, offset).end());
        admit(OTHER, 20, 15, 1);

        assertThat(assignments.full()).isEmpty();
        admit(OTHER, 35, 1, 1);
        assertThat(assignments.full()).containsExactlyInAnyOrder(HOT, OTHER);
    }

    @Test
    void fewLargeEvents_leaveBytesForTheOthers() {
        assign(HOT, OTHER);

        admit(HOT, 0, 6, 1_000);

        assertThat(assignments.full()).containsExactly(HOT);
        assertThat(hasRoom()).isTrue();
        assignments.delivery(HOT, 3).end();
        assertThat(assignments.full()).isEmpty();
    }

    @Test
    void partitionThatGoes_leavesItsShare() {
        assign(HOT, OTHER);
        admit(HOT, 0, 60, 100);
        admit(OTHER, 0, 20, 100);

        assignments.forget(Set.of(HOT));

        assertThat(assignments.full()).isEmpty();
        assertThat(hasRoom()).isTrue();
    }

    @Test
    void whatIsCutOff_countsForItsPartitionNoMore() {
        assign(HOT, OTHER);
        admit(HOT, 0, 6, 1_000);

        assignments.progress().cut(HOT, 1);

        assertThat(assignments.full()).isEmpty();
        assertThat(assignments.heldBytes()).isEqualTo(1_000);
    }

    @Test
    void withoutPartitions_thereIsRoom() {
        assertThat(hasRoom()).isTrue();
    }

    private boolean hasRoom() {
        return assignments.awaitRoom(Duration.ZERO);
    }

    private void admit(TopicPartition partition, int from, int count, int bytes) {
        List<ConsumerRecord<byte[], byte[]>> records = IntStream.range(from, from + count)
                .mapToObj(offset -> new ConsumerRecord<>(
                        partition.topic(),
                        partition.partition(),
                        offset,
                        0,
                        TimestampType.CREATE_TIME,
                        0,
                        bytes,
                        new byte[0],
                        new byte[bytes],
                        new RecordHeaders(),
                        Optional.<Integer>empty()))
                .toList();
        assignments.admission().admit(partition, records, committer);
    }
}
