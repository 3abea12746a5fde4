package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.Acls;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code serai prove} says where Kafka does not let it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@LeftToCi
class ProveRightsTest {
    private static final String PREFIX = "prove-rights";

    /** A right on the cluster stands for that on each topic. */
    private static final ResourcePattern CLUSTER =
            new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL);

    private static final ResourcePattern TOPICS = new ResourcePattern(ResourceType.TOPIC, PREFIX, PatternType.PREFIXED);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0, Acls.BROKER);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @AfterEach
    void allowEverythingAgain_andDeleteWhatIsLeft() throws Exception {
        Acls.deleteAll(admin);
        admin.deleteTopics(topics()).all().get(20, TimeUnit.SECONDS);
        Awaitility.await().until(() -> topics().isEmpty());
    }

    private static void forbid(AclOperation operation, ResourcePattern... resources) throws Exception {
        List<AclBinding> bindings = Stream.of(resources)
                .flatMap(resource -> Stream.of(
                        rule(resource, AclOperation.ALL, AclPermissionType.ALLOW),
                        rule(resource, operation, AclPermissionType.DENY)))
                .toList();
        admin.createAcls(bindings).all().get(20, TimeUnit.SECONDS);
        Awaitility.await()
                .until(() ->
                        admin.describeAcls(AclBindingFilter.ANY).values().get().size() == bindings.size());
    }

    private static AclBinding rule(ResourcePattern resource, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(resource, new AccessControlEntry("User:*", "*", operation, permission));
    }

    /** What it says on standard error. */
    private static String refused() throws Exception {
        try (JavaProcess prove = JavaProcess.startSerai(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()),
                "prove",
                "--prefix",
                PREFIX,
                "--events",
                "20",
                "--replicas",
                "1")) {
            assertThat(prove.exitCode()).as(prove.errors()).isEqualTo(ExitCode.REFUSED);
            return prove.errors();
        }
    }

    private static List<String> topics() throws Exception {
        return admin.listTopics().names().get(20, TimeUnit.SECONDS).stream()
                .filter(name -> name.startsWith(PREFIX))
                .toList();
    }

    @Test
    void topicsThatMayNotBeMade_areRefused() throws Exception {
        forbid(AclOperation.CREATE, CLUSTER, TOPICS);

        String said = refused();

        assertThat(said)
                .contains(
                        ".start was refused: ",
                        "needs CREATE, DESCRIBE, READ, WRITE and DELETE on topics",
                        "kafka-acls.sh --bootstrap-server " + broker.bootstrapServers())
                .doesNotContain("\tat ");
        assertThat(topics()).isEmpty();
        assertThat(logsOfRuns()).isEmpty();
    }

    @Test
    void topicsThatMayNotBeDeleted_areRefusedBeforeTheRun_andNamed() throws Exception {
        forbid(AclOperation.DELETE, CLUSTER, TOPICS);

        String said = refused();

        assertThat(said).contains("not allow this client to DELETE topic " + PREFIX);
        assertThat(topics()).hasSize(4).allSatisfy(topic -> assertThat(said)
                .contains("could not be deleted: topic " + topic + " ("));
    }

    @Test
    void replicaThatIsRefused_isQuoted_andNothingIsLeft() throws Exception {
        forbid(AclOperation.WRITE, new ResourcePattern(ResourceType.TRANSACTIONAL_ID, PREFIX, PatternType.PREFIXED));

        String said = refused();

        assertThat(said)
                .contains("replica-1-1 has ended with exit code 3, and said:", "TransactionalId")
                .doesNotContain("\tat ");
        Awaitility.await().until(() -> topics().isEmpty());
    }

    private static List<Path> logsOfRuns() throws Exception {
        try (Stream<Path> temporary = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return temporary
                    .filter(file -> file.getFileName().toString().startsWith(PREFIX))
                    .toList();
        }
    }
}
