package dev.serai.wire.event;

import static dev.serai.wire.SampleRecords.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.SampleRecords;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CorrelationHeadersTest {
    private static final CorrelationHeaders HEADERS = new CorrelationHeaders(
            List.of("kafka_correlationId", "ticket", "traceparent", "tracestate", "X-B3-TraceId"));

    private static OriginalRecord request(RecordHeader... headers) {
        return SampleRecords.original(new byte[0], headers);
    }

    @Test
    void headers_areThoseThatCame_withTheirBytes() {
        byte[] noText = {(byte) 0xff, 0, (byte) 0x80};
        RecordHeader first = new RecordHeader("ticket", noText);
        RecordHeader nothing = new RecordHeader("kafka_correlationId", null);
        RecordHeader last = header("ticket", "last");

        List<RecordHeader> echoed =
                HEADERS.of(request(first, header("Ticket", "another name to Kafka"), nothing, header("x", "x"), last));

        assertThat(echoed).containsExactly(first, nothing, last);
        assertThat(echoed.getFirst().value()).isSameAs(noText);
    }

    @Test
    void headerWithAValue_saysThatSomebodyWaits() {
        assertThat(HEADERS.awaited(request(header("ticket", "7")))).contains("ticket");
        assertThat(HEADERS.awaited(request(header("ticket", "")))).contains("ticket");
        assertThat(HEADERS.awaited(request(new RecordHeader("ticket", null), header("ticket", "7"))))
                .contains("ticket");
        assertThat(HEADERS.awaited(request(header("ticket", "7"), new RecordHeader("ticket", null))))
                .isEmpty();
        assertThat(HEADERS.awaited(request(header("TICKET", "7")))).isEmpty();
        assertThat(HEADERS.awaited(request())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"traceparent", "tracestate", "X-B3-TraceId"})
    void headerOfTracing_comesBack_andNobodyWaitsByIt(String name) {
        assertThat(HEADERS.of(request(header(name, "00-1-2-01")))).hasSize(1);
        assertThat(HEADERS.awaited(request(header(name, "00-1-2-01")))).isEmpty();
    }
}
