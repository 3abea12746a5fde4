package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ForgetCommandTest {
    private static final RecordHeader[] HEADERS = ForgetCommand.headers().toArray(RecordHeader[]::new);

    @Test
    void recordWithTheHeadersAndNoValue_isTheCommand() {
        assertThat(ForgetCommand.isIn(SampleRecords.original(null, HEADERS))).isTrue();
    }

    @Test
    void recordWithTheHeadersAndAValue_isAnEvent() {
        assertThat(ForgetCommand.isIn(SampleRecords.original(SampleRecords.utf8("{}"), HEADERS)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "FORGET", "forget ", "remember"})
    void otherCommand_isNone(String command) {
        RecordHeader header = SampleRecords.header(ForgetCommand.HEADER, command);

        assertThat(ForgetCommand.isIn(SampleRecords.original(null, header))).isFalse();
    }

    @Test
    void tombstoneWithoutHeaders_isNone() {
        assertThat(ForgetCommand.isIn(SampleRecords.original(null))).isFalse();
    }
}
