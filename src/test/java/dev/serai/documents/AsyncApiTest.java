package dev.serai.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document says what the settings, the schemas and {@code events.md} say; records: {@link EventsDocumentTest}. */
class AsyncApiTest {
    private static AsyncApi document;
    private static SeraiSettings settings;

    @BeforeAll
    static void read() throws Exception {
        document = AsyncApi.read();
        settings = Settings.load(Map.of(), null, Map.of()).values();
    }

    @Test
    void topics_areThoseOfTheSettings() {
        SeraiSettings.Kafka kafka = settings.kafka();
        List<String> addresses = new ArrayList<>();
        document.root().path("channels").forEach(channel -> {
            String address = channel.path("address").asText(null);
            if (address != null) {
                addresses.add(address);
                assertThat(channel.at("/bindings/kafka/topic").asText()).isEqualTo(address);
            }
        });

        assertThat(addresses)
                .containsExactlyInAnyOrder(
                        kafka.startTopic(), kafka.replyTopic(), kafka.deadLetterTopic(), kafka.sessionTopic());
    }

    @Test
    void replies_haveTheStatusesOfTheirSchema_onBothChannels() throws IOException {
        JsonNode statuses = document.at("/components/messages/started/payload").at("/properties/status/enum");
        List<String> all = new ArrayList<>();
        statuses.forEach(status -> all.add(status.asText()));

        for (String channel : List.of("replies", "requestedReplies")) {
            List<String> messages = new ArrayList<>();
            document.root()
                    .at("/channels/" + channel + "/messages")
                    .fieldNames()
                    .forEachRemaining(messages::add);
            assertThat(messages).as(channel).containsExactlyInAnyOrderElementsOf(all);
        }
        for (String status : all) {
            assertThat(document.root()
                            .at("/components/messages/" + status + "/headers/allOf/1/properties/serai-status/const")
                            .asText())
                    .isEqualTo(status);
        }
    }

    @Test
    void correlationHeaders_areThoseOfTheSettings_inEventsAndInReplies() throws IOException {
        List<String> correlation = settings.reply().correlationHeaders();

        assertThat(document.headers("startEvent")).containsAll(correlation);
        assertThat(document.headers("endEvent")).isEqualTo(document.headers("startEvent"));
        for (String reply : List.of("started", "failed", "ended")) {
            assertThat(document.headers(reply)).as(reply).containsAll(correlation);
        }
    }

    @Test
    void headersOfEvents_areThoseThatEventsMdLists() throws IOException {
        String events = Files.readString(AsyncApi.FILE.resolveSibling("events.md"));
        String section =
                events.substring(events.indexOf("## Headers of an event"), events.indexOf("## Where the reply goes"));
        Set<String> missing = new HashSet<>(document.headers("startEvent"));
        missing.removeIf(header -> section.contains("`" + header + "`"));

        assertThat(missing).as("headers of events that events.md does not list").isEmpty();
    }
}
