package dev.serai.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.event.OriginalRecord;
import dev.serai.event.RecordHeader;
import dev.serai.event.SampleRecords;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReplyTopicsTest {
    private static final ReplyTopics TOPICS = new ReplyTopics("conversation.replies", Set.of("team-a.replies"));

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
        assertThat(TOPICS.requested(requestFor("team-b.replies"))).contains("team-b.replies");
    }

    @Test
    void lastOfRepeatedHeaders_counts() {
        OriginalRecord request = request(
                SampleRecords.header("kafka_replyTopic", "team-a.replies"),
                SampleRecords.header("kafka_replyTopic", "team-b.replies"));

        assertThat(TOPICS.topicFor(request)).isEqualTo("conversation.replies");
    }
}
