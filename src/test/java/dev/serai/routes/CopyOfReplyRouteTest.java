package dev.serai.routes;

import static dev.serai.testing.RunningSerai.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.FailingStep;
import dev.serai.testing.Incoming;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example that copies each reply, set up as its comment says. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CopyOfReplyRouteTest {
    private static final String COPIES = "test.copies." + UUID.randomUUID();
    private static final String TOO_SMALL = "test.small." + UUID.randomUUID();

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() throws Exception {
        SharedBroker.createTopic(COPIES);
        SharedBroker.createTopic(TOO_SMALL);
        Path folder = RouteFiles.copyWithExample("copy-of-reply");
        Path reply = folder.resolve("reply.camel.yaml");
        String before = "        - process:\n            id: note-reply\n";
        String text = Files.readString(reply);
        assertThat(text).contains(before);
        String example = Files.readString(folder.resolve("copy-of-reply.camel.yaml"));
        // Behind it, so that an event can fail after its copy is written.
        String failing = "        - process:\n            id: fail-on-purpose\n            ref: \"#class:"
                + FailingStep.class.getName() + "\"\n";
        Files.writeString(reply, text.replace(before, stepOfComment(example) + failing + before));
        serai = new RunningSerai(Map.of("serai.routes-dir", folder.toString(), "copy-of-reply.topic", COPIES));
    }

    private static String stepOfComment(String example) {
        return Pattern.compile("^#( {8}.*)$", Pattern.MULTILINE)
                .matcher(example)
                .results()
                .map(line -> line.group(1) + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void copy_saysWhatCameOfTheEvent_andHoldsNoCredentials() {
        byte[] correlation = "a-correlation".getBytes(StandardCharsets.UTF_8);
        serai.publish(
                "key-of-copy",
                Incoming.json("{'event_id':'copied','character_id':'c'}"),
                new RecordHeader("kafka_replyTopic", serai.allowedReplyTopic().getBytes(StandardCharsets.UTF_8)),
                new RecordHeader("kafka_correlationId", correlation));

        JsonNode reply;
        try (TopicReader replies = serai.reader(serai.allowedReplyTopic())) {
            reply = json(replies.await("reply", any -> true));
        }
        ConsumerRecord<byte[], byte[]> copy = copyOf("copied");

        assertThat(reply.path("token").asText()).isNotEmpty();
        assertThat(new String(copy.key(), StandardCharsets.UTF_8)).isEqualTo("key-of-copy");
        assertThat(json(copy).path("status").asText()).isEqualTo("started");
        assertThat(json(copy).path("timings_ms")).isEqualTo(reply.path("timings_ms"));
        assertThat(json(copy).path("conversation_key").asText()).isEqualTo("key-of-copy");
        assertThat(new String(copy.value(), StandardCharsets.UTF_8))
                .doesNotContain(
                        reply.path("token").asText(),
                        reply.path("session_id").asText(),
                        reply.path("room_url").asText());
        assertThat(copy.headers()).isEmpty();
    }

    /** Else the operator looks at the reply topic, and at the provider. */
    @Test
    void copyThatItsTopicFindsTooLarge_namesThatTopic() {
        try (RunningSerai small = new RunningSerai(Map.of(
                "serai.routes-dir", serai.settings().routesDir().toString(), "copy-of-reply.topic", TOO_SMALL))) {
            small.configureTopic(TOO_SMALL, "max.message.bytes", "200");
            small.publish("key", Incoming.json("{'event_id':'too-large','character_id':'c'}"));

            await("dead letter").until(() -> !small.deadLetters().isEmpty());

            ConsumerRecord<byte[], byte[]> letter = small.deadLetters().getFirst();
            assertThat(TopicReader.header(letter, "serai-error-category")).isEqualTo("internal_error");
            assertThat(TopicReader.header(letter, "serai-error-detail"))
                    .isEqualTo("a record is larger than topic " + TOO_SMALL + " takes: raise its max.message.bytes");
        }
    }

    /** What is around the reply is the reply's: routes see what they saw before. */
    @Test
    void copyOfAReplyThatIsACloudEvent_isOfItsData() {
        serai.publish(
                "key-of-event",
                Incoming.json("{'specversion':'1.0','id':'1','source':'/copied',"
                        + "'type':'dev.serai.conversation.start.v1','data':{'character_id':'c'}}"));

        ConsumerRecord<byte[], byte[]> copy = copyOf("/copied 1");

        assertThat(json(copy).path("status").asText()).isEqualTo("started");
        assertThat(json(copy).has("specversion")).isFalse();
        assertThat(copy.headers()).isEmpty();
    }

    @Test
    void copyOfAFailure_saysWhy() {
        serai.publish(
                "key", Incoming.json("{'event_id':'unknown','character_id':'" + RunningSerai.UNKNOWN_CHARACTER + "'}"));

        assertThat(json(copyOf("unknown")).path("error_category").asText()).isEqualTo("character_not_found");
    }

    @Test
    void copyOfARoomThatIsNotGiven_isNotPublished() {
        // Once: the reply that says so comes along here, too.
        AtomicBoolean failed = new AtomicBoolean();
        FailingStep.failFor("taken-back", () -> failed.getAndSet(true) ? null : new IllegalStateException("a defect"));
        serai.publish("key", Incoming.json("{'event_id':'taken-back','character_id':'c'}"));

        assertThat(serai.replyTo("taken-back").path("status").asText()).isEqualTo("failed");
        assertThat(json(copyOf("taken-back")).path("status").asText()).isEqualTo("failed");
    }

    /** The first. */
    private static ConsumerRecord<byte[], byte[]> copyOf(String eventId) {
        try (TopicReader copies = serai.reader(COPIES)) {
            return copies.await(
                    "copy", copy -> json(copy).path("event_id").asText().equals(eventId));
        }
    }
}
