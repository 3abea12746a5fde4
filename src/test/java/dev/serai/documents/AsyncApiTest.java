package dev.serai.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.wire.cloudevents.CloudEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
        KafkaSettings kafka = settings.kafka();
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
                        kafka.startTopic(),
                        kafka.replyTopic(),
                        kafka.deadLetterTopic(),
                        kafka.sessionTopic(),
                        kafka.jobTopic(),
                        kafka.jobRowTopic());
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
            assertThat(messages)
                    .as(channel)
                    .containsExactlyInAnyOrderElementsOf(all.stream()
                            .flatMap(status -> replies(status).stream())
                            .toList());
        }
        for (String status : all) {
            for (String message : replies(status)) {
                JsonNode headers = document.root().at("/components/messages/" + message + "/headers/allOf");
                assertThat(constant(headers, "serai-status")).as(message).isEqualTo(status);
            }
            assertThat(constant(document.root().at("/components/messages/" + status + "CloudEvent"), "ce_type"))
                    .isEqualTo("dev.serai.conversation." + status + ".v1");
        }
    }

    /** Of each mode. */
    private static List<String> replies(String status) {
        return List.of(status, status + "CloudEvent", structured(status));
    }

    private static String structured(String status) {
        return "structured" + status.substring(0, 1).toUpperCase(Locale.ROOT) + status.substring(1) + "CloudEvent";
    }

    private static String constant(JsonNode schema, String property) {
        return schema.findValues(property).stream()
                .map(found -> found.path("const").asText())
                .collect(Collectors.joining());
    }

    @Test
    void categories_areInFailedReplies_ofEachMode() throws IOException {
        for (String message : replies("failed")) {
            assertThat(document.headers(message)).as(message).contains("serai-error-category");
        }
    }

    /** Each event is answered by a reply of its own mode, on either channel. */
    @Test
    void operations_answerEachModeInItself() {
        List<String> answers = new ArrayList<>();
        document.root().path("operations").forEach(operation -> {
            if (operation.has("reply")) {
                String channel = name(operation.at("/reply/channel"));
                assertThat(operation.at("/reply").has("address")).isEqualTo(channel.equals("requestedReplies"));
                operation
                        .path("messages")
                        .forEach(event -> operation.at("/reply/messages").forEach(reply -> {
                            assertThat(mode(name(event))).isEqualTo(mode(name(reply)));
                            answers.add(channel + " " + name(event) + " " + name(reply));
                        }));
            }
        });

        // Two channels, three modes, two events and three replies.
        assertThat(answers).doesNotHaveDuplicates().hasSize(2 * 3 * 2 * 3);
    }

    private static String name(JsonNode reference) {
        return reference.path("$ref").asText().replaceFirst(".*/", "");
    }

    private static String mode(String message) {
        return (message.startsWith("structured") ? "structured " : "") + message.endsWith("CloudEvent");
    }

    @Test
    void endOfACloudEvent_hasTheFieldsOfAnEndEvent() throws IOException {
        assertThat(document.fields("endCloudEvent")).isEqualTo(document.fields("endEvent"));
    }

    @Test
    void typesOfEvents_areThoseThatAreTaken() {
        assertThat(constant(document.root().at("/components/messages/startCloudEvent"), "ce_type"))
                .isEqualTo(CloudEvent.Action.START.type());
        assertThat(constant(document.root().at("/components/messages/endCloudEvent"), "ce_type"))
                .isEqualTo(CloudEvent.Action.END.type());
    }

    @Test
    void headersOfRequests_areThoseOfTheSettings_inEventsAndInReplies() throws IOException {
        List<String> correlation = settings.reply().correlationHeaders();

        assertThat(document.headers("startEvent")).containsAll(correlation);
        assertThat(document.headers("startEvent"))
                .containsAll(settings.reply().topicHeaders())
                .containsAll(settings.reply().partitionHeaders());
        assertThat(document.headers("endEvent")).isEqualTo(document.headers("startEvent"));
        assertThat(document.headers("endCloudEvent")).isEqualTo(document.headers("startCloudEvent"));
        for (String event : List.of("startCloudEvent", "structuredStartCloudEvent", "structuredEndCloudEvent")) {
            assertThat(document.headers(event)).as(event).containsAll(document.headers("startEvent"));
        }
        for (String status : List.of("started", "failed", "ended")) {
            for (String reply : replies(status)) {
                assertThat(document.headers(reply)).as(reply).containsAll(correlation);
            }
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
