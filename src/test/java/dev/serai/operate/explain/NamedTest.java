package dev.serai.operate.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NamedTest {
    private static OriginalRecord event(String value, RecordHeader... headers) {
        return new OriginalRecord("start", 2, 17, Instant.EPOCH, null, value.getBytes(UTF_8), List.of(headers));
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    @Test
    void eventsOwnName_isFound_howeverItIsWritten() {
        assertThat(Named.of("e-1").isOf(event("{\"event_id\":\"e-1\"}"))).isTrue();
        assertThat(Named.of("e-1").isOf(event("{\"event_id\":\"\\u0065-1\"}"))).isTrue();
        assertThat(Named.of("e-1").isOf(event("{\"event_id\":\"e-12\"}"))).isFalse();
        assertThat(Named.of("e-1").isOf(event("{\"character_id\":\"e-1\"}"))).isFalse();
    }

    @Test
    void positionOfAnEventWithoutAName_isItsName() {
        assertThat(Named.of("start-2-17").isOf(event("no JSON"))).isTrue();
        assertThat(Named.of("start-2-18").isOf(event("no JSON"))).isFalse();
    }

    @Test
    void cloudEvents_areFoundBySourceAndId() {
        OriginalRecord binary = event(
                "{\"character_id\":\"c\"}",
                header("ce_specversion", "1.0"),
                header("ce_id", "7"),
                header("ce_source", "/shop"),
                header("ce_type", "dev.serai.conversation.start.v1"),
                header("content-type", "application/json"));

        assertThat(Named.of("/shop 7").isOf(binary)).isTrue();
        assertThat(Named.of("/shop 8").isOf(binary)).isFalse();
    }
}
