package dev.serai.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serai.cli.ExitCode;
import dev.serai.testing.Acls;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LogLines;
import dev.serai.testing.Producers;
import dev.serai.testing.RawEvents;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TypedCommands;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a start says of topics that are missing and of rights that are. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class StartRightsTest {
    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Admin admin;
    private static RunningSerai serai;

    private final TypedCommands commands = new TypedCommands();

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory, 0, Acls.BROKER);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        serai = new RunningSerai(broker.bootstrapServers(), Map.of(), UnaryOperator.identity());
    }

    @AfterAll
    static void stop() {
        serai.close();
        admin.close();
        broker.close();
    }

    @AfterEach
    void allowEverythingAgain() throws Exception {
        Acls.deleteAll(admin);
    }

    @Test
    void outboxTopicThatIsNotThere_isNamedWithItsStepAndTheCommand() {
        assertThatExceptionOfType(InvalidRoutesException.class)
                .isThrownBy(() -> serai.startReplica("wrong", sendingTo("audit.missing")))
                .withMessageContainingAll(
                        "topic audit.missing does not exist",
                        "route conversation (conversation.camel.yaml), step send-audit",
                        "kafka-topics.sh --bootstrap-server " + broker.bootstrapServers()
                                + " --create --topic audit.missing");
    }

    @Test
    void outboxTopicThatMayNotBeWritten_isNamedWithItsStepAndTheCommand() throws Exception {
        serai.createTopic("audit.read-only");
        allow(ResourceType.TOPIC, "audit.read-only", AclOperation.READ);

        assertThatExceptionOfType(InvalidRoutesException.class)
                .isThrownBy(() -> serai.startReplica("wrong", sendingTo("audit.read-only")))
                .withMessageContainingAll(
                        "not allow this client to WRITE topic audit.read-only",
                        "step send-audit",
                        "kafka-acls.sh",
                        "--operation WRITE --topic audit.read-only");
    }

    @Test
    void outboxTopicThatIsComputed_isLeftToTheEngine() {
        Map<String, String> settings = sendingTo("audit.${header.tenant}");

        serai.startReplica("computed", settings).close();
    }

    @Test
    void rightsThatTheServiceItselfLacks_areWarnedOf_andTheStartGoesOn() throws Exception {
        var kafka = serai.settings().kafka();
        String allowed = serai.allowedReplyTopic();
        allow(ResourceType.TOPIC, kafka.startTopic(), AclOperation.DESCRIBE);
        allow(ResourceType.TOPIC, kafka.replyTopic(), AclOperation.READ);
        allow(ResourceType.TOPIC, kafka.deadLetterTopic(), AclOperation.READ);
        allow(ResourceType.TOPIC, kafka.sessionTopic(), AclOperation.DESCRIBE);
        allow(ResourceType.TOPIC, allowed, AclOperation.READ);
        allow(ResourceType.GROUP, kafka.groupId(), AclOperation.DESCRIBE);

        try (LogLines log = LogLines.of(Thread.currentThread())) {
            serai.startReplica("second", Map.of()).close();

            assertThat(log.with("kafka-acls.sh")).hasSize(7).allMatch(line -> line.startsWith("WARN"));
            assertThat(log.with("READ topic " + kafka.startTopic())).hasSize(1);
            assertThat(log.with("READ group " + kafka.groupId())).hasSize(1);
            assertThat(log.with("READ topic " + kafka.sessionTopic())).hasSize(1);
            assertThat(log.with("WRITE topic " + kafka.sessionTopic())).hasSize(1);
            assertThat(log.with("WRITE topic " + kafka.replyTopic())).hasSize(1);
            assertThat(log.with("WRITE topic " + kafka.deadLetterTopic())).hasSize(1);
            assertThat(log.with("WRITE topic " + allowed)).hasSize(1);
        }
    }

    @Test
    void rightsThatTheServiceItselfLacks_areRefusedByACheck_whichTakesNone() throws Exception {
        var kafka = serai.settings().kafka();
        allow(ResourceType.TOPIC, kafka.startTopic(), AclOperation.DESCRIBE);
        allow(ResourceType.TOPIC, kafka.replyTopic(), AclOperation.READ);
        allow(ResourceType.GROUP, kafka.groupId(), AclOperation.DESCRIBE);

        assertThat(check()).isEqualTo(ExitCode.REFUSED);

        assertThat(commands.out().lines().filter(line -> line.startsWith("refused ")))
                .satisfiesExactlyInAnyOrder(
                        start -> assertThat(start).contains("READ topic " + kafka.startTopic(), "kafka-acls.sh"),
                        group -> assertThat(group).contains("READ group " + kafka.groupId(), "kafka-acls.sh"),
                        reply -> assertThat(reply).contains("WRITE topic " + kafka.replyTopic(), "kafka-acls.sh"));
        assertThat(commands.out()).contains("WRITE topic " + kafka.deadLetterTopic());
    }

    /** Nothing of it is noted by Kafka, and a producer of the same name goes on. */
    @Test
    void rightToTransactions_isLookedAt_withoutEndingThoseOfARunningService() throws Exception {
        String id = transactionalId();
        long epoch = epoch(id);

        assertThat(check()).as(commands.out()).isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .contains("WRITE transactional ids that begin with "
                        + serai.settings().kafka().groupId());
        assertThat(epoch(id)).isEqualTo(epoch);
        assertThat(admin.listTransactions().all().get(20, TimeUnit.SECONDS))
                .noneMatch(transaction -> transaction.transactionalId().contains("-check-"));
    }

    @Test
    void rightToTransactionsThatIsMissing_isRefusedByACheck() throws Exception {
        String group = serai.settings().kafka().groupId();
        allow(ResourceType.TRANSACTIONAL_ID, group, AclOperation.WRITE, "User:somebody-else", PatternType.PREFIXED);

        assertThat(check()).isEqualTo(ExitCode.REFUSED);

        assertThat(commands.out().lines().filter(line -> line.startsWith("refused ")))
                .singleElement()
                .asString()
                .contains("rights", "transactional id " + transactionalId(), "WRITE and DESCRIBE", "kafka-acls.sh");
    }

    @Test
    void rightToTheOneTransactionalId_cannotBeLookedAt_whichIsSaid() throws Exception {
        String group = serai.settings().kafka().groupId();
        allow(ResourceType.TRANSACTIONAL_ID, group, AclOperation.WRITE, "User:somebody-else", PatternType.PREFIXED);
        allow(ResourceType.TRANSACTIONAL_ID, transactionalId(), AclOperation.WRITE);

        assertThat(check()).isEqualTo(ExitCode.OK);

        assertThat(commands.out().lines().filter(line -> line.startsWith("not checked ")))
                .anyMatch(line -> line.contains("this client may DESCRIBE " + transactionalId()));
    }

    @Test
    void httpPortOfARunningService_isNoMistake() {
        assertThat(check("serai.http.port=" + serai.service().observeUri().getPort()))
                .isEqualTo(ExitCode.OK);

        assertThat(commands.out().lines().filter(line -> line.startsWith("not checked  http")))
                .singleElement()
                .asString()
                .contains("is in use by a Serai that runs");
    }

    @Test
    void topicsOfOwnRoutesThatAreNotThere_areWarnedOf_andTheStartGoesOn() {
        Map<String, String> settings = Map.of(
                "serai.routes-dir",
                        RouteFiles.copyWithExample("bridge-from-topic").toString(),
                "bridge.topic", "calls.missing",
                "bridge.rejected-topic", "rejected.missing");

        try (LogLines log = LogLines.of(Thread.currentThread())) {
            serai.startReplica("bridging", settings).close();

            assertThat(log.with("topic calls.missing does not exist, and route bridge-from-topic"
                            + " (bridge-from-topic.camel.yaml) begins with it"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("--create --topic calls.missing");
            assertThat(log.with("topic rejected.missing does not exist, and route bridge-from-topic"
                            + " (bridge-from-topic.camel.yaml), step send-to-rejected-topic sends to it"))
                    .hasSize(1);
        }
    }

    @Test
    void whatAnIntakeLacks_isWarnedOf_andTheStartGoesOn() throws Exception {
        var kafka = serai.settings().kafka();
        Map<String, String> settings = RawEvents.intake("missing", "raw.missing");
        settings.putAll(RawEvents.intake("forbidden", kafka.replyTopic() + ".raw"));
        serai.createTopic(kafka.replyTopic() + ".raw");
        allow(ResourceType.TOPIC, kafka.replyTopic() + ".raw", AclOperation.DESCRIBE);
        allow(ResourceType.TOPIC, kafka.startTopic(), AclOperation.READ);

        try (LogLines log = LogLines.of(Thread.currentThread())) {
            serai.startReplica("mapping", settings).close();

            assertThat(log.with("topic raw.missing does not exist, and intake missing takes nothing"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("--create --topic raw.missing");
            assertThat(log.with("READ topic " + kafka.replyTopic() + ".raw")).hasSize(1);
            assertThat(log.with("WRITE topic " + kafka.startTopic())).hasSize(1);
        }
    }

    /** Who has never run a job, and who may not see the topics, is told nothing of them. */
    @Test
    void whatRunningJobsLacks_isWarnedOf_onceThereAreJobs() throws Exception {
        var kafka = serai.settings().kafka();
        assertThat(check()).as(commands.out()).isEqualTo(ExitCode.OK);
        assertThat(commands.out()).doesNotContain(kafka.jobTopic());
        serai.createTopic(kafka.jobTopic());
        serai.createTopic(kafka.jobRowTopic());
        try {
            commands.forget();
            assertThat(check()).as(commands.out()).isEqualTo(ExitCode.OK);
            assertThat(commands.out())
                    .contains(
                            "READ topic " + kafka.jobTopic(),
                            "WRITE topic " + kafka.jobTopic(),
                            "READ topic " + kafka.jobRowTopic(),
                            "READ topic " + kafka.replyTopic(),
                            "WRITE topic " + kafka.startTopic(),
                            "READ group " + kafka.groupId() + ".jobs");
            // Of a group that is not there yet only its visibility can be asked.
            Awaitility.await("the service to run jobs")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> admin.listGroups().all().get(20, TimeUnit.SECONDS).stream()
                            .anyMatch(group -> group.groupId().equals(kafka.groupId() + ".jobs")));

            allow(ResourceType.TOPIC, kafka.jobTopic(), AclOperation.READ);
            allow(ResourceType.TOPIC, kafka.jobRowTopic(), AclOperation.DESCRIBE);
            allow(ResourceType.TOPIC, kafka.replyTopic(), AclOperation.WRITE);
            allow(ResourceType.GROUP, kafka.groupId() + ".jobs", AclOperation.DESCRIBE);
            List<String> lacking = List.of(
                    "WRITE topic " + kafka.jobTopic(),
                    "READ topic " + kafka.jobRowTopic(),
                    "READ topic " + kafka.replyTopic(),
                    "READ group " + kafka.groupId() + ".jobs");
            try (LogLines log = LogLines.of(Thread.currentThread())) {
                serai.startReplica("second", Map.of()).close();
                assertThat(log.with("kafka-acls.sh")).hasSize(4);
                lacking.forEach(right -> assertThat(log.with(right + ", and this replica runs no provisioning jobs"))
                        .hasSize(1));
            }
            for (boolean isDoctor : List.of(false, true)) {
                commands.forget();
                assertThat(isDoctor ? doctor("rights") : check()).isNotZero();
                List<String> refused = commands.out()
                        .lines()
                        .filter(line -> line.startsWith("refused ") || line.startsWith("error "))
                        .toList();
                assertThat(refused).hasSize(4);
                lacking.forEach(right -> assertThat(refused).anyMatch(line -> line.contains(right)));
            }
            commands.forget();
            assertThat(check("serai.provision.enabled=false")).isEqualTo(ExitCode.OK);
        } finally {
            serai.deleteTopic(kafka.jobTopic());
            serai.deleteTopic(kafka.jobRowTopic());
        }
    }

    private static String transactionalId() {
        return serai.settings().kafka().groupId() + "-" + serai.settings().instanceId();
    }

    private static long epoch(String transactionalId) throws Exception {
        return admin.describeTransactions(List.of(transactionalId))
                .description(transactionalId)
                .get(20, TimeUnit.SECONDS)
                .producerEpoch();
    }

    @Test
    void topicThatMayNotBeSeen_isRefusedByACheck_whichLooksAtTheRest() throws Exception {
        String replies = serai.settings().kafka().replyTopic();
        allow(ResourceType.TOPIC, replies, AclOperation.READ, "User:somebody-else");

        assertThat(check()).isEqualTo(ExitCode.REFUSED);

        assertThat(commands.out().lines().filter(line -> line.startsWith("refused ")))
                .satisfiesExactlyInAnyOrder(
                        topic -> assertThat(topic).contains("does not let this client see topic " + replies),
                        right -> assertThat(right).contains("WRITE topic " + replies, "kafka-acls.sh"));
        assertThat(commands.out())
                .contains("READ topic " + serai.settings().kafka().startTopic());
    }

    /** Each right is tried by itself, and what the client may not do says nothing of the rest. */
    @Test
    void rightsThatTheServiceLacks_areErrorsOfTheDoctor_oneByOne_withTheirCommands() throws Exception {
        var kafka = serai.settings().kafka();
        allow(ResourceType.TOPIC, kafka.startTopic(), AclOperation.DESCRIBE);
        allow(ResourceType.TOPIC, kafka.replyTopic(), AclOperation.READ);
        allow(ResourceType.GROUP, kafka.groupId(), AclOperation.DESCRIBE);

        assertThat(doctor("rights,retention,dead-letters")).isEqualTo(ExitCode.FAILED);

        assertThat(commands.out().lines().filter(line -> line.startsWith("error ")))
                .satisfiesExactlyInAnyOrder(
                        start -> assertThat(start)
                                .contains("rights", "READ topic " + kafka.startTopic(), "kafka-acls.sh"),
                        group -> assertThat(group).contains("READ group " + kafka.groupId(), "kafka-acls.sh"),
                        reply -> assertThat(reply).contains("WRITE topic " + kafka.replyTopic(), "kafka-acls.sh"));
        assertThat(commands.out().lines().filter(line -> line.startsWith("warning ")))
                .as("what a topic keeps is a right of its own")
                .anyMatch(line -> line.contains("what " + kafka.replyTopic() + " keeps may not be read")
                        && line.contains("--operation DESCRIBE_CONFIGS --topic " + kafka.replyTopic()));
        assertThat(commands.out())
                .contains("ok       rights        WRITE topic " + kafka.deadLetterTopic())
                .contains("ok       dead-letters");
    }

    @Test
    void doctorBesideARunningService_endsNoneOfItsTransactions() throws Exception {
        String id = transactionalId();
        long epoch = epoch(id);

        assertThat(doctor("transactions,groups,clock")).as(commands.out()).isEqualTo(ExitCode.OK);

        assertThat(epoch(id)).isEqualTo(epoch);
        assertThat(commands.out())
                .contains("transaction of " + id + "-doctor was begun and aborted")
                .contains("is Stable with 1 member; no offset of ");
    }

    @Test
    void rightToTransactionsThatIsMissing_isAnErrorOfTheDoctor() throws Exception {
        String group = serai.settings().kafka().groupId();
        allow(ResourceType.TRANSACTIONAL_ID, group, AclOperation.WRITE, "User:somebody-else", PatternType.PREFIXED);

        assertThat(doctor("transactions,clock")).isEqualTo(ExitCode.FAILED);

        assertThat(commands.out().lines().filter(line -> line.startsWith("error ")))
                .singleElement()
                .asString()
                .contains("no transaction of " + transactionalId() + "-doctor is allowed", "WRITE and DESCRIBE");
        assertThat(commands.out()).contains("skipped  clock");
    }

    /** Neither its producer nor its coordinator ends it; its id is none of this client's business. */
    @Test
    void transactionThatIsOpenForLong_isAnErrorOfTheDoctor_withTheCommandThatEndsIt() throws Exception {
        String dead = serai.settings().kafka().deadLetterTopic();
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "transactional.id",
                "orders-of-somebody",
                "transaction.timeout.ms",
                120_000);
        try (KafkaProducer<byte[], byte[]> producer = Producers.with(properties)) {
            producer.initTransactions();
            producer.beginTransaction();
            long twoMinutesAgo = System.currentTimeMillis() - 120_000;
            RecordMetadata first = producer.send(new ProducerRecord<>(dead, 0, twoMinutesAgo, null, new byte[] {1}))
                    .get(20, TimeUnit.SECONDS);
            allow(ResourceType.TRANSACTIONAL_ID, "orders-of-somebody", AclOperation.WRITE, "User:somebody-else");

            assertThat(doctor("hanging")).isEqualTo(ExitCode.FAILED);

            assertThat(commands.out().lines().filter(line -> line.startsWith("error ")))
                    .singleElement()
                    .asString()
                    .contains(
                            "hanging       transaction of an id that no coordinator tells this client",
                            ", 2 min, on " + dead + "-0 from offset " + first.offset(),
                            "kafka-transactions.sh --bootstrap-server " + broker.bootstrapServers() + " abort --topic "
                                    + dead + " --partition 0 --start-offset " + first.offset());
            allowEverythingAgain();
            producer.abortTransaction();
        }
    }

    private int doctor(String only) {
        return check("doctor", List.of("--only", only));
    }

    private int check(String... more) {
        return check("check", List.of(), more);
    }

    private int check(String command, List<String> options, String... more) {
        var kafka = serai.settings().kafka();
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(options);
        List<String> settings = new ArrayList<>(List.of(
                "serai.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "serai.connect.stand-in=true",
                "serai.http.port=0",
                "serai.routes-dir=" + RouteFiles.shippedFolder(),
                "serai.instance-id=" + serai.settings().instanceId(),
                "serai.kafka.group-id=" + kafka.groupId(),
                "serai.kafka.start-topic=" + kafka.startTopic(),
                "serai.kafka.reply-topic=" + kafka.replyTopic(),
                "serai.kafka.dead-letter-topic=" + kafka.deadLetterTopic(),
                "serai.kafka.session-topic=" + kafka.sessionTopic(),
                "serai.kafka.job-topic=" + kafka.jobTopic(),
                "serai.kafka.job-row-topic=" + kafka.jobRowTopic()));
        settings.addAll(List.of(more));
        return commands.run(settings, words);
    }

    @Test
    void clusterThatAllowsEverything_isNotSpokenOf() {
        try (LogLines log = LogLines.of(Thread.currentThread())) {
            serai.startReplica("third", Map.of()).close();

            assertThat(log.with("kafka-acls.sh")).isEmpty();
        }
    }

    private static Map<String, String> sendingTo(String topic) {
        String step = topic.contains("${") ? "toD" : "to";
        Path folder = RouteFiles.copyWith(Map.of("conversation", yaml -> yaml + """
                        - %s:
                            id: send-audit
                            uri: kafka:%s?kafkaClientFactory=#outbox
                """.formatted(step, topic)));
        return Map.of("serai.routes-dir", folder.toString());
    }

    private static void allow(ResourceType type, String name, AclOperation operation) throws Exception {
        allow(type, name, operation, "User:ANONYMOUS");
    }

    private static void allow(ResourceType type, String name, AclOperation operation, String principal)
            throws Exception {
        allow(type, name, operation, principal, PatternType.LITERAL);
    }

    private static void allow(
            ResourceType type, String name, AclOperation operation, String principal, PatternType pattern)
            throws Exception {
        AclBinding binding = new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
        admin.createAcls(List.of(binding)).all().get(20, TimeUnit.SECONDS);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        !admin.describeAcls(binding.toFilter()).values().get().isEmpty());
    }
}
