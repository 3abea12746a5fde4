package dev.serai.wire.event;

import static dev.serai.testing.Incoming.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.wire.WireSchemas;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where replies go, by the headers of request-reply clients, and what of these headers goes with them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ReplyAddressTest {
    private static final String SPRING_PARTITION = "kafka_replyPartition";

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai();
    }

    /** The keys hash to other partitions, or to the same one: whatever they do, the header decides. */
    @ParameterizedTest
    @CsvSource({
        "kafka_replyPartition, 0, c", "kafka_replyPartition, 1, c", "kafka_replyPartition, 2, c",
        "kafka_replyPartition, 3, c", "REPLY_PARTITION, 0, c", "REPLY_PARTITION, 3, c",
        "kafka_replyPartition, 0, character-unknown", "kafka_replyPartition, 3, character-unknown"
    })
    void replyPartition_isWhereTheReplyGoes(String header, int partition, String character) {
        String id = header + "-" + partition + "-" + character;

        serai.publish("key-1", event(id, character), partition(header, partition));

        assertThat(serai.replyRecordTo(id).partition()).isEqualTo(partition);
    }

    @Test
    void replyPartition_isWhereTheFailureOfAnEventGoesThatCannotBeRead() {
        RecordMetadata position = serai.publish("key-1", "no JSON", partition(SPRING_PARTITION, 2));

        String id = position.topic() + "-" + position.partition() + "-" + position.offset();
        assertThat(serai.replyRecordTo(id).partition()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 40, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void replyPartitionThatIsNot_isSaid_andNoRoomIsOpened(int partition) {
        String id = "no-partition-" + partition;

        serai.publish("key-1", event(id, id), partition(SPRING_PARTITION, partition));

        JsonNode error = serai.replyTo(id).path("error");
        assertThat(error.path("category").asText()).isEqualTo("invalid_event");
        assertThat(error.path("detail").asText()).contains(SPRING_PARTITION);
        assertThat(serai.connectCalls(id)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "000", "00002"})
    void replyPartitionOfAnotherForm_isSaid(String text) {
        String id = "form-" + text.length();

        serai.publish("key-1", event(id, id), header("REPLY_PARTITION", text));

        assertThat(serai.replyTo(id).at("/error/detail").asText())
                .contains("REPLY_PARTITION")
                .contains("4 bytes");
        assertThat(serai.connectCalls(id)).isEmpty();
    }

    @Test
    void replyTopicOfSmallRye_thatIsAllowed_getsTheReply() {
        serai.publish(
                "key-1",
                event("smallrye", "c"),
                header("REPLY_TOPIC", serai.allowedReplyTopic()),
                header("REPLY_CORRELATION_ID", "ticket"));

        try (TopicReader reader = serai.reader(serai.allowedReplyTopic())) {
            ConsumerRecord<byte[], byte[]> reply = reader.await(
                    "reply",
                    any -> RunningSerai.json(any).path("event_id").asText().equals("smallrye"));
            assertThat(TopicReader.header(reply, "REPLY_CORRELATION_ID")).isEqualTo("ticket");
        }
    }

    /** What {@code KafkaRequestReply} sends: a UUID's text or twelve random bytes, the topic, and the partition if it has one. */
    @ParameterizedTest
    @ValueSource(strings = {"32313135623832632d343038652d3131", "ff00fe80c3281b5b324a0a00"})
    void requestOfSmallRye_isAnsweredAsItListens(String correlation) {
        byte[] id = HexFormat.of().parseHex(correlation);
        String eventId = "smallrye-" + correlation;
        serai.publish(
                "key-1",
                event(eventId, "c"),
                new RecordHeader("REPLY_CORRELATION_ID", id),
                header("REPLY_TOPIC", serai.settings().kafka().replyTopic()),
                partition("REPLY_PARTITION", 1));

        ConsumerRecord<byte[], byte[]> reply = serai.replyRecordTo(eventId);

        assertThat(reply.partition()).isEqualTo(1);
        assertThat(reply.headers().lastHeader("REPLY_CORRELATION_ID").value()).isEqualTo(id);
        assertThat(names(reply)).containsExactly("REPLY_CORRELATION_ID", "serai-status");
    }

    /** As a request is sent again by whoever passes it on, whose own headers come behind. */
    @ParameterizedTest
    @CsvSource({"kafka_correlationId, kafka_replyPartition", "REPLY_CORRELATION_ID, REPLY_PARTITION"})
    void lastHeaderOfAName_isTheClients(String correlation, String partition) {
        String id = "last-of-" + partition;
        serai.publish(
                "key-1",
                event(id, "c"),
                header(correlation, "first"),
                partition(partition, 40),
                partition(partition, 3),
                header(correlation, "last"));

        ConsumerRecord<byte[], byte[]> reply = serai.replyRecordTo(id);

        assertThat(reply.partition()).isEqualTo(3);
        assertThat(TopicReader.header(reply, correlation)).isEqualTo("last");
        assertThat(RunningSerai.json(reply).path("status").asText()).isEqualTo("started");
    }

    /** Who listens on that partition of the standard topic is somebody else. */
    @Test
    void replyPartitionOfAForbiddenTopic_isNotThatOfTheStandardOne() {
        serai.publish("key-1", event("by-key", "c"));
        int byKey = serai.replyRecordTo("by-key").partition();
        serai.publish(
                "key-1",
                event("not-there", "c"),
                header("kafka_replyTopic", "test.start-replies"),
                partition(SPRING_PARTITION, (byKey + 1) % 4));

        assertThat(serai.replyRecordTo("not-there").partition()).isEqualTo(byKey);
    }

    /** The frame of a schema registry in front of an event; the dead letter has what came. */
    @Test
    void eventBehindARegistrysFrame_isAnswered_andItsDeadLetterHasTheFrame() {
        byte[] key = utf8("key-1");
        serai.publish(key, framed(event("framed", "c")));
        byte[] failing = framed(event("framed-failing", RunningSerai.UNKNOWN_CHARACTER));
        RecordMetadata failed = serai.publish(key, failing);
        RecordMetadata avro = serai.publish(key, framed("\u0002f\u0002c"));

        assertThat(serai.replyTo("framed").path("status").asText()).isEqualTo("started");
        assertThat(serai.deadLetterOf(failed).value()).isEqualTo(failing);
        assertThat(serai.replyTo("framed-failing").at("/error/category").asText())
                .isEqualTo("character_not_found");
        assertThat(TopicReader.header(serai.deadLetterOf(avro), "serai-error-detail"))
                .contains("schema-registry wire format, not JSON");
    }

    private static byte[] framed(String text) {
        return utf8("\u0000\u0000\u0000\u0000\u0007" + text);
    }

    @Test
    void replyTopicOfSmallRye_thatIsNotAllowed_isRefused() {
        serai.publish("key-1", event("elsewhere", "elsewhere"), header("REPLY_TOPIC", "test.start-replies"));

        JsonNode error = serai.replyTo("elsewhere").path("error");
        assertThat(error.path("category").asText()).isEqualTo("invalid_event");
        assertThat(error.path("detail").asText()).contains("REPLY_TOPIC", "serai.reply.allowed-topics");
        assertThat(serai.connectCalls("elsewhere")).isEmpty();
    }

    @Test
    void forbiddenTopic_isRefused_whateverAnotherHeaderNames() {
        serai.publish(
                "key-1",
                event("both", "both"),
                header("REPLY_TOPIC", "test.start-replies"),
                header("kafka_replyTopic", serai.allowedReplyTopic()));

        try (TopicReader reader = serai.reader(serai.allowedReplyTopic())) {
            ConsumerRecord<byte[], byte[]> reply = reader.await(
                    "reply",
                    any -> RunningSerai.json(any).path("event_id").asText().equals("both"));
            assertThat(RunningSerai.json(reply).at("/error/category").asText()).isEqualTo("invalid_event");
        }
        assertThat(serai.connectCalls("both")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka_correlationId", "correlation_id", "REPLY_CORRELATION_ID"})
    void knownEvent_withACorrelationHeader_isAnswered_andOpensNoRoom(String correlation) {
        String id = "again-" + correlation;
        serai.publish("key-1", event(id, id), header(correlation, "first"));
        assertThat(serai.replyTo(id).path("status").asText()).isEqualTo("started");

        serai.awaitCommitted(serai.publish("key-1", event(id, id), header(correlation, "second")));

        JsonNode again = serai.repliesTo(id).getLast();
        WireSchemas.assertReply(again);
        assertThat(again.path("repeated").asBoolean()).isTrue();
        assertThat(serai.replies())
                .filteredOn(reply -> "second".equals(TopicReader.header(reply, correlation)))
                .hasSize(1);
        assertThat(serai.connectCalls(id)).hasSize(1);
    }

    @Test
    void replayedDeadLetter_hasEachOfTheServicesHeadersOnce() {
        RecordMetadata first = serai.publish(
                "key-1",
                "no JSON",
                header("serai-status", "started"),
                header("ticket", "7"),
                header("Serai-Forged", "x"));
        ConsumerRecord<byte[], byte[]> letter = serai.deadLetterOf(first);
        assertThat(names(letter))
                .doesNotContain("serai-status", "Serai-Forged")
                .contains("ticket")
                .doesNotHaveDuplicates();

        RecordMetadata replayed =
                serai.publish(letter.key(), letter.value(), letter.headers().toArray());

        ConsumerRecord<byte[], byte[]> second = serai.deadLetterOf(replayed);
        assertThat(names(second)).containsExactlyElementsOf(names(letter));
        assertThat(TopicReader.header(second, "serai-original-offset")).isEqualTo(Long.toString(replayed.offset()));
    }

    private static List<String> names(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        return List.of(kafkaRecord.headers().toArray()).stream()
                .map(Header::key)
                .toList();
    }

    private static String event(String id, String character) {
        return "{\"event_id\":\"" + id + "\",\"character_id\":\"" + character + "\"}";
    }

    private static Header partition(String name, int partition) {
        return new RecordHeader(name, ByteBuffer.allocate(4).putInt(partition).array());
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, utf8(value));
    }
}
