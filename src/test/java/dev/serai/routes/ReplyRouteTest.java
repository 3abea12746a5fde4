package dev.serai.routes;

import static dev.serai.testing.Incoming.header;
import static dev.serai.testing.Incoming.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.conversation.ConversationFailure;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.WireSchemas;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The record on the reply topic, byte for byte. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ReplyRouteTest {
    private static final byte[] NO_UTF8 = {(byte) 0xff, 0, (byte) 0xfe, (byte) 0xc3, 0x28};

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai(Map.of(
                "serai.reply.correlation-headers", "correlation_id,kafka_correlationId,kafka.correlation,CamelTicket"));
    }

    @Test
    void startedReply_isTheRoomUnderTheEventsKey() {
        serai.converse(Incoming.event("key-1", "{'event_id':'started','character_id':'c'}"));

        ConsumerRecord<byte[], byte[]> reply = serai.replyRecordTo("started");

        JsonNode json = WireSchemas.assertReply(reply.value());
        assertThat(reply.key()).isEqualTo(utf8("key-1"));
        assertThat(json.path("status").asText()).isEqualTo("started");
        assertThat(json.path("conversation_key").asText()).isEqualTo("key-1");
        assertThat(reply.headers()).extracting(Header::key).containsExactly("serai-status");
        assertThat(TopicReader.header(reply, "serai-status")).isEqualTo("started");
    }

    /** Issue 15: who only joins rooms is not to be given what opens others. */
    @Test
    void sessionIds_areLeftOut_ifTheOperatorSaysSo() {
        try (RunningSerai careful =
                new RunningSerai(RunningSerai.withoutSources(Map.of("serai.reply.session-id", "omit")))) {
            careful.standIn()
                    .script(
                            FaultScript.once(
                                    Fault.rawStatus(
                                            200,
                                            Incoming.json(
                                                    "{'session_id':'left-out-1','character_session_id':'cs','room_url':'wss://r',"
                                                            + "'room_name':'n','token':'t','room_session_id':'rs','characters':["
                                                            + "{'character_id':'c','session_id':'left-out-2','character_session_id':'cs'}]}"))));
            careful.publish("key-1", "{\"event_id\":\"careful\",\"character_id\":\"c\"}");

            ConsumerRecord<byte[], byte[]> reply = careful.replyRecordTo("careful");

            JsonNode json = WireSchemas.assertReply(reply.value());
            assertThat(json.path("status").asText()).isEqualTo("started");
            assertThat(json.toString()).doesNotContain("left-out").doesNotContain("\"session_id\"");
            assertThat(json.at("/characters/0").toString())
                    .isEqualTo(Incoming.json("{'character_id':'c','character_session_id':'cs'}"));
            assertThat(json.path("token").asText()).isEqualTo("t");
            assertThat(json.path("room_session_id").asText()).isEqualTo("rs");
        }
    }

    @Test
    void failedReply_saysSoInItsHeader() {
        ConsumerRecord<byte[], byte[]> reply = failedReplyTo(Incoming.event("key-1", "{'event_id':'failed'}"));

        assertThat(TopicReader.header(reply, "serai-status")).isEqualTo("failed");
        assertThat(TopicReader.header(reply, "serai-error-category")).isEqualTo("enrichment_failed");
        assertThat(RunningSerai.json(reply).path("error").path("category").asText())
                .isEqualTo("enrichment_failed");
    }

    @Test
    void correlationHeaders_areEchoedAsTheyCame() {
        RecordHeader[] echoed = {
            new RecordHeader("correlation_id", NO_UTF8),
            new RecordHeader("kafka_correlationId", new byte[0]),
            new RecordHeader("correlation_id", null),
            header("kafka.correlation", "Camel would drop it"),
            header("correlation_id", "last"),
            header("CamelTicket", "Camel would drop it, too"),
        };
        RecordHeader[] others = {
            header("Correlation_Id", "another name to Kafka"),
            header("authorization", "Bearer x"),
            header("serai-status", "started"),
            header("serai-error-category", "expired"),
            header("kafka.OVERRIDE_TOPIC", "elsewhere"),
        };
        RecordHeader[] all = Arrays.copyOf(echoed, echoed.length + others.length);
        System.arraycopy(others, 0, all, echoed.length, others.length);

        ConsumerRecord<byte[], byte[]> reply =
                failedReplyTo(Incoming.event("key-1", "{'event_id':'correlated','character_id':'c'}", all));

        List<RecordHeader> expected = new ArrayList<>(List.of(echoed));
        expected.add(header("serai-status", "failed"));
        expected.add(header("serai-error-category", "enrichment_failed"));
        assertThat(Headers.of(reply)).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void keyThatIsNoText_isTheReplysKeyToo() {
        ConsumerRecord<byte[], byte[]> reply = failedReplyTo(Incoming.bytes(NO_UTF8, utf8("{\"event_id\":\"bytes\"}")));

        assertThat(reply.key()).isEqualTo(NO_UTF8);
        assertThat(WireSchemas.assertReply(reply.value())
                        .path("conversation_key")
                        .asText())
                .isEqualTo("0xff00fec328");
    }

    @Test
    void emptyKey_isNoMissingKey() {
        ConsumerRecord<byte[], byte[]> reply =
                failedReplyTo(Incoming.bytes(new byte[0], utf8("{\"event_id\":\"empty-key\"}")));

        assertThat(reply.key()).isEmpty();
        assertThat(reply.key()).isNotNull();
    }

    @Test
    void missingKey_isMissingInTheReply() {
        ConsumerRecord<byte[], byte[]> reply = failedReplyTo(Incoming.event(null, "{'event_id':'no-key'}"));

        assertThat(reply.key()).isNull();
        assertThat(RunningSerai.json(reply).path("conversation_key").isNull()).isTrue();
    }

    @Test
    void allowedReplyTopic_getsTheReply() {
        serai.converse(Incoming.event(
                "key-1",
                "{'event_id':'own-topic','character_id':'c'}",
                header("kafka_replyTopic", serai.allowedReplyTopic())));

        try (TopicReader reader = serai.reader(serai.allowedReplyTopic())) {
            ConsumerRecord<byte[], byte[]> reply = reader.await("reply", any -> true);
            assertThat(RunningSerai.json(reply).path("event_id").asText()).isEqualTo("own-topic");
            assertThat(reply.headers()).extracting(Header::key).containsExactly("serai-status");
        }
        assertThat(serai.repliesTo("own-topic")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"test.somewhere-else", "", "no topic name at all!", "{{serai.kafka.start-topic}}"})
    void otherReplyTopic_isNotWrittenTo(String topic) {
        String eventId = "evil-" + topic.length();
        failedReplyTo(Incoming.event("key-1", "{'event_id':'" + eventId + "'}", header("kafka_replyTopic", topic)));

        assertThat(serai.repliesTo(eventId)).hasSize(1);
    }

    @Test
    void reply_leavesNoCredentialsInTheMessage() {
        Exchange done = serai.converse(Incoming.event("key-1", "{'event_id':'left','character_id':'c'}"));

        assertThat(done.getException()).isNull();
        assertThat(serai.repliesTo("left")).hasSize(1);
    }

    /** Sends a failure into the reply route alone. */
    private static ConsumerRecord<byte[], byte[]> failedReplyTo(OriginalRecord event) {
        Exchange done = serai.send("direct:reply", event, exchange -> {
            exchange.setProperty(
                    Exchange.EXCEPTION_CAUGHT,
                    new ConversationFailure(Failure.of(ErrorCategory.ENRICHMENT_FAILED, "on purpose")));
            try {
                serai.step("decodeEvent").process(exchange);
            } catch (ConversationFailure refused) {
                assertThat(refused.failure().category()).isEqualTo(ErrorCategory.INVALID_EVENT);
            }
            serai.step("describeFailure").process(exchange);
        });
        assertThat(done.getException()).isNull();
        return serai.replies().getLast();
    }
}
