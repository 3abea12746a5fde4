package dev.serai.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.operate.doctor.CheckName;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Certificates;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Producers;
import dev.serai.testing.RawServer;
import dev.serai.testing.SharedBroker;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.ListedCharacter;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.DeadLetter;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of trouble of a deployment, staged: the doctor names it and says what to do. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class DoctorCommandTest {
    private static final StandInOptions PROVIDER = StandInOptions.defaults()
            .withApiKey(DoctorTopics.KEY)
            .withCharacters(
                    List.of(new ListedCharacter("ada", "Ada", false), new ListedCharacter("memo", "Memo", true)));

    @TempDir
    private Path directory;

    @AutoClose
    private DoctorTopics doctor;

    @BeforeEach
    void prepare() throws Exception {
        doctor = new DoctorTopics(directory);
    }

    /** And nothing is changed: there is no record more, no offset, no member, no session. */
    @Test
    void soundDeployment_hasNoError_andIsNotChanged() throws Exception {
        doctor.create();
        StandIn provider = doctor.provider(PROVIDER);
        doctor.settings.put("serai.conversation.default-character-id", "ada");
        doctor.settings.put(
                "serai.sessions.key-file",
                doctor.secret(
                                "sealing",
                                Base64.getEncoder()
                                        .encodeToString("32 bytes, and no more than those".getBytes(US_ASCII)))
                        .toString());
        Map<TopicPartition, Long> before = ends();

        assertThat(doctor.execute())
                .as(doctor.commands.out() + "\n" + doctor.commands.err())
                .isEqualTo(ExitCode.OK);

        for (CheckName check : CheckName.values()) {
            assertThat(doctor.commands.out().lines())
                    .as(check.label())
                    .anyMatch(line -> line.matches("(ok|skipped) +" + check.label() + " .*"));
        }
        assertThat(doctor.lines("warning", "")).isEmpty();
        assertThat(doctor.line("skipped", ""))
                .contains("the clock of " + provider.baseUrl() + " is seen by the Date of an answer only");
        assertThat(doctor.lines("ok", "broker"))
                .anyMatch(line -> line.contains("metadata.version "))
                .anyMatch(line -> line.contains("is advertised as " + SharedBroker.bootstrapServers()));
        assertThat(doctor.line("ok", "transactions")).contains(doctor.group + "-one-doctor was begun and aborted");
        assertThat(doctor.line("ok", "clock")).contains("Kafka's clock is", "give or take", "the coordinator says");
        assertThat(doctor.lines("ok", "rights")).anyMatch(line -> line.contains("WRITE topic " + doctor.replies));
        assertThat(doctor.commands.out())
                .contains("errors: 0, warnings: 0, ok: ")
                .doesNotContain(DoctorTopics.KEY);
        assertThat(ends()).isEqualTo(before);
        // Kafka notes the name of the group that the trial transaction was for, until it looks next, and nothing else
        // of it.
        assertThat(doctor.admin
                        .describeConsumerGroups(List.of(doctor.group))
                        .all()
                        .get(20, TimeUnit.SECONDS)
                        .values())
                .singleElement()
                .satisfies(group -> assertThat(group.groupState()).isEqualTo(GroupState.EMPTY));
        assertThat(doctor.admin
                        .listConsumerGroupOffsets(doctor.group)
                        .partitionsToOffsetAndMetadata()
                        .get(20, TimeUnit.SECONDS))
                .isEmpty();
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(doctor.admin
                        .describeTransactions(List.of(doctor.group + "-one-doctor"))
                        .description(doctor.group + "-one-doctor")
                        .get(20, TimeUnit.SECONDS)
                        .topicPartitions())
                .isEmpty());
        assertThat(provider.calls()).noneMatch(call -> call.path().equals("/connect"));
        assertThat(provider.openRooms()).isEmpty();
    }

    @Test
    void topicsThatAreNotThere_areCreatedByNobody() throws Exception {
        assertThat(doctor.execute("--only", "topics,partitions,retention,groups,readers,dead-letters"))
                .as(doctor.commands.out())
                .isEqualTo(ExitCode.OK);

        assertThat(doctor.lines("ok", "topics"))
                .hasSize(4)
                .allMatch(line -> line.contains("is not there, and is created by the start"));
        assertThat(doctor.admin.listTopics().names().get(20, TimeUnit.SECONDS))
                .noneMatch(name -> name.contains(doctor.suffix));
    }

    @Test
    void missingTopicThatMayNotBeCreated_isAnError_withTheCommand() throws Exception {
        doctor.settings.put("serai.kafka.create-topics", "false");

        assertThat(doctor.execute("--only", "topics")).isEqualTo(ExitCode.FAILED);

        assertThat(doctor.commands.out())
                .contains("error    topics", "kafka-topics.sh", "--create --topic " + doctor.replies);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replies  | cleanup.policy | compact      | credentials of the last room of each key stay | cleanup.policy=delete,retention.ms=3600000",
                "replies  | retention.ms   | 604800000    | keeps records for 7 days, more than serai.kafka.reply-retention=60 min | retention.ms=3600000",
                "replies  | retention.ms   | -1           | keeps records for ever | retention.ms=3600000",
                "start    | cleanup.policy | compact      | the earlier one is dropped, and never answered | cleanup.policy=delete",
                "letters  | cleanup.policy | compact      | the earlier one is dropped | cleanup.policy=delete",
                "sessions | cleanup.policy | delete       | grows with each event | cleanup.policy=[compact,delete]",
                "sessions | retention.ms   | 86400000     | less than serai.sessions.retention=30 days | retention.ms=2592000000",
            })
    void topicThatKeepsTooMuchOrTooLittle_isAnError_withTheCommand(
            String topic, String name, String value, String what, String remedy) throws Exception {
        doctor.create();
        doctor.configure(topic + doctor.suffix, name, value);

        assertThat(doctor.execute("--only", "retention")).isEqualTo(ExitCode.FAILED);

        assertThat(doctor.line("error", "retention"))
                .contains(
                        what,
                        "kafka-configs.sh --bootstrap-server " + SharedBroker.bootstrapServers()
                                + " --alter --entity-type topics --entity-name " + topic + doctor.suffix
                                + " --add-config " + remedy);
        assertThat(doctor.lines("ok", "retention")).hasSize(3);
    }

    @Test
    void topicOfRawEvents_isLookedAt_too() throws Exception {
        doctor.create();
        doctor.create("raw" + doctor.suffix, Map.of("cleanup.policy", "compact"));
        doctor.settings.put("serai.intake.calls.topic", "raw" + doctor.suffix);
        doctor.settings.put("serai.intake.calls.mapping", "twilio");

        assertThat(doctor.execute("--only", "retention,partitions,groups")).isEqualTo(ExitCode.FAILED);

        assertThat(doctor.line("error", "retention")).contains("raw" + doctor.suffix);
        assertThat(doctor.lines("ok", "partitions")).anyMatch(line -> line.contains("raw" + doctor.suffix + ": 2"));
        assertThat(doctor.lines("ok", "groups")).anyMatch(line -> line.contains(doctor.group + ".intake.calls"));
    }

    /** They are there from the first job on. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jobs     | cleanup.policy | delete          | a job of which nothing was written for so long is forgotten | cleanup.policy=compact",
                "jobs     | cleanup.policy | compact,delete  | a job of which nothing was written for so long is forgotten | cleanup.policy=compact",
                "job-rows | cleanup.policy | compact         | of two rows with one key the earlier one is dropped, and never published | cleanup.policy=delete,retention.ms=2592000000",
                "job-rows | retention.ms   | 3600000         | keeps records for 60 min, less than the 30 days | retention.ms=2592000000",
            })
    void topicOfJobsThatForgets_isAnError_withTheCommand(
            String topic, String name, String value, String what, String remedy) throws Exception {
        doctor.create();
        doctor.createJobTopics();
        // As most clusters have it, and the tests' own broker does not.
        doctor.configure(topic + doctor.suffix, "retention.ms", "604800000");
        doctor.configure(topic + doctor.suffix, name, value);

        assertThat(doctor.execute("--only", "retention,partitions")).isEqualTo(ExitCode.FAILED);

        assertThat(doctor.line("error", "retention"))
                .contains(
                        what,
                        " --alter --entity-type topics --entity-name " + topic + doctor.suffix + " --add-config "
                                + remedy);
        assertThat(doctor.lines("ok", "retention")).hasSize(5);
        assertThat(doctor.lines("ok", "partitions")).hasSize(6);
    }

    @Test
    void deploymentWithJobs_isSound_whenTheFirstJobHasMadeItsTopics() throws Exception {
        doctor.create();
        doctor.createJobTopics();

        assertThat(doctor.execute("--only", "topics,rights,partitions,retention,groups,hanging"))
                .as(doctor.commands.out())
                .isEqualTo(ExitCode.OK);

        assertThat(doctor.lines("skipped", "")).isEmpty();
        assertThat(doctor.lines("ok", "topics"))
                .anyMatch(line -> line.contains("jobs" + doctor.suffix + " and job-rows" + doctor.suffix + " of"));
        assertThat(doctor.lines("ok", "rights"))
                .anyMatch(line -> line.contains("READ topic job-rows" + doctor.suffix))
                .anyMatch(line -> line.contains("READ group " + doctor.group + ".jobs"));
        assertThat(doctor.lines("ok", "groups")).anyMatch(line -> line.contains("group " + doctor.group + ".jobs"));
    }

    /** Of two numbers of partitions a job of the higher ones has rows that no replica reads. */
    @Test
    void topicsOfJobsWithUnlikePartitions_areAnError() throws Exception {
        doctor.create();
        doctor.createJobTopics();
        doctor.admin
                .createPartitions(Map.of("jobs" + doctor.suffix, NewPartitions.increaseTo(3)))
                .all()
                .get(20, TimeUnit.SECONDS);

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        doctor.execute("--only", "topics"))
                .as(doctor.commands.out())
                .isEqualTo(ExitCode.FAILED));
        assertThat(doctor.line("error", "topics"))
                .contains("jobs" + doctor.suffix + " has 3 partitions", "job-rows" + doctor.suffix + " has 2");
    }

    @Test
    void replicasBelowWhatMustBeInSync_areAnError() throws Exception {
        doctor.create();
        doctor.configure(doctor.start, "min.insync.replicas", "2");

        assertThat(doctor.execute("--only", "partitions")).isEqualTo(ExitCode.FAILED);

        assertThat(doctor.line("error", "partitions"))
                .contains(doctor.start, "min.insync.replicas=2 on partitions [0, 1] of 2", "lower min.insync.replicas");
    }

    @Test
    void kafkaThatDoesNotAnswer_ends_withTheRestLookedAt() throws Exception {
        doctor.provider(PROVIDER);
        doctor.settings.put("serai.kafka.bootstrap-servers", "127.0.0.1:1");

        assertThat(doctor.execute()).isEqualTo(ExitCode.REFUSED);

        assertThat(doctor.line("error", ""))
                .contains("broker", "Kafka at 127.0.0.1:1 did not answer", "KAFKA_BOOTSTRAP_SERVERS");
        assertThat(doctor.line("skipped", "retention")).contains("Kafka cannot be asked");
        assertThat(doctor.lines("ok", "provider")).hasSize(2);
        assertThat(doctor.lines("ok", "routes")).hasSize(1);
    }

    /** Nobody answers anything: the worst that there is. */
    @Test
    void kafkaAndProviderThatTakeConnectionsAndSayNothing_costHalfAMinuteAtMost() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            doctor.settings.put("serai.kafka.bootstrap-servers", "127.0.0.1:" + mute.getLocalPort());
            doctor.settings.put("serai.connect.base-url", "http://127.0.0.1:" + mute.getLocalPort());
            long begun = System.nanoTime();

            assertThat(doctor.execute()).isEqualTo(ExitCode.REFUSED);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
            assertThat(doctor.line("error", "broker")).contains("does not answer");
            assertThat(doctor.line("error", "provider")).contains("does not answer in time");
        }
    }

    /** Both addresses lead to a web server, as behind a wrong load balancer. */
    @Test
    void webServerInPlaceOfKafkaAndProvider_isNamed() throws Exception {
        StandIn web = doctor.provider(PROVIDER);
        try (RawServer html = new RawServer()) {
            html.answer("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 45\n\n" + "<html><body>Sign in, "
                    + DoctorTopics.KEY.substring(0, 8) + "</body></html>  ");
            doctor.settings.put("serai.kafka.bootstrap-servers", "127.0.0.1:" + web.port());
            doctor.settings.put("serai.connect.base-url", html.uri().toString());
            long begun = System.nanoTime();

            assertThat(doctor.execute()).isEqualTo(ExitCode.REFUSED);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
            assertThat(doctor.line("error", "broker")).contains("127.0.0.1:" + web.port());
            assertThat(doctor.lines("warning", "provider"))
                    .as(doctor.commands.out())
                    .anyMatch(
                            line -> line.contains("whether the key is good and which characters it has is not known"));
            assertThat(doctor.commands.out()).doesNotContain(DoctorTopics.KEY);
        }
    }

    @Test
    void revokedKey_isNamedByItsTenant_andNotShown() throws Exception {
        StandIn provider = doctor.provider(PROVIDER.withApiKey("z8Wq2vKx-4hTn7cRj"));
        Path file = doctor.secret("acme-key", "z8Wq2vKx-4hTn7cRj");
        doctor.settings.put("serai.tenants.acme.api-key-file", file.toString());

        assertThat(doctor.execute("--only", "provider")).isEqualTo(ExitCode.REFUSED);

        assertThat(doctor.line("error", "provider"))
                .contains(
                        "tenant default: the key is refused: " + provider.baseUrl() + "/character/list answers 401",
                        "put one that it accepts into " + directory.resolve("api-key"));
        assertThat(doctor.lines("ok", "provider"))
                .anyMatch(line -> line.contains("tenant acme: the key is good, and has 2 characters"));
        assertThat(doctor.commands.out()).doesNotContain(DoctorTopics.KEY, "z8Wq2vKx-4hTn7cRj");
    }

    /** Whoever is on call may not have it: the rest is looked at all the same. */
    @Test
    void keyThatIsNotThere_isAnErrorOfTheProvider_andOfNothingElse() throws Exception {
        doctor.create();
        doctor.settings.remove("serai.connect.api-key-file");
        doctor.settings.remove("serai.connect.base-url");

        assertThat(doctor.execute("--only", "provider,retention,routes"))
                .as(doctor.commands.err())
                .isEqualTo(ExitCode.FAILED);

        assertThat(doctor.line("error", "")).contains("provider", "CONVAI_API_KEY_FILE");
        assertThat(doctor.lines("ok", "retention")).hasSize(4);
        assertThat(doctor.lines("ok", "routes")).hasSize(1);
    }

    @Test
    void characterThatTheAccountHasNot_isAnError_whereverItIsNamed() throws Exception {
        doctor.provider(PROVIDER);
        Path table = Files.writeString(
                directory.resolve("calls.csv"), "key,character_id\n+498000000001,ada\n+498000000002,of-the-table\n");
        doctor.settings.put("serai.conversation.default-character-id", "of-all");
        doctor.settings.put("serai.intake.calls.topic", "raw" + doctor.suffix);
        doctor.settings.put("serai.intake.calls.mapping", "twilio");
        doctor.settings.put("serai.intake.calls.character-id", "of-calls");
        doctor.settings.put("serai.intake.calls.table", table.toString());

        assertThat(doctor.execute("--only", "provider")).isEqualTo(ExitCode.FAILED);

        assertThat(doctor.lines("error", "provider"))
                .satisfiesExactly(
                        all -> assertThat(all)
                                .contains(
                                        "character of-all of serai.conversation.default-character-id is none of tenant"
                                                + " default's account",
                                        "character_not_found"),
                        calls -> assertThat(calls).contains("of-calls of serai.intake.calls.character-id"),
                        row -> assertThat(row).contains("of-the-table of the look-up table " + table));
    }

    @Test
    void characterThatNeedsAnEndUser_isAWarning() throws Exception {
        doctor.provider(PROVIDER);
        doctor.settings.put("serai.conversation.default-character-id", "memo");

        assertThat(doctor.execute("--only", "provider")).isEqualTo(ExitCode.OK);

        assertThat(doctor.lines("ok", "provider"))
                .anyMatch(line -> line.contains("1 with long-term memory, whose events need end_user_id: memo"));
        assertThat(doctor.line("warning", "provider"))
                .contains("character memo", "refused (400) without an end_user_id", "the mapping, set end_user_id");
    }

    @Test
    void providerThatIsDown_isNamed() throws Exception {
        assertThat(doctor.execute("--only", "provider")).isEqualTo(ExitCode.REFUSED);

        assertThat(doctor.line("error", "provider"))
                .contains("http://127.0.0.1:1 takes no connection", "serai.connect.base-url");
    }

    @Test
    void providerThatHangs_isGivenUp() throws Exception {
        doctor.provider(PROVIDER).script(FaultScript.always(Fault.hang()).onPath("/character/list"));
        doctor.settings.put("serai.connect.response-timeout", "500ms");

        assertThat(doctor.execute("--only", "provider")).isEqualTo(ExitCode.REFUSED);

        assertThat(doctor.line("error", "provider"))
                .contains("whether the key is good is not known", "/character/list does not answer in time");
    }

    @Test
    void gatewayThatKnowsNoList_isAWarning() throws Exception {
        doctor.provider(PROVIDER).script(FaultScript.always(Fault.status(404)).onPath("/character/list"));

        assertThat(doctor.execute("--only", "provider")).isEqualTo(ExitCode.OK);

        assertThat(doctor.line("warning", "provider")).contains("/character/list answers 404");
    }

    @Test
    void hostThatSpeaksNoTls_isNamed() throws Exception {
        StandIn provider = doctor.provider(PROVIDER);
        doctor.settings.put("serai.connect.base-url", "https://127.0.0.1:" + provider.port());

        assertThat(doctor.execute("--only", "provider")).isEqualTo(ExitCode.REFUSED);

        assertThat(doctor.line("error", "provider"))
                .contains("speaks no TLS that this process can speak", "http or https in serai.connect.base-url");
    }

    @Test
    void certificateOfAnotherHost_orOfNobodyWhoIsTrusted_isNamed() throws Exception {
        Certificates elsewhere = Certificates.of("dns:elsewhere.example", directory);
        try (ConnectionServer server =
                new ConnectionServer(elsewhere.server(), ConnectionServer.Connection::readRequest)) {
            doctor.settings.put("serai.connect.base-url", "https://127.0.0.1:" + server.port());

            assertThat(doctor.execute("--only", "provider")).isEqualTo(ExitCode.REFUSED);
            assertThat(doctor.line("error", "provider"))
                    .contains("a certificate of nobody whom this process trusts", "serai.connect.trust-store");

            Path trusted = Files.writeString(directory.resolve("trusted.pem"), elsewhere.pem());
            doctor.settings.put("serai.connect.trust-store", trusted.toString());
            assertThat(doctor.execute("--only", "provider")).isEqualTo(ExitCode.REFUSED);
            assertThat(doctor.line("error", "provider")).contains("a certificate that is for another host name");
        }
    }

    /** By its {@code Date}; without one nothing is said of it. */
    @Test
    void clockOfTheProviderThatIsFarOff_isAWarning_whichSaysHowItWasMeasured() throws Exception {
        doctor.create();
        try (RawServer provider = new RawServer()) {
            provider.answer("HTTP/1.1 404 Not Found\nContent-Length: 0\nDate: "
                    + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(10))
                    + "\n\n");
            doctor.settings.put("serai.connect.base-url", provider.uri().toString());

            assertThat(doctor.execute("--only", "clock")).isEqualTo(ExitCode.OK);

            assertThat(doctor.line("warning", "clock"))
                    .containsPattern(Pattern.quote("the clock of " + provider.uri()) + " is (9|10) min ahead of this")
                    .contains("by the Date of its answer", "NTP");
        }
    }

    @Test
    void sourceThatIsDown_isNamed() throws Exception {
        doctor.settings.put("serai.sources.scenes.type", "http");
        doctor.settings.put("serai.sources.scenes.base-url", "http://127.0.0.1:1/scenes");
        doctor.settings.put("serai.enrich.scene-source", "scenes");

        assertThat(doctor.execute("--only", "sources,poll")).isEqualTo(ExitCode.FAILED);

        assertThat(doctor.line("error", "sources"))
                .contains("Source scenes (HTTP at http://127.0.0.1:1", "connection refused");
        assertThat(doctor.line("ok", "poll")).contains("max.poll.interval.ms is 50000, more than the 20 s");
    }

    @Test
    void pollIntervalBelowWhatEndingEventsMayTake_isAnError() throws Exception {
        Path client = Files.writeString(directory.resolve("client.properties"), "max.poll.interval.ms=15000\n");
        doctor.settings.put("serai.kafka.client-properties-file", client.toString());

        assertThat(doctor.execute("--only", "poll")).isEqualTo(ExitCode.FAILED);

        assertThat(doctor.line("error", "poll"))
                .contains("max.poll.interval.ms is 15000, not more than the 20 s", "lower serai.connect.total-timeout");
    }

    @Test
    void mappingWithAMistake_isNamedWithItsPlace() throws Exception {
        Path mapping = Files.writeString(directory.resolve("mine.jsonata"), "{\n  \"event_id\": (id\n}\n");
        doctor.settings.put("serai.intake.calls.topic", "raw" + doctor.suffix);
        doctor.settings.put("serai.intake.calls.mapping", mapping.toString());

        assertThat(doctor.execute("--only", "mappings")).isEqualTo(ExitCode.FAILED);

        assertThat(doctor.lines("error", "mappings"))
                .anyMatch(line -> line.contains("intake calls: " + mapping + ", line "));
    }

    @Test
    void deadLettersOfTheLastDay_areCountedByReason() throws Exception {
        doctor.create();
        Instant now = Instant.now();
        try (KafkaProducer<byte[], byte[]> producer = Producers.plain(SharedBroker.bootstrapServers())) {
            for (Instant failedAt : List.of(now.minus(Duration.ofDays(2)), now, now)) {
                // As events are that waited long: their letters have times of their own.
                OriginalRecord event = new OriginalRecord(
                        doctor.start, 0, 1, now.minus(Duration.ofDays(3)), new byte[] {1}, new byte[] {2}, List.of());
                var letter = new ProducerRecord<>(
                        doctor.letters, 0, event.timestamp().toEpochMilli(), event.key(), event.value());
                new DeadLetter(event, Failure.of(ErrorCategory.PROVIDER_UNAVAILABLE, "it answers 503"), 4, failedAt)
                        .headers()
                        .forEach(header -> letter.headers().add(header.name(), header.value()));
                producer.send(letter).get(20, TimeUnit.SECONDS);
            }
        }

        assertThat(doctor.execute("--only", "dead-letters")).isEqualTo(ExitCode.OK);

        assertThat(doctor.line("warning", "dead-letters"))
                .contains(
                        doctor.letters + ": 2 dead letters of the last 24 h (2 provider_unavailable)",
                        "./serai dead-letters list --since 24h");
    }

    /** Somebody's replies are read before they are decided; and the group's own offset waits for that. */
    @Test
    void readerOfWhatIsNotCommitted_andOffsetsThatATransactionHolds_areNamed() throws Exception {
        doctor.create();
        TopicPartition reply = new TopicPartition(doctor.replies, 0);
        commit(doctor.group, new TopicPartition(doctor.start, 0), 0);
        try (KafkaProducer<byte[], byte[]> producer =
                Producers.transactional(SharedBroker.bootstrapServers(), "somebody" + doctor.suffix)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(doctor.replies, 0, null, new byte[] {1}))
                    .get(20, TimeUnit.SECONDS);
            sendOffset(producer);
            commit("hasty" + doctor.suffix, reply, 1);
            commit("patient" + doctor.suffix, reply, 0);

            assertThat(doctor.execute("--only", "readers,groups")).isEqualTo(ExitCode.FAILED);

            assertThat(doctor.line("error", "readers"))
                    .contains("1 group (hasty" + doctor.suffix + ")", "isolation.level=read_committed");
            assertThat(doctor.line("error", "groups"))
                    .contains("partitions [0] of " + doctor.start, "not decided", "serai.instance-id");
            producer.abortTransaction();
        }

        // Its end is confirmed when it is decided; the brokers write it afterwards.
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        doctor.execute("--only", "readers,groups"))
                .as(doctor.commands.out())
                .isEqualTo(ExitCode.OK));
        assertThat(doctor.line("ok", "readers"))
                .contains("2 groups (hasty" + doctor.suffix, "Kafka is not told how a reader reads");
    }

    /** A transaction's, a group's and a character's name are anybody's own. */
    @Test
    void namesThatSteerATerminal_areShown_inTextAndJson() throws Exception {
        doctor.create();
        String group = "g\u009b2J\u202e\u001b[31m" + doctor.suffix;
        commit(group, new TopicPartition(doctor.replies, 0), 0);

        for (String[] asked :
                List.of(new String[] {"--only", "readers"}, new String[] {"--only", "readers", "--json"})) {
            assertThat(doctor.execute(asked)).isEqualTo(ExitCode.OK);
            assertThat(doctor.commands.out())
                    .containsIgnoringCase("g\\u009b2J\\u202e\\u001b[31m" + doctor.suffix)
                    .doesNotContain("\u009b", "\u202e", "\u001b");
        }
    }

    @Test
    void filesWithKeysThatAllMayRead_andNoKeyForSessions_areWarnedOf() throws Exception {
        Path key = doctor.secret("open-key", DoctorTopics.KEY);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        doctor.settings.put("serai.connect.api-key-file", key.toString());

        assertThat(doctor.execute("--only", "key-files")).isEqualTo(ExitCode.OK);

        assertThat(doctor.lines("warning", "key-files"))
                .satisfiesExactly(
                        none -> assertThat(none)
                                .contains("serai.sessions.key-file is not set", "openssl rand -base64 32"),
                        all -> assertThat(all).contains(key + ") can be used, and is rw-r--r--", "chmod o= " + key));
    }

    @Test
    void checkThatThereIsNot_isWrongUsage_whichNamesThoseThatThereAre() {
        assertThat(doctor.execute("--only", "broker,brokr")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(doctor.commands.err()).contains("there is no check brokr", "broker, topics, rights");
    }

    /** They are written out there for their order, and for people who look for a word. */
    @Test
    void help_namesAllChecks() {
        assertThat(doctor.execute("--help")).isEqualTo(ExitCode.OK);

        Set<String> words = new HashSet<>(List.of(doctor.commands.out().split("[\\s,.]+")));
        assertThat(words).containsAll(CheckName.labels());
    }

    @Test
    void json_hasTheExitCode_theCounts_andEachThing() throws Exception {
        assertThat(doctor.execute("--only", "provider,key-files", "--json")).isEqualTo(ExitCode.REFUSED);

        JsonNode json = Json.MAPPER.readTree(doctor.commands.out());
        assertThat(json.path("exit_code").asInt()).isEqualTo(3);
        assertThat(json.path("error").asInt()).isEqualTo(1);
        assertThat(json.path("checks"))
                .hasSize(json.path("error").asInt()
                        + json.path("warning").asInt()
                        + json.path("ok").asInt()
                        + json.path("skipped").asInt());
        JsonNode first = json.at("/checks/0");
        assertThat(first.path("check").asText()).isEqualTo("provider");
        assertThat(first.path("status").asText()).isEqualTo("error");
        assertThat(first.path("found").asText()).contains("takes no connection");
        assertThat(first.path("remedy").asText()).contains("serai.connect.base-url");
    }

    @SuppressWarnings("removal") // as in TransactionalProducers
    private void sendOffset(KafkaProducer<byte[], byte[]> producer) {
        producer.sendOffsetsToTransaction(
                Map.of(new TopicPartition(doctor.start, 0), new OffsetAndMetadata(7)),
                new ConsumerGroupMetadata(doctor.group));
    }

    private void commit(String group, TopicPartition partition, long offset) throws Exception {
        doctor.admin
                .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    private Map<TopicPartition, Long> ends() throws Exception {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (String topic : List.of(doctor.start, doctor.replies, doctor.letters, doctor.sessions)) {
            asked.put(new TopicPartition(topic, 0), OffsetSpec.latest());
            asked.put(new TopicPartition(topic, 1), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> end :
                doctor.admin.listOffsets(asked).all().get(20, TimeUnit.SECONDS).entrySet()) {
            ends.put(end.getKey(), end.getValue().offset());
        }
        return ends;
    }
}
