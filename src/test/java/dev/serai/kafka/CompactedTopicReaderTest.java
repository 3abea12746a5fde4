package dev.serai.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.LogLines;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Isolated("it measures how long reading takes")
class CompactedTopicReaderTest {
    private static final Map<String, Object> KAFKA =
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, SharedBroker.bootstrapServers());
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String TOPIC = "reader-" + UUID.randomUUID();
    private static final int RECORDS = 100;

    /** What Kafka waits for more before it answers a fetch, by default. */
    private static final Duration LONG_POLL = Duration.ofMillis(500);

    @BeforeAll
    static void fillTopic() throws Exception {
        Topics.create(SharedBroker.bootstrapServers(), 2, TOPIC);
        try (var producer = Producers.plain(SharedBroker.bootstrapServers())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(TOPIC, 0, new byte[] {(byte) i}, new byte[] {(byte) i}))
                        .get();
            }
        }
    }

    private static Duration readAndClose(Set<Integer> partitions) {
        List<byte[]> read = new ArrayList<>();
        long begun = System.nanoTime();
        try (var reader = new CompactedTopicReader(KAFKA, TOPIC, CompactedTopicReader.Gap.PASS, LIMIT)) {
            reader.readToEnd(partitions, each -> read.add(each.value()));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(read).hasSize(partitions.contains(0) ? RECORDS : 0);
        return took;
    }

    @Test
    void readingAnIdlePartition_doesNotWaitForALongPoll() {
        try (LogLines log = LogLines.of(Thread.currentThread())) {
            for (Set<Integer> partitions : List.of(Set.of(0), Set.of(1), Set.of(0, 1))) {
                readAndClose(partitions);
                Duration median = Stream.generate(() -> readAndClose(partitions))
                        .limit(10)
                        .sorted()
                        .toList()
                        .get(5);
                assertThat(median).as("partitions " + partitions).isLessThan(LONG_POLL.dividedBy(2));
            }
            assertThat(log.with("WARN")).isEmpty();
        }
    }
}
