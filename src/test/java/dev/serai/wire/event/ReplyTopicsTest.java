package dev.serai.wire.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.SampleRecords;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ReplyTopicsTest {
    private static final ReplyTopics TOPICS = Decoding.REPLY_TOPICS;

    private static OriginalRecord request(RecordHeader... headers) {
        return SampleRecords.original(new byte[0], headers);
    }

    private static OriginalRecord requestFor(String topic) {
        return request(SampleRecords.header("kafka_replyTopic", topic));
    }

    @Test
    void requestThatNamesNoTopic_getsTheStandardOne() {
        assertThat(TOPICS.topicFor(request())).isEqualTo("conversation.replies");
        assertThat(TOPICS.topicFor(request(new RecordHeader("kafka_replyTopic", null))))
                .isEqualTo("conversation.replies");
    }

    @Test
    void requestThatNamesAnAllowedTopic_getsIt() {
        assertThat(TOPICS.topicFor(requestFor("team-a.replies"))).isEqualTo("team-a.replies");
        assertThat(TOPICS.topicFor(requestFor("conversation.replies"))).isEqualTo("conversation.replies");
    }

    @Test
    void requestThatNamesAnotherTopic_getsTheStandardOne() {
        assertThat(TOPICS.topicFor(requestFor("team-b.replies"))).isEqualTo("conversation.replies");
        assertThat(TOPICS.topicFor(requestFor("TEAM-A.replies"))).isEqualTo("conversation.replies");
        assertThat(TOPICS.forbidden(requestFor("team-b.replies")))
                .contains(new ReplyTopics.Topic("kafka_replyTopic", "team-b.replies"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka_replyTopic", "REPLY_TOPIC"})
    void everyClientsHeader_isHeldToTheList(String header) {
        OriginalRecord forbidden = request(SampleRecords.header(header, "team-b.replies"));

        assertThat(TOPICS.topicFor(request(SampleRecords.header(header, "team-a.replies"))))
                .isEqualTo("team-a.replies");
        assertThat(TOPICS.topicFor(forbidden)).isEqualTo("conversation.replies");
        assertThat(TOPICS.forbidden(forbidden)).contains(new ReplyTopics.Topic(header, "team-b.replies"));
    }

    @Test
    void partition_isTheNumberInFourBytes() {
        assertThat(partition(new byte[] {0, 0, 1, 2}).number()).isEqualTo(258);
        assertThat(partition(new byte[] {-1, -1, -1, -1}).number()).isEqualTo(-1);
        assertThat(partition(new byte[] {1, 2}).isReadable()).isFalse();
        assertThat(TOPICS.partition(request(new RecordHeader("kafka_replyPartition", null))))
                .isEmpty();
    }

    /** It is a partition of the other topic. */
    @Test
    void partitionOfAForbiddenTopic_isNoneOfTheStandardOne() {
        RecordHeader partition = new RecordHeader("kafka_replyPartition", new byte[] {0, 0, 0, 2});

        assertThat(TOPICS.partition(request(SampleRecords.header("kafka_replyTopic", "team-b.replies"), partition)))
                .isEmpty();
        assertThat(TOPICS.partition(request(
                        SampleRecords.header("REPLY_TOPIC", "team-b.replies"),
                        SampleRecords.header("kafka_replyTopic", "team-a.replies"),
                        partition)))
                .isPresent();
    }

    @Test
    void headersOfOtherNames_countWhereTheyAreSet_andTheUsualOnesDoNot() {
        ReplyTopics others = new ReplyTopics("standard", Set.of("a", "b"), List.of("second", "first"), List.of("part"));
        OriginalRecord request = request(
                SampleRecords.header("first", "a"),
                SampleRecords.header("second", "b"),
                SampleRecords.header("kafka_replyTopic", "forbidden"),
                new RecordHeader("kafka_replyPartition", new byte[] {0, 0, 0, 1}),
                new RecordHeader("part", new byte[] {0, 0, 0, 9}));

        assertThat(others.topicFor(request)).isEqualTo("b");
        assertThat(others.forbidden(request)).isEmpty();
        assertThat(others.partition(request)).contains(new ReplyTopics.Partition("part", 9, true));
    }

    private static ReplyTopics.Partition partition(byte[] value) {
        return TOPICS.partition(request(new RecordHeader("REPLY_PARTITION", value)))
                .orElseThrow();
    }

    @Test
    void lastOfRepeatedHeaders_counts() {
        OriginalRecord request = request(
                SampleRecords.header("kafka_replyTopic", "team-a.replies"),
                SampleRecords.header("kafka_replyTopic", "team-b.replies"));

        assertThat(TOPICS.topicFor(request)).isEqualTo("conversation.replies");
    }
}
