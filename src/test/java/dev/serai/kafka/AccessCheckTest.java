package dev.serai.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serai.kafka.AccessCheck.Lack;
import dev.serai.kafka.AccessCheck.Need;
import dev.serai.kafka.AccessCheck.Resource;
import dev.serai.testing.Acls;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Topics;
import dev.serai.trial.broker.EmbeddedBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a broker with an authorizer, where what has no rules is open to all. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class AccessCheckTest {
    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Admin admin;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory, 0, Acls.BROKER);
        admin = Admin.create(settings());
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    @Test
    void topicThatMayBeWritten_lacksNothing() throws Exception {
        createTopic("open");
        createTopic("granted");
        allow(ResourceType.TOPIC, "granted", AclOperation.WRITE);

        assertThat(lacks(write("open"), write("granted"))).isEmpty();
    }

    @Test
    void topicThatMayOnlyBeRead_lacksTheRightToWrite_andTheCommandIsNamed() throws Exception {
        createTopic("read-only");
        allow(ResourceType.TOPIC, "read-only", AclOperation.READ);

        assertThat(lacks(write("read-only"), need(Resource.TOPIC, "read-only", AclOperation.READ)))
                .singleElement()
                .satisfies(lack -> assertThat(lack.need()).isEqualTo(write("read-only")))
                .extracting(Lack::text)
                .isEqualTo("Kafka does not allow this client to WRITE topic read-only, and a test wants it. Allow it"
                        + " with: kafka-acls.sh --bootstrap-server " + broker.bootstrapServers()
                        + " --add --allow-principal User:NAME --operation WRITE --topic read-only");
    }

    @Test
    void topicThatMayNotBeSeen_lacksTheRight() throws Exception {
        createTopic("hidden");
        deny(ResourceType.TOPIC, "hidden", AclOperation.ALL);

        assertThat(lacks(write("hidden")))
                .singleElement()
                .extracting(Lack::text)
                .asString()
                .contains("WRITE topic hidden", "kafka-acls.sh");
    }

    @Test
    void topicThatIsNotThere_isNamedWithTheCommand() throws Exception {
        assertThat(lacks(write("nowhere")))
                .singleElement()
                .extracting(Lack::text)
                .isEqualTo("topic nowhere does not exist, and a test wants it. Create it with: kafka-topics.sh"
                        + " --bootstrap-server " + broker.bootstrapServers() + " --create --topic nowhere");
    }

    @Test
    void nameThatNoTopicCanHave_isSaid() throws Exception {
        assertThat(lacks(write("no topic!")))
                .singleElement()
                .extracting(Lack::text)
                .asString()
                .contains("no topic! is no name that a topic can have");
    }

    @Test
    void groupThatMayNotBeSeen_lacksTheRight_andOneThatIsNotThereDoesNot() throws Exception {
        deny(ResourceType.GROUP, "forbidden", AclOperation.ALL);

        assertThat(lacks(group("forbidden"), group("not-yet")))
                .singleElement()
                .extracting(Lack::text)
                .asString()
                .contains("READ group forbidden", "--operation READ --group forbidden");
    }

    @Test
    void kafkaThatDoesNotAnswer_isAnError() throws Exception {
        String address;
        try (var closedAgain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + closedAgain.getLocalPort();
        }
        var check = new AccessCheck(Map.of("bootstrap.servers", address), Duration.ofMillis(1_500));

        assertThatExceptionOfType(KafkaException.class).isThrownBy(() -> check.lacks(List.of(write("any"))));
    }

    private static Need write(String topic) {
        return need(Resource.TOPIC, topic, AclOperation.WRITE);
    }

    private static Need group(String name) {
        return need(Resource.GROUP, name, AclOperation.READ);
    }

    private static Need need(Resource resource, String name, AclOperation operation) {
        return new Need(resource, name, operation, "a test wants it");
    }

    private static List<Lack> lacks(Need... needs) throws Exception {
        return new AccessCheck(settings(), Duration.ofSeconds(20)).lacks(Arrays.asList(needs));
    }

    private static Map<String, Object> settings() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private static void createTopic(String name) throws Exception {
        Topics.create(admin, List.of(new NewTopic(name, Optional.of(1), Optional.empty())));
    }

    private static void allow(ResourceType type, String name, AclOperation operation) throws Exception {
        create(allowing(type, name, operation));
    }

    private static AclBinding allowing(ResourceType type, String name, AclOperation operation) {
        return binding(type, name, operation, AclPermissionType.ALLOW);
    }

    private static void deny(ResourceType type, String name, AclOperation operation) throws Exception {
        create(binding(type, name, operation, AclPermissionType.DENY));
    }

    private static AclBinding binding(
            ResourceType type, String name, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }

    private static void create(AclBinding binding) throws Exception {
        admin.createAcls(List.of(binding)).all().get(20, TimeUnit.SECONDS);
        Awaitility.await()
                .until(() ->
                        !admin.describeAcls(binding.toFilter()).values().get().isEmpty());
    }
}
