package dev.serai.trial.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Producers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class EmbeddedBrokerTest {
    private static final TopicPartition PARTITION = new TopicPartition("greetings", 0);

    @TempDir
    Path directory;

    @Test
    void start_servesProducersAndConsumers() throws Exception {
        long starting = System.nanoTime();
        long started;
        long stopping;
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            started = System.nanoTime();
            createTopic(broker);
            produce(broker, bytes("hello"));

            assertThat(consume(broker, null)).containsExactly("hello");
            stopping = System.nanoTime();
        }
        System.out.printf(
                "embedded broker: started in %d ms, stopped in %d ms%n",
                TimeUnit.NANOSECONDS.toMillis(started - starting),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stopping));
    }

    @Test
    void restart_onAnotherPortKeepsRecordsAndCommittedOffsets() throws Exception {
        int firstPort;
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            firstPort = broker.port();
            createTopic(broker);
            produce(broker, bytes("first"));
            produce(broker, bytes("second"));
            commit(broker, "readers", 1);
        }

        try (var portTaken = new ServerSocket(firstPort, 1, InetAddress.getLoopbackAddress());
                var broker = EmbeddedBroker.start(directory, 0)) {
            assertThat(broker.port()).isNotEqualTo(portTaken.getLocalPort());
            assertThat(consume(broker, null)).containsExactly("first", "second");
            assertThat(consume(broker, "readers")).containsExactly("second");
        }
    }

    @Test
    void restart_onTheSamePortServesAtOnce() throws Exception {
        int port;
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            port = broker.port();
            createTopic(broker);
        }
        try (var broker = EmbeddedBroker.start(directory, port)) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            produce(broker, bytes("again"));
            assertThat(consume(broker, null)).containsExactly("again");
        }
    }

    /** Replies hold tokens: whoever has an account on the machine must not read them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void data_isForTheBrokersUserOnly(boolean alreadyThereAndOpen) throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path data = directory.resolve("parent/data");
        if (alreadyThereAndOpen) {
            Files.createDirectories(data);
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        }

        try (var broker = EmbeddedBroker.start(data, 0)) {
            assertThat(broker.port()).isPositive();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void start_twoBrokersAtOnceAreIndependent() throws Exception {
        try (var one = EmbeddedBroker.start(directory.resolve("one"), 0);
                var other = EmbeddedBroker.start(directory.resolve("other"), 0)) {
            createTopic(one);
            createTopic(other);
            produce(one, bytes("one"));
            produce(other, bytes("other"));

            assertThat(consume(one, null)).containsExactly("one");
            assertThat(consume(other, null)).containsExactly("other");
        }
    }

    @Test
    void produce_takesSixteenMebibytesAndTheHeadersOfADeadLetter() throws Exception {
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            createTopic(broker);
            var value = new byte[16 << 20];
            Arrays.fill(value, (byte) 'x');
            produce(broker, value);

            assertThat(consume(broker, null)).singleElement().satisfies(read -> assertThat(read)
                    .hasSize(value.length));
        }
    }

    @Test
    void produce_createsNoTopic() throws Exception {
        try (var broker = EmbeddedBroker.start(directory, 0);
                var admin = admin(broker)) {
            var describing = admin.describeTopics(List.of("greetings")).allTopicNames();

            assertThat(describing)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void start_namesThePortThatIsInUse() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(EmbeddedBrokerException.class)
                    .isThrownBy(() -> EmbeddedBroker.start(directory, taken.getLocalPort()))
                    .withMessageContainingAll(
                            "port " + taken.getLocalPort(),
                            "in use",
                            "SERAI_EMBEDDED_PORT",
                            "if it is the embedded broker of another serai, work on that one with"
                                    + " KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void start_refusesADirectoryInUse() {
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            assertThatExceptionOfType(EmbeddedBrokerException.class)
                    .isThrownBy(() -> EmbeddedBroker.start(directory, 0))
                    .withMessageContainingAll(
                            directory.toString(),
                            "in use by another embedded broker",
                            "serai.data-dir",
                            "SERAI_DATA_DIR");
            assertThat(broker.port()).isPositive();
        }
    }

    @Test
    void start_refusesADirectoryWithOtherFiles() throws IOException {
        Files.writeString(directory.resolve("meta.properties"), "version=1\nnode.id=1\ncluster.id=someone-elses\n");

        assertThatExceptionOfType(EmbeddedBrokerException.class)
                .isThrownBy(() -> EmbeddedBroker.start(directory, 0))
                .withMessageContainingAll(directory.toString(), "not an embedded broker's");
        assertThat(directory).isDirectoryNotContaining("glob:**lock");
    }

    @Test
    void start_saysWhichDirectoryCannotBeRead() throws IOException {
        EmbeddedBroker.start(directory, 0).close();
        Files.writeString(directory.resolve("meta.properties"), "version=1\nnode.id=7\ncluster.id=someone-elses\n");

        assertThatExceptionOfType(EmbeddedBrokerException.class)
                .isThrownBy(() -> EmbeddedBroker.start(directory, 0))
                .withMessageContainingAll(directory.toString(), "node");
    }

    @Test
    void start_saysThatAFileIsNoDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatExceptionOfType(EmbeddedBrokerException.class)
                .isThrownBy(() -> EmbeddedBroker.start(file, 0))
                .withMessageContainingAll(file.toString(), "cannot be used");
    }

    private static void createTopic(EmbeddedBroker broker) throws Exception {
        try (var admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), Optional.of(1), Optional.empty())))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private static void produce(EmbeddedBroker broker, byte[] value) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrapServers(), "max.request.size", 32 << 20, "max.block.ms", 20_000);
        try (var producer = Producers.with(settings)) {
            producer.send(new ProducerRecord<>(PARTITION.topic(), value)).get(20, TimeUnit.SECONDS);
        }
    }

    /** Everything from the beginning, or from what the group committed. */
    private static List<String> consume(EmbeddedBroker broker, @Nullable String group) {
        try (var consumer = consumer(broker, group)) {
            consumer.assign(List.of(PARTITION));
            if (group == null) {
                consumer.seekToBeginning(List.of(PARTITION));
            }
            var read = new ArrayList<String>();
            long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            while (consumer.position(PARTITION) < end) {
                for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofMillis(200))) {
                    read.add(new String(found.value(), StandardCharsets.UTF_8));
                }
            }
            return read;
        }
    }

    private static void commit(EmbeddedBroker broker, String group, long offset) {
        try (var consumer = consumer(broker, group)) {
            consumer.assign(List.of(PARTITION));
            consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(offset)));
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(EmbeddedBroker broker, @Nullable String group) {
        var settings = new HashMap<String, Object>();
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("enable.auto.commit", false);
        if (group != null) {
            settings.put("group.id", group);
        }
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers(), "request.timeout.ms", 20_000));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
