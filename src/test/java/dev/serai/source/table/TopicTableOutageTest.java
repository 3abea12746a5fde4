package dev.serai.source.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.LogLines;
import dev.serai.testing.Producers;
import dev.serai.testing.Topics;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a broker that the test stops and starts. */
@Tag("chaos-long")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class TopicTableOutageTest {
    private static final String TOPIC = "places";

    @TempDir
    private Path data;

    @Test
    void kafkaAway_atStartAndLater_isWaitedFor() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(data, 0);
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        Topics.create(broker.bootstrapServers(), 2, TOPIC);
        send(kafka, "hall", "dark");
        int port = broker.port();
        broker.close();
        try (var log = new LogLines(TopicTable.class);
                var table = new TopicTable("places", kafka, TOPIC, 100, Duration.ofMillis(300))) {
            table.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> !log.with("WARN").isEmpty());
            assertThat(log.with("WARN")).singleElement().asString().contains("until then look-ups fail");
            broker = EmbeddedBroker.start(data, port);
            assertThat(table.awaitRestored(Duration.ofSeconds(40))).isTrue();
            assertThat(find(table, "hall")).isEqualTo("dark");

            broker.close();
            await().atMost(Duration.ofSeconds(30)).until(() -> log.with("WARN").size() > 1);
            assertThat(log.with("WARN")).last().asString().contains("what was read before is used");
            assertThat(find(table, "hall")).isEqualTo("dark");

            broker = EmbeddedBroker.start(data, port);
            send(kafka, "hall", "bright");
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> find(table, "hall").equals("bright"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> log.with("can be read again").size() == 2);
            assertThat(log.with("read to its end")).as("one reading goes on").hasSize(1);
        } finally {
            broker.close();
        }
    }

    private static String find(TopicTable table, String key) throws Exception {
        byte[] value = table.get(key);
        return value == null ? "" : new String(value, UTF_8);
    }

    private static void send(Map<String, Object> kafka, String key, String value) throws Exception {
        try (var producer = Producers.with(kafka)) {
            producer.send(new ProducerRecord<>(TOPIC, key.getBytes(UTF_8), value.getBytes(UTF_8)))
                    .get(30, TimeUnit.SECONDS);
        }
    }
}
