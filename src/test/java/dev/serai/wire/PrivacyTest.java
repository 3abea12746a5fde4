package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a record says of itself ends up in logs. */
@Timeout(120)
class PrivacyTest {

    static List<Object> records() {
        OriginalRecord original = new OriginalRecord(
                "conversation.start",
                3,
                41,
                SampleRecords.TIMESTAMP,
                SampleRecords.utf8("PRIVATE"),
                SampleRecords.utf8("PRIVATE"),
                List.of(SampleRecords.header("name", "PRIVATE")));
        return List.of(
                SampleRecords.event(),
                new SceneElement("desk", "PRIVATE"),
                original,
                SampleRecords.header("name", "PRIVATE"),
                new DeadLetter(original, Failure.of(ErrorCategory.EXPIRED, "late"), 0, SampleRecords.TIMESTAMP),
                SampleRecords.started());
    }

    @ParameterizedTest
    @MethodSource("records")
    void toString_showsNothingPrivate(Object holder) {
        assertThat(holder.toString()).isNotBlank().doesNotContain(SampleRecords.PRIVATE);
    }
}
