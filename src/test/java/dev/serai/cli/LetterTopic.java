package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.testing.TypedCommands;
import dev.serai.wire.DeadLetter;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Topics of a test's own on the shared broker: a start topic, and letters of it; and commands about them. For one thread. */
final class LetterTopic implements AutoCloseable {
    static final int PARTITIONS = 3;

    final String suffix = "." + UUID.randomUUID().toString().substring(0, 8);
    final String start = "start" + suffix;
    final String letters = "letters" + suffix;
    final TypedCommands commands = new TypedCommands();

    private final KafkaProducer<byte[], byte[]> producer = Producers.atOnce(SharedBroker.bootstrapServers());

    LetterTopic() {
        Topics.create(SharedBroker.bootstrapServers(), PARTITIONS, start, letters);
    }

    /** As the service writes it. */
    String letter(
            ErrorCategory category, String detail, Instant failedAt, String key, String value, RecordHeader... own)
            throws Exception {
        OriginalRecord original =
                new OriginalRecord(start, 1, 41, failedAt, key.getBytes(UTF_8), value.getBytes(UTF_8), List.of(own));
        return write(key, value, new DeadLetter(original, Failure.of(category, detail), 4, failedAt).headers());
    }

    /** As another has written it. */
    String write(String key, @Nullable String value, List<RecordHeader> headers) throws Exception {
        var letter = new ProducerRecord<>(letters, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
        headers.forEach(header -> letter.headers().add(header.name(), header.value()));
        RecordMetadata at = producer.send(letter).get(20, TimeUnit.SECONDS);
        return at.topic() + "-" + at.partition() + "-" + at.offset();
    }

    /** What Spring's recoverer adds. */
    List<RecordHeader> spring(String topic, int partition, long offset) {
        return List.of(
                header("kafka_dlt-original-topic", topic),
                new RecordHeader(
                        "kafka_dlt-original-partition",
                        ByteBuffer.allocate(4).putInt(partition).array()),
                new RecordHeader(
                        "kafka_dlt-original-offset",
                        ByteBuffer.allocate(8).putLong(offset).array()),
                header(
                        "kafka_dlt-exception-fqcn",
                        "org.springframework.kafka.listener.ListenerExecutionFailedException"),
                header("kafka_dlt-exception-cause-fqcn", "java.net.SocketTimeoutException"),
                header("kafka_dlt-exception-message", "Listener failed; Read timed out"));
    }

    static RecordHeader header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    /** Runs {@code serai dead-letters …}; what it says is all that {@link #commands} keep. */
    int execute(String... arguments) {
        commands.forget();
        return commands.run(
                List.of(
                        "serai.kafka.bootstrap-servers=" + SharedBroker.bootstrapServers(),
                        "serai.kafka.start-topic=" + start,
                        "serai.kafka.dead-letter-topic=" + letters),
                "dead-letters",
                arguments);
    }

    /** What lies on the start topic now. */
    List<ConsumerRecord<byte[], byte[]>> started() {
        try (TopicReader reader = new TopicReader(SharedBroker.bootstrapServers(), start)) {
            return reader.all();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
