package dev.serai.operate.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.operate.doctor.Found.Status;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions that somebody leaves open on a topic of the service's. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class HangingTransactionsCheckTest {
    private static final Duration NOTHING = Duration.ZERO;
    private static final Duration LONG = Duration.ofHours(1);

    private final String suffix = "." + UUID.randomUUID();
    private final String replies = "replies" + suffix;
    private KafkaAccess kafka;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void prepare() throws Exception {
        SharedBroker.createTopic(replies);
        Map<String, Object> properties = new HashMap<>(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()));
        kafka = new KafkaAccess(properties);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "orders" + suffix);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 120_000);
        producer = Producers.with(properties);
        producer.initTransactions();
        producer.beginTransaction();
    }

    @AfterEach
    void close() {
        producer.close(Duration.ZERO);
        kafka.close();
    }

    @Test
    void openTransaction_isNamedByItsId_sinceWhen_where_andHowToEndIt() throws Exception {
        producer.send(new ProducerRecord<>(replies, new byte[] {1})).get(20, TimeUnit.SECONDS);
        RecordMetadata second =
                producer.send(new ProducerRecord<>(replies, new byte[] {2})).get(20, TimeUnit.SECONDS);

        List<Found> found = check(NOTHING, NOTHING).look();

        assertThat(found)
                .filteredOn(one -> one.status() == Status.ERROR)
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.text())
                            .contains(
                                    "transaction orders" + suffix + " (producer ",
                                    "has been open since 20",
                                    "on " + replies + "-0 from offset " + (second.offset() - 1),
                                    "its coordinator ends it after 2 min",
                                    "readers of what is committed wait there");
                    assertThat(one.remedy())
                            .contains(
                                    "start the program that has this id again",
                                    "kafka-transactions.sh --bootstrap-server " + SharedBroker.bootstrapServers()
                                            + " abort --topic " + replies + " --partition 0 --start-offset "
                                            + (second.offset() - 1));
                });
        assertThat(check(NOTHING, LONG).look())
                .as("not for long yet")
                .anyMatch(one -> one.status() == Status.WARNING && one.text().contains("transaction orders" + suffix));
    }

    @Test
    void transactionThatIsYoung_orOver_isNotSpokenOf() throws Exception {
        producer.send(new ProducerRecord<>(replies, new byte[] {1})).get(20, TimeUnit.SECONDS);

        assertThat(check(LONG, LONG).look()).allMatch(one -> one.status() == Status.OK);

        producer.abortTransaction();
        // It is confirmed when it is decided; the brokers write its ends afterwards.
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        check(NOTHING, NOTHING).look())
                .noneMatch(one -> one.text().contains("transaction orders" + suffix)));
    }

    private HangingTransactionsCheck check(Duration least, Duration hanging) throws Exception {
        SeraiSettings settings = Settings.load(
                        Map.of(), Path.of("/dev/null"), Map.of("serai.kafka.group-id", "group" + suffix))
                .values();
        return new HangingTransactionsCheck(
                kafka, List.of(new OwnTopic(replies, OwnTopic.Use.REPLIES)), settings, least, hanging);
    }
}
