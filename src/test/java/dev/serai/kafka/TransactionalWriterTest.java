package dev.serai.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedBroker;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@BesideOthers
@Timeout(120)
class TransactionalWriterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A producer waits for the metadata of its topic with each of them, also after it has failed. */
    @Test
    void topicThatIsNotThere_isWaitedForOnce_howeverManyRecordsThereAre() {
        String topic = "nowhere-" + UUID.randomUUID();
        List<ProducerRecord<byte[], byte[]>> records =
                Collections.nCopies(50, new ProducerRecord<>(topic, "x".getBytes(UTF_8)));
        try (TransactionalWriter writer = TransactionalWriter.open(
                Map.of("bootstrap.servers", SharedBroker.bootstrapServers()), topic, PATIENCE)) {
            long begun = System.nanoTime();

            assertThatThrownBy(() -> writer.write(records))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining(topic);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PATIENCE.multipliedBy(25));
        }
    }
}
