package dev.serai.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serai.testing.BesideOthers;
import dev.serai.trial.broker.EmbeddedBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ConversationTopicSetupTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Admin admin;

    private ConversationTopics topics;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory, 0);
        admin = Admin.create(settings());
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    @BeforeEach
    void nameTopics(TestInfo test) {
        topics = topicsOf(test.getTestMethod().orElseThrow().getName(), 3);
    }

    @Test
    void ensure_createsWhatIsMissingAndReportsIt() throws Exception {
        List<String> created = setup(true).ensure(topics);

        assertThat(created)
                .containsExactly(topics.start(), topics.replies().getFirst(), topics.sessions(), topics.deadLetters());
        assertThat(created).allSatisfy(topic -> {
            assertThat(describe(topic).partitions()).hasSize(3);
            assertThat(describe(topic).partitions().getFirst().replicas()).hasSize(1);
        });
    }

    @Test
    void ensure_givesEachTopicItsSettings() throws Exception {
        setup(true).ensure(topics);

        // The start topic's is the broker's own.
        assertThat(setting(topics.start(), "retention.ms")).isEqualTo("-1");
        assertThat(setting(topics.replies().getFirst(), "retention.ms")).isEqualTo("3600000");
        assertThat(setting(topics.sessions(), "cleanup.policy")).isEqualTo("compact,delete");
        assertThat(setting(topics.sessions(), "retention.ms")).isEqualTo("172800000");
    }

    @Test
    void ensure_letsDeadLettersTakeWhatTheStartTopicTakesWithHeaders() throws Exception {
        create(topics.start(), 1, Map.of("max.message.bytes", "5000000"));

        List<String> created = setup(true).ensure(topics);

        assertThat(created).doesNotContain(topics.start()).contains(topics.deadLetters());
        assertThat(setting(topics.deadLetters(), "max.message.bytes")).isEqualTo("5065536");
    }

    @Test
    void ensure_readsTheLimitOfAStartTopicThatItCreates() throws Exception {
        setup(true).ensure(topics);

        assertThat(setting(topics.deadLetters(), "max.message.bytes"))
                .isEqualTo(String.valueOf(Integer.parseInt(setting(topics.start(), "max.message.bytes")) + 65536));
    }

    @Test
    void ensure_leavesExistingTopicsAlone() throws Exception {
        create(topics.replies().getFirst(), 1, Map.of("retention.ms", "1000"));

        assertThat(setup(true).ensure(topics)).doesNotContain(topics.replies().getFirst());
        assertThat(setup(true).ensure(topics)).isEmpty();

        assertThat(describe(topics.replies().getFirst()).partitions()).hasSize(1);
        assertThat(setting(topics.replies().getFirst(), "retention.ms")).isEqualTo("1000");
    }

    @Test
    void ensure_givesTheSessionTopicThePartitionsOfTheStartTopic() throws Exception {
        create(topics.start(), 5, Map.of());

        setup(true).ensure(topics);

        assertThat(describe(topics.sessions()).partitions()).hasSize(5);
        assertThat(describe(topics.replies().getFirst()).partitions()).hasSize(3);
    }

    @Test
    void ensure_givesTheSessionTopicMorePartitionsWhenTheStartTopicHasBeenGivenMore() throws Exception {
        create(topics.start(), 5, Map.of());
        create(topics.sessions(), 2, Map.of());

        assertThat(setup(true).ensure(topics)).doesNotContain(topics.sessions());

        assertThat(describe(topics.sessions()).partitions()).hasSize(5);
    }

    @Test
    void ensure_byManyReplicasAtOnceGrowsTheSessionTopic() throws Exception {
        create(topics.start(), 9, Map.of());
        create(topics.sessions(), 2, Map.of());
        Callable<List<String>> replica = () -> setup(true).ensure(topics);

        try (var replicas = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : replicas.invokeAll(List.of(replica, replica, replica, replica))) {
                one.get();
            }
        }

        assertThat(describe(topics.sessions()).partitions()).hasSize(9);
    }

    @Test
    void ensure_saysHowToGiveTheSessionTopicMorePartitionsWhenItMayNot() throws Exception {
        create(topics.start(), 5, Map.of());
        create(topics.sessions(), 2, Map.of());

        assertThatExceptionOfType(TopicSetupException.class)
                .isThrownBy(() -> setup(false).ensure(topics))
                .withMessageContainingAll(
                        topics.sessions() + " has 2, " + topics.start() + " 5",
                        "kafka-topics.sh --bootstrap-server " + broker.bootstrapServers() + " --alter --topic "
                                + topics.sessions() + " --partitions 5")
                .withMessageNotContaining("--delete");
        assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).doesNotContain(topics.deadLetters());
    }

    @Test
    void ensure_saysWhatIsLostWhenTheStartTopicHasFewerPartitions() throws Exception {
        create(topics.start(), 2, Map.of());
        create(topics.sessions(), 5, Map.of());

        assertThatExceptionOfType(TopicSetupException.class)
                .isThrownBy(() -> setup(true).ensure(topics))
                .withMessageContainingAll(
                        topics.sessions() + " has 5, " + topics.start() + " 2",
                        "forget all conversations",
                        "--delete --topic " + topics.sessions(),
                        "keys then go to another partition",
                        "--alter --topic " + topics.start() + " --partitions 5");
    }

    @Test
    void ensure_createsNoStartTopicBesideASessionTopicOfOtherPartitions() throws Exception {
        create(topics.sessions(), 2, Map.of());

        assertThatExceptionOfType(TopicSetupException.class)
                .isThrownBy(() -> setup(true).ensure(topics))
                .withMessageContainingAll(
                        topics.sessions() + " has 2, " + topics.start() + " is to be created with 3",
                        "Set serai.kafka.partitions to 2");
        assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).doesNotContain(topics.start());
    }

    @Test
    void ensure_byManyReplicasAtOnceCreatesEachTopicOnce() throws Exception {
        Callable<List<String>> replica = () -> setup(true).ensure(topics);
        List<String> created = new ArrayList<>();
        try (var replicas = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : replicas.invokeAll(List.of(replica, replica, replica, replica))) {
                created.addAll(one.get());
            }
        }

        assertThat(created)
                .containsExactlyInAnyOrder(
                        topics.start(), topics.replies().getFirst(), topics.sessions(), topics.deadLetters());
    }

    @Test
    void ensure_namesTopicsAndCommandsWhenCreationIsOff() throws Exception {
        create(topics.start(), 1, Map.of("max.message.bytes", "5000000"));

        assertThatExceptionOfType(TopicSetupException.class)
                .isThrownBy(() -> setup(false).ensure(topics))
                .withMessageContainingAll(
                        "serai.kafka.create-topics is false",
                        topics.replies().getFirst() + " (3 partitions, retention.ms=3600000)",
                        "kafka-topics.sh --bootstrap-server " + broker.bootstrapServers() + " --create --topic "
                                + topics.replies().getFirst() + " --partitions 3 --config retention.ms=3600000",
                        "--topic " + topics.sessions()
                                + " --partitions 1 --config cleanup.policy=compact,delete --config retention.ms=172800000 --config segment.bytes=52428800",
                        "--topic " + topics.deadLetters()
                                + " --partitions 3 --config max.message.bytes=5065536 --config retention.ms=-1")
                .withMessageNotContaining("--topic " + topics.start());
    }

    @Test
    void ensure_saysHowToLimitDeadLettersWhenTheStartTopicIsMissingToo() {
        assertThatExceptionOfType(TopicSetupException.class)
                .isThrownBy(() -> setup(false).ensure(topics))
                .withMessageContaining("--topic " + topics.start() + " --partitions 3")
                .withMessageContaining("give " + topics.deadLetters() + " 65536 more");
    }

    @Test
    void ensure_namesTopicsAndCommandsWhenKafkaRefuses(TestInfo test) {
        // More partitions than Kafka creates in one request: a policy violation.
        ConversationTopics tooMany = topicsOf(test.getDisplayName().replaceAll("\\W", ""), 10_001);

        assertThatExceptionOfType(TopicSetupException.class)
                .isThrownBy(() -> setup(true).ensure(tooMany))
                .withMessageContainingAll(
                        "creating " + tooMany.start() + " was refused",
                        "--topic " + tooMany.start() + " --partitions 10001",
                        "--topic " + tooMany.sessions() + " --partitions 10001 --config cleanup.policy=compact,delete");
    }

    @Test
    void ensure_namesAKafkaThatDoesNotAnswer() throws Exception {
        String address;
        try (var closedAgain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + closedAgain.getLocalPort();
        }
        var setup = new ConversationTopicSetup(Map.of("bootstrap.servers", address), true, Duration.ofMillis(1500));

        assertThatExceptionOfType(TopicSetupException.class)
                .isThrownBy(() -> setup.ensure(topics))
                .withMessageContainingAll("Kafka at " + address, "within 1.5 s", "KAFKA_BOOTSTRAP_SERVERS");
    }

    @Test
    void ensure_namesAddressesThatCannotBeResolved() {
        var setup = new ConversationTopicSetup(Map.of("bootstrap.servers", "kafka.invalid:9092"), true, TIMEOUT);

        assertThatExceptionOfType(TopicSetupException.class)
                .isThrownBy(() -> setup.ensure(topics))
                .withMessageContainingAll(
                        "Kafka at kafka.invalid:9092", "no address for that name", "KAFKA_BOOTSTRAP_SERVERS");
    }

    private static ConversationTopics topicsOf(String prefix, int partitions) {
        return new ConversationTopics(
                prefix + ".start",
                List.of(prefix + ".replies"),
                prefix + ".dead-letters",
                prefix + ".sessions",
                List.of(),
                partitions,
                ConversationTopics.DEFAULT_REPLY_RETENTION,
                Duration.ofDays(2));
    }

    private static ConversationTopicSetup setup(boolean createMissing) {
        return new ConversationTopicSetup(settings(), createMissing, TIMEOUT);
    }

    private static Map<String, Object> settings() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private static void create(String topic, int partitions, Map<String, String> configuration) throws Exception {
        var creation = new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configuration);
        admin.createTopics(List.of(creation)).all().get(20, TimeUnit.SECONDS);
        // The controller has made it; the broker, which describes it, hears of it a little later.
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> describe(topic).partitions().size() == partitions);
    }

    private static TopicDescription describe(String topic) throws Exception {
        var descriptions = admin.describeTopics(List.of(topic)).allTopicNames().get(20, TimeUnit.SECONDS);
        return descriptions.values().iterator().next();
    }

    private static String setting(String topic, String key) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var settings = admin.describeConfigs(List.of(resource)).all().get(20, TimeUnit.SECONDS);
        return settings.values().iterator().next().get(key).value();
    }
}
