package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OriginalRecordTest {

    private static OriginalRecord withKey(byte @Nullable [] key) {
        return SampleRecords.original(key, new byte[0]);
    }

    @Test
    void position_isTopicPartitionAndOffset() {
        assertThat(withKey(null).position()).isEqualTo("conversation.start-3-41");
    }

    @Test
    void conversationKey_isTheKeyAsText() {
        assertThat(withKey(null).conversationKey()).isNull();
        assertThat(withKey(SampleRecords.utf8("Zoë")).conversationKey()).isEqualTo("Zoë");
    }

    /** Sessions are remembered by it: two keys that look the same would share one person's session with another. */
    @Test
    void conversationKey_ofKeysThatAreNoText_differsAsTheyDo() {
        String one = withKey(new byte[] {0, 0, 0, (byte) 0x80}).conversationKey();
        String other = withKey(new byte[] {0, 0, 0, (byte) 0x81}).conversationKey();

        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void conversationKey_ofEmptyKey_isNone() {
        assertThat(withKey(new byte[0]).conversationKey()).isNull();
    }

    @Test
    void header_isTheLastOfItsName() {
        OriginalRecord original = SampleRecords.original(
                new byte[0],
                SampleRecords.header("ce_id", "1"),
                SampleRecords.header("ce_id", "2"),
                SampleRecords.header("CE_ID", "3"));

        assertThat(original.headerText("ce_id")).contains("2");
    }

    @Test
    void header_thatIsAbsentOrNull_isEmpty() {
        OriginalRecord original =
                SampleRecords.original(new byte[0], SampleRecords.header("a", "1"), new RecordHeader("a", null));

        assertThat(original.header("a")).isEmpty();
        assertThat(original.header("b")).isEmpty();
    }
}
