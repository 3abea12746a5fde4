package dev.serai.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventsTest {
    private final Events events = new Events(20_000);

    @Test
    void id_leadsBackToTheNumber() throws Exception {
        assertThat(Events.number(ReceivedEvent.read(events.value(119_999)).eventId()))
                .isEqualTo(119_999);
        assertThatIllegalArgumentException().isThrownBy(() -> Events.number("visit-1"));
    }

    @Test
    void conversations_areAllUsedAboutEquallyOften() {
        var sizes = IntStream.range(0, 100_000)
                .boxed()
                .collect(Collectors.groupingBy(events::key, Collectors.counting()))
                .values();

        assertThat(sizes).hasSizeGreaterThan(19_000).allMatch(size -> size < 30);
    }

    @Test
    void request_isTheEventWithoutItsId() throws Exception {
        JsonNode event = Json.MAPPER.readTree(events.value(7));
        ReceivedEvent received = ReceivedEvent.read(events.value(7));

        JsonNode request = Json.MAPPER.readTree(received.request());
        assertThat(request.fieldNames()).toIterable().doesNotContain("event_id").contains("character_id");
        assertThat(request.path("end_user_id")).isEqualTo(event.path("end_user_id"));
    }

    @Test
    void reply_isTheAnswerWithTheEventsId() throws Exception {
        byte[] reply =
                ReceivedEvent.read(events.value(7)).reply("{\"session_id\":\"s\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(SeenReply.read(reply)).isEqualTo(new SeenReply("event-7", true));
    }
}
