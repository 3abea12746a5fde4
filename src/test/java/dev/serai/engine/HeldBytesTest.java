package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.engine.ledger.PartitionLedger;
import dev.serai.testing.IdleCommitter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 11, B4: what is held is bounded by its bytes, too. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HeldBytesTest {
    private static final TopicPartition PARTITION = new TopicPartition("start", 0);
    private static final TopicPartition OTHER = new TopicPartition("start", 1);
    private static final Duration NO_PATIENCE = Duration.ZERO;

    private final Assignments assignments = new Assignments(10, 1_000);
    private final Committer committer = IdleCommitter.of(assignments);

    @BeforeEach
    void assign() {
        assignments.assigned(PARTITION, PartitionLedger.empty("start-0", 0), -1);
        assignments.assigned(OTHER, PartitionLedger.empty("start-1", 0), -1);
    }

    @Test
    void nothingHeld_leavesRoom() {
        assertThat(assignments.heldBytes()).isZero();
        assertThat(hasRoom()).isTrue();
    }

    @Test
    void heldBytes_areThoseOfKeyValueAndHeaders() {
        admit(PARTITION, 0, 100);

        // The key k, the header name with its value.
        assertThat(assignments.heldBytes()).isEqualTo(100 + 1 + 4 + 5);
    }

    @Test
    void recordOfNulls_weighsNothing() {
        assignments.admission().admit(PARTITION, List.of(new ConsumerRecord<>("start", 0, 0, null, null)), committer);

        assertThat(assignments.held()).isEqualTo(1);
        assertThat(assignments.heldBytes()).isZero();
    }

    @Test
    void fewLargeEvents_leaveNoRoom() {
        admit(PARTITION, 0, 400);
        assertThat(hasRoom()).isTrue();

        admit(PARTITION, 1, 600);

        assertThat(hasRoom()).isFalse();
    }

    @Test
    void eventThatEnds_makesRoom() {
        admit(PARTITION, 0, 400);
        Delivery large = admit(OTHER, 0, 600);
        large.begin();

        large.end();

        assertThat(hasRoom()).isTrue();
        assertThat(assignments.heldBytes()).isEqualTo(410);
    }

    @Test
    void eventThatIsLargerThanTheBound_isHeldAlone() {
        Delivery huge = admit(PARTITION, 0, 5_000);
        assertThat(hasRoom()).isFalse();

        huge.end();

        assertThat(hasRoom()).isTrue();
    }

    @Test
    void partitionThatGoes_takesItsBytesAlong() {
        Delivery gone = admit(PARTITION, 0, 5_000);
        admit(OTHER, 0, 10);

        assignments.forget(List.of(PARTITION));

        assertThat(hasRoom()).isTrue();
        assertThat(assignments.heldBytes()).isEqualTo(20);
        gone.end();
        assertThat(assignments.heldBytes()).isEqualTo(20);
    }

    @Test
    void partitionThatBeginsAnew_countsNothingOfBefore() {
        admit(PARTITION, 5, 5_000);

        assignments.assigned(PARTITION, PartitionLedger.empty("start-0", 0), -1);

        assertThat(assignments.heldBytes()).isZero();
    }

    private boolean hasRoom() {
        return assignments.awaitRoom(NO_PATIENCE);
    }

    private Delivery admit(TopicPartition partition, long offset, int bytes) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("name", new byte[5]);
        ConsumerRecord<byte @Nullable [], byte @Nullable []> next = new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                0,
                TimestampType.CREATE_TIME,
                1,
                bytes,
                new byte[1],
                new byte[bytes],
                headers,
                Optional.empty());
        assignments.admission().admit(partition, List.of(next), committer);
        return assignments.delivery(partition, offset);
    }
}
