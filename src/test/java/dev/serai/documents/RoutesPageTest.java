package dev.serai.documents;

import static dev.serai.testing.RunningSerai.json;
import static dev.serai.testing.TopicReader.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.Incoming;
import dev.serai.testing.LogLines;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code src/docs/routes.md} says of steps of one's own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RoutesPageTest {
    private static final String CALLERS = "test.callers." + UUID.randomUUID();
    private static final String PAGE = "src/docs/routes.md";

    private static final List<String> KNOWN = List.of(
            "original.topic",
            "original.partition",
            "original.offset",
            "original.timestamp",
            "original.position",
            "original.conversationKey",
            "original.headerText('who').orElse('')",
            "event.eventId",
            "event.tenant",
            "event.endUserId",
            "event.speakerId",
            "event.contextRef",
            "event.sceneRef",
            "event.expiresAt",
            "event.connectionType",
            "attempts",
            "delivery");

    private static final List<String> FAILURE = List.of("failure.category", "failure.detailText", "original.position");

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() throws Exception {
        SharedBroker.createTopic(CALLERS);
        List<String> steps = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of(PAGE)))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(steps).hasSize(2);
        Path folder = RouteFiles.copyWith(Map.of(
                "conversation",
                yaml -> before("send-reply", log("known-at-last", KNOWN))
                        .apply(before("resume-session", steps.getFirst()).apply(yaml)),
                "reply",
                before("reply-topic", steps.getLast()),
                "reject",
                before("when-dead-letter-is-due", log("known-of-failure", FAILURE))));
        serai = new RunningSerai(Map.of("serai.routes-dir", folder.toString(), "callers.topic", CALLERS));
    }

    private static UnaryOperator<String> before(String step, String steps) {
        return yaml -> {
            int begin = yaml.lastIndexOf("\n", yaml.lastIndexOf("- ", yaml.indexOf("id: " + step + "\n"))) + 1;
            return yaml.substring(0, begin) + steps + yaml.substring(begin);
        };
    }

    private static String log(String id, List<String> expressions) {
        String message = expressions.stream()
                .map(expression -> "${exchangeProperty[serai.conversation]." + expression + "}")
                .collect(Collectors.joining(" | "));
        return "        - log:\n            id: %s\n            message: \"%s: %s\"\n".formatted(id, id, message);
    }

    @Test
    void stepsOfThePage_doWhatItSays() {
        try (LogLines log = LogLines.ofAll()) {
            serai.publish(
                    "key-of-page",
                    Incoming.json("{'event_id':'page','character_id':'avatar-of-page','end_user_id':'eva',"
                            + "'dynamic_info':{'text':'says \\\"hello\\\"'}}"),
                    new RecordHeader("who", "a test".getBytes(StandardCharsets.UTF_8)));

            ConsumerRecord<byte[], byte[]> reply = serai.replyRecordTo("page");
            assertThat(json(reply).path("status").asText()).isEqualTo("started");
            assertThat(json(reply).path("region").asText()).isEqualTo("eu");
            assertThat(header(reply, "region")).isEqualTo("eu");
            assertThat(header(reply, "serai-status")).isEqualTo("started");
            JsonNode told;
            try (TopicReader callers = serai.reader(CALLERS)) {
                ConsumerRecord<byte[], byte[]> caller = callers.await(
                        "caller", any -> json(any).path("event").asText().equals("page"));
                assertThat(new String(caller.key(), StandardCharsets.UTF_8)).isEqualTo("key-of-page");
                told = json(caller);
            }
            assertThat(told.path("who").asText()).isEqualTo("eva");
            assertThat(told.path("about").asText()).isEqualTo("says \"hello\"");
            assertThat(log.with("default avatar-of-page")).hasSize(1);
            assertThat(log.with("known-at-last: ").getFirst())
                    .contains("| key-of-page | a test | page | default | eva |  | eva |  | 20", "| AUDIO | 1 | ");
        }
    }

    @Test
    void failure_canBeRead() {
        try (LogLines log = LogLines.ofAll()) {
            serai.publish("key", Incoming.json("{'event_id':'no-page','connection_type':'none'}"));
            serai.replyTo("no-page");

            assertThat(log.with("known-of-failure: INVALID_EVENT | /connection_type"))
                    .hasSize(1);
        }
    }

    @Test
    void eachStepAndExample_isOnThePage() throws IOException {
        String page = Files.readString(Path.of(PAGE));
        List<String> missing = new ArrayList<>();
        RouteFiles.examples().forEach(example -> {
            if (!page.contains("(../../" + example + ")")) {
                missing.add(example.toString());
            }
        });
        for (String route : List.of(
                "start-conversation",
                "conversation-turn",
                "conversation",
                "reply",
                "reject",
                "intake/mapped-intake",
                "intake/mapped-intake-turn",
                "intake/reject-raw-record",
                "intake/provision-folder")) {
            Pattern.compile("- (?:process|to):\n +id: (\\S+)")
                    .matcher(Files.readString(Path.of("routes", route + ".camel.yaml")))
                    .results()
                    .map(step -> step.group(1))
                    .filter(step -> !page.contains("`" + step + "`"))
                    .forEach(missing::add);
        }

        assertThat(missing).isEmpty();
    }
}
