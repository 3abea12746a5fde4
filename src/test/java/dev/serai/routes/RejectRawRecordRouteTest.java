package dev.serai.routes;

import static dev.serai.testing.TopicReader.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.RawEvents;
import dev.serai.testing.RunningSerai;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The dead letter of a raw event is its record as it was, with headers that say why. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RejectRawRecordRouteTest {
    private static final String RAW = RawEvents.topic();

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai(RawEvents.intake("phone", RAW));
    }

    @Test
    void recordThatLacksWhatItNeeds_isADeadLetter_thatSaysWhereItIs() {
        byte[] key = {(byte) 0xff, 0, 1};
        byte[] value = "{\"type\":\"called\"}".getBytes(StandardCharsets.UTF_8);
        long longAgo = Instant.parse("2024-02-03T04:05:06.789Z").toEpochMilli();
        List<Header> headers = List.of(
                new RecordHeader("who", "a vendor".getBytes(StandardCharsets.UTF_8)),
                new RecordHeader("nothing", (byte[]) null));

        RecordMetadata raw = serai.publish(new ProducerRecord<>(RAW, null, longAgo, key, value, headers));

        ConsumerRecord<byte[], byte[]> letter = serai.deadLetterOf(raw);
        assertThat(letter.key()).isEqualTo(key);
        assertThat(letter.value()).isEqualTo(value);
        assertThat(letter.timestamp()).isEqualTo(longAgo);
        assertThat(letter.headers().toArray()).startsWith(headers.toArray(Header[]::new));
        assertThat(header(letter, "serai-error-category")).isEqualTo("invalid_event");
        assertThat(header(letter, "serai-error-detail")).contains("call").contains("missing");
        assertThat(header(letter, "serai-original-topic")).isEqualTo(RAW);
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(serai.scrape())
                .containsPattern("serai_intake_records_total\\{intake=\"phone\",result=\"rejected\"} [1-9]"));
    }

    @Test
    void recordThatIsNoJson_andATombstone_doNotStopTheirKey() {
        byte[] key = "k".getBytes(StandardCharsets.UTF_8);
        RecordMetadata noJson = serai.publish(new ProducerRecord<>(RAW, key, new byte[] {(byte) 0xff, 0}));
        RecordMetadata tombstone = serai.publish(new ProducerRecord<>(RAW, key, null));
        RawEvents.publish(serai, RAW, "k", "{'type':'called','call':'after-no-json'}");

        assertThat(serai.replyTo("after-no-json-called").path("status").asText())
                .isEqualTo("started");
        assertThat(header(serai.deadLetterOf(noJson), "serai-error-category")).isEqualTo("invalid_event");
        serai.awaitCommitted(serai.settings().kafka().groupId() + ".intake.phone", tombstone);
    }
}
