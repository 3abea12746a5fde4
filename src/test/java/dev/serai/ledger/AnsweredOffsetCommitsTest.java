package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory.CamelExchangePayload;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory.KafkaRecordPayload;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class AnsweredOffsetCommitsTest {
    private static final TopicPartition START_0 = new TopicPartition("conversation.start", 0);
    private static final TopicPartition START_1 = new TopicPartition("conversation.start", 1);
    private static final long TIMEOUT_MS = 1234;

    private final AnsweredOffsetCommits commits = new AnsweredOffsetCommits();
    private final GroupConsumer consumer = new GroupConsumer();
    private final Log log = new Log();

    /** Kafka's own fake, in a group that can move on and with commits that can fail. */
    private static final class GroupConsumer extends MockConsumer<byte[], byte[]> {
        private final List<Duration> timeouts = new ArrayList<>();
        private int generation = 1;
        private @Nullable RuntimeException commitFailure;

        GroupConsumer() {
            super("earliest");
        }

        @Override
        @SuppressWarnings("removal") // Kafka's replacement is internal to its consumer
        public ConsumerGroupMetadata groupMetadata() {
            return new ConsumerGroupMetadata("serai", generation, "member", Optional.empty());
        }

        @Override
        public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            timeouts.add(timeout);
            if (commitFailure != null) {
                throw commitFailure;
            }
            super.commitSync(offsets, timeout);
        }

        @Nullable
        Long committed(TopicPartition partition) {
            OffsetAndMetadata committed = committed(Set.of(partition)).get(partition);
            return committed == null ? null : committed.offset();
        }
    }

    /** Keeps what goes to standard error, where the log is. */
    private static final class Log {
        private final PrintStream standardError = System.err;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        Log() {
            System.setErr(new PrintStream(kept, true, StandardCharsets.UTF_8));
        }

        List<String> lines() {
            return kept.toString(StandardCharsets.UTF_8).lines().toList();
        }

        void close() {
            System.setErr(standardError);
        }
    }

    @BeforeEach
    void assign() {
        consumer.assign(List.of(START_0, START_1));
    }

    @AfterEach
    void close() {
        consumer.close();
        log.close();
    }

    @SuppressWarnings("NullAway") // Camel's constructors and parameters that the factory does not look at
    private KafkaManualCommit begin(TopicPartition partition, long offset) {
        return commits.newInstance(
                new CamelExchangePayload(null, consumer, "thread", null),
                new KafkaRecordPayload(partition, offset, TIMEOUT_MS),
                null);
    }

    private void answer(TopicPartition partition, long offset) {
        begin(partition, offset).commit();
    }

    @Test
    void answeredRecord_isCommittedAsTheNextPosition() {
        answer(START_0, 5);

        assertThat(consumer.committed(START_0)).isEqualTo(6);
        assertThat(consumer.committed(START_1)).isNull();
        assertThat(consumer.timeouts).containsExactly(Duration.ofMillis(TIMEOUT_MS));
    }

    @Test
    void begunRecord_isNotCommitted() {
        begin(START_0, 5);

        assertThat(consumer.committed(START_0)).isNull();
    }

    @Test
    void answeredRecords_moveTheCommitOn_acrossGaps() {
        answer(START_0, 5);
        answer(START_0, 6);
        answer(START_0, 100);

        assertThat(consumer.committed(START_0)).isEqualTo(101);
    }

    @Test
    void unansweredRecord_isNeverPassed() {
        answer(START_0, 5);
        begin(START_0, 6);
        answer(START_0, 7);
        answer(START_0, 8);

        assertThat(consumer.committed(START_0)).isEqualTo(6);
        assertThat(consumer.timeouts).as("commits that were tried").hasSize(1);
        assertThat(log.lines())
                .hasSize(2)
                .allMatch(line -> line.contains(
                        " ERROR AnsweredOffsetCommits Offset 6 of conversation.start-0 was never answered: "));
    }

    @Test
    void lowestOfSeveralUnansweredRecords_counts() {
        begin(START_0, 5);
        begin(START_0, 6);
        answer(START_0, 7);

        assertThat(consumer.committed(START_0)).isNull();
    }

    @Test
    void otherPartitions_goOn() {
        begin(START_0, 5);
        answer(START_1, 70);

        assertThat(consumer.committed(START_0)).isNull();
        assertThat(consumer.committed(START_1)).isEqualTo(71);
    }

    @Test
    void unansweredRecordThatIsReadAgain_isAnsweredLater() {
        begin(START_0, 5);
        answer(START_0, 6);

        answer(START_0, 5);
        assertThat(consumer.committed(START_0)).isEqualTo(6);

        answer(START_0, 6);
        assertThat(consumer.committed(START_0)).isEqualTo(7);
    }

    @Test
    void positionBeforeTheUnansweredRecord_startsAnew() {
        begin(START_0, 5);

        answer(START_0, 3);
        answer(START_0, 4);
        assertThat(consumer.committed(START_0)).isEqualTo(5);

        begin(START_0, 5);
        answer(START_0, 6);
        assertThat(consumer.committed(START_0)).isEqualTo(5);
    }

    /** Another member may have answered it meanwhile, and committed beyond it. */
    @Test
    void newGeneration_forgetsTheUnansweredRecord() {
        begin(START_0, 5);
        consumer.generation = 2;

        answer(START_0, 9);

        assertThat(consumer.committed(START_0)).isEqualTo(10);
    }

    @Test
    void unansweredRecordOfTheNewGeneration_isNotPassedEither() {
        begin(START_0, 5);
        consumer.generation = 2;

        begin(START_0, 9);
        answer(START_0, 10);

        assertThat(consumer.committed(START_0)).isNull();
    }

    static List<RuntimeException> commitFailures() {
        return List.of(
                new CommitFailedException("the group has rebalanced"),
                new RetriableCommitFailedException("try again"),
                new TimeoutException("no coordinator"),
                new KafkaException("whatever"));
    }

    @ParameterizedTest
    @MethodSource("commitFailures")
    void failedCommit_doesNotThrow_andTheNextOneCoversIt(RuntimeException failure) {
        consumer.commitFailure = failure;
        assertThatCode(() -> answer(START_0, 5)).doesNotThrowAnyException();
        assertThat(consumer.committed(START_0)).isNull();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .endsWith(
                        " WARN  AnsweredOffsetCommits Offset 5 of conversation.start-0 is answered but stays uncommitted: "
                                + failure);

        consumer.commitFailure = null;
        answer(START_0, 6);

        assertThat(consumer.committed(START_0)).isEqualTo(7);
    }

    /** Shutdown wakes or interrupts the consumer's thread: the event is answered all the same. */
    @Test
    void shutdownDuringTheCommit_doesNotThrow() {
        consumer.commitFailure = new WakeupException();
        assertThatCode(() -> answer(START_0, 5)).doesNotThrowAnyException();

        consumer.commitFailure = new InterruptException(new InterruptedException());
        assertThatCode(() -> answer(START_0, 6)).doesNotThrowAnyException();
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }
}
