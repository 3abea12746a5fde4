package dev.serai.operate.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.AccountLook;
import dev.serai.connect.ProviderAccount;
import dev.serai.http.Credentials;
import dev.serai.http.Transport;
import dev.serai.operate.doctor.Found.Status;
import dev.serai.operate.doctor.TransactionTrial.Skew;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.testing.BesideOthers;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of what one broker, one machine and its clock cannot stage. */
@Timeout(120)
@BesideOthers
class FindingsTest {
    private static final Node ONE = new Node(1, "one", 9092);
    private static final Node TWO = new Node(2, "two", 9092);

    private final KafkaAccess kafka = new KafkaAccess(Map.of("bootstrap.servers", "kafka:9092"));

    @Test
    void partitionsWithoutALeader_andReplicasThatAreBehind_areNamedByTheirNumbers() {
        TopicDescription topic = new TopicDescription(
                "start",
                false,
                List.of(
                        new TopicPartitionInfo(0, ONE, List.of(ONE, TWO), List.of(ONE, TWO)),
                        new TopicPartitionInfo(1, Node.noNode(), List.of(ONE, TWO), List.of()),
                        new TopicPartitionInfo(2, ONE, List.of(ONE, TWO), List.of(ONE))));

        assertThat(new PartitionsCheck(kafka, List.of()).of(topic, OptionalLong.of(1), 2))
                .satisfiesExactly(
                        headless -> {
                            assertThat(headless.status()).isEqualTo(Status.ERROR);
                            assertThat(headless.text()).contains("start: no leader for partitions [1] of 3");
                            assertThat(headless.remedy())
                                    .contains("kafka-topics.sh --bootstrap-server kafka:9092 --describe --topic start");
                        },
                        behind -> {
                            assertThat(behind.status()).isEqualTo(Status.WARNING);
                            assertThat(behind.text()).contains("not in sync on partitions [2] of 3");
                        });
        assertThat(new PartitionsCheck(kafka, List.of()).of(topic, OptionalLong.of(2), 2))
                .anyMatch(found -> found.status() == Status.ERROR
                        && found.text().contains("min.insync.replicas=2 on partitions [2] of 3"));
    }

    @Test
    void oneReplica_whereThereAreMoreBrokers_isAWarning() {
        TopicDescription topic = new TopicDescription(
                "start", false, List.of(new TopicPartitionInfo(0, ONE, List.of(ONE), List.of(ONE))));

        assertThat(new PartitionsCheck(kafka, List.of()).of(topic, OptionalLong.of(1), 3))
                .singleElement()
                .satisfies(found -> assertThat(found.text()).contains("one replica of each partition"));
        assertThat(new PartitionsCheck(kafka, List.of()).of(topic, OptionalLong.of(1), 1))
                .allMatch(found -> found.status() == Status.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "20, 5, OK",
        "-900, 5, OK",
        "3000, 5, WARNING",
        "-3000, 5, WARNING",
        "9000, 5, ERROR",
        "5500, 600, WARNING"
    })
    void kafkasClock_isMeasuredAgainstWhatDeadlinesBear(long aheadMillis, long withinMillis, Status status)
            throws Exception {
        var seen = new TransactionTrial.Aborted(
                "serai-one-doctor",
                Duration.ofMillis(9),
                Optional.of(new Skew(Duration.ofMillis(aheadMillis), Duration.ofMillis(withinMillis))));

        assertThat(new ClockCheck(new Once<>(() -> seen), new Once<>(List::of), settings(Map.of())).look())
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.status()).isEqualTo(status);
                    assertThat(found.text()).contains(aheadMillis < 0 ? " behind this machine's" : " ahead of this");
                    if (status == Status.ERROR) {
                        assertThat(found.text()).contains("serai.conversation.max-clock-skew=5 s");
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({"http://192.0.2.1, ERROR", "http://127.0.0.1:8090, OK", "https://192.0.2.1, OK"})
    void hostWithoutTls_isAnError_unlessItIsThisMachine(URI baseUrl, Status status) throws Exception {
        var reached = new AccountLook.Reached(404, Optional.empty(), Instant.now(), Duration.ofMillis(20));
        var seen = new ProviderSurvey.Seen(
                List.of("default"), baseUrl, baseUrl, reached, new AccountLook.Characters(List.of()));
        Duration time = Duration.ofSeconds(1);
        Deployment deployment = new Deployment(
                settings(Map.of()),
                Map.of(),
                "one",
                Map.of("default", new ProviderAccount(baseUrl, new Credentials("a-key"))),
                new Transport(time, time, time, time, null, null),
                List.of());

        List<Found> found = new ProviderCheck(new Once<>(() -> List.of(seen)), deployment).look();

        assertThat(found.getFirst().status()).isEqualTo(status);
        if (status == Status.ERROR) {
            assertThat(found.getFirst().text()).contains("reads the API key and the tokens of rooms");
        }
    }

    private static SeraiSettings settings(Map<String, String> own) throws Exception {
        return Settings.load(Map.of(), Path.of("/dev/null"), own).values();
    }
}
