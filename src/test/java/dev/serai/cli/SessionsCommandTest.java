package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.kafka.KeyPartitioner;
import dev.serai.session.ConversationState;
import dev.serai.session.FinalEnd;
import dev.serai.session.OpenSession;
import dev.serai.session.SealedSession;
import dev.serai.session.SessionRecord;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.testing.TypedCommands;
import dev.serai.wire.ForgetCommand;
import dev.serai.wire.Json;
import dev.serai.wire.WireSchemas;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a broker; in place of the service, the test itself does what a command asks for. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class SessionsCommandTest {
    private static final byte[] KEY = "caller-1".getBytes(UTF_8);
    private static final Instant THEN = Instant.parse("2026-01-31T10:00:00.120Z");

    private final String suffix = "." + UUID.randomUUID();
    private final String startTopic = "start" + suffix;
    private final String sessionTopic = "sessions" + suffix;
    private final String replyTopic = "replies" + suffix;
    private final TypedCommands commands = new TypedCommands();

    @AutoClose
    private final KafkaProducer<byte[], byte[]> service = producer();

    @BeforeEach
    void createTopics() {
        Topics.create(SharedBroker.bootstrapServers(), 3, startTopic, sessionTopic, replyTopic);
        service.initTransactions();
    }

    @Test
    void show_printsSessionsEventsAndTime() {
        remember(2, KEY, state("s1"));
        remember(2, KEY, state("s2"));
        remember(1, "caller-2".getBytes(UTF_8), state("s3"));

        assertThat(execute("show", "caller-1")).isEqualTo(ExitCode.OK);

        assertThat(commands.out().lines())
                .containsExactly(
                        "partition 2, updated at 2026-01-31T10:00:00.120Z",
                        "  session with guide: s2",
                        "  answered events: e1, e2");
    }

    @Test
    void show_printsOpenSessions_andNothingThatIsSealed() {
        Instant opened = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(60);
        Instant closeAt = opened.plusSeconds(600);
        publish(
                2,
                KEY,
                SessionRecord.encode(
                        state("s1"),
                        List.of(
                                sealed("guide", opened.minus(OpenSession.KNOWN), null),
                                sealed("guide", opened.minusSeconds(3600), null),
                                sealed("guide", opened, null),
                                sealed("clerk", opened, closeAt))));

        assertThat(execute("show", "caller-1")).isEqualTo(ExitCode.OK);

        assertThat(commands.out().lines())
                .endsWith(
                        "  3 open sessions",
                        "    with guide, opened at " + opened.minusSeconds(3600) + ", probably over",
                        "    with guide, opened at " + opened,
                        "    with clerk, opened at " + opened + ", to be closed at " + closeAt);
    }

    /** Publishers choose ids of events and of characters, and the provider those of sessions. */
    @Test
    void show_hasNothingThatSteersATerminal() {
        ConversationState steering = ConversationState.EMPTY
                .withSession("gui\u001b[2Jde", "s\u009b1m")
                .answered("e\r\nfaked", THEN)
                .ended("acme", new FinalEnd("hung\u202eup", THEN));
        publish(
                2,
                KEY,
                SessionRecord.encode(
                        steering,
                        List.of(sealed("cl\u001b[31merk", Instant.now().truncatedTo(ChronoUnit.MILLIS), null))));

        assertThat(execute("show", "caller-1")).isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .contains("gui\\u001b[2Jde: s\\u009b1m", "e\\r\\nfaked", "hung\\u202eup", "with cl\\u001b[31merk")
                .doesNotContain("\u001b", "\u009b", "\u202e", "\r");
    }

    @Test
    void show_saysWhoEndedTheConversationForGood_alsoIfNothingElseIsKnown() {
        remember(2, KEY, ConversationState.EMPTY.ended("acme", new FinalEnd("hung-up", THEN)));

        assertThat(execute("show", "caller-1")).isEqualTo(ExitCode.OK);

        assertThat(commands.out().lines())
                .containsExactly(
                        "partition 2, updated at 2026-01-31T10:00:00.120Z",
                        "  ended for good at 2026-01-31T10:00:00.120Z by event hung-up of tenant acme");
    }

    private static SealedSession sealed(String character, Instant opened, @Nullable Instant closeAt) {
        return new SealedSession("e1", character, "default", opened, closeAt, "00000000", new byte[40]);
    }

    @Test
    void show_printsEveryPartitionThatHoldsTheKey() {
        remember(2, KEY, state("s1"));
        remember(0, KEY, state("s2"));

        assertThat(execute("show", "caller-1")).isEqualTo(ExitCode.OK);

        assertThat(commands.out()).containsSubsequence("partition 0", "guide: s2", "partition 2", "guide: s1");
    }

    @Test
    void show_ofAConversationInTwoPartitions_saysThatItIsSplitAndByWhom() {
        int ofJava = KeyPartitioner.MURMUR2.partition(KEY, 3);
        int ofLibrdkafka = KeyPartitioner.CRC32.partition(KEY, 3);
        assertThat(ofJava).as("the test's key").isNotEqualTo(ofLibrdkafka);
        remember(ofJava, KEY, state("s1"));
        remember(ofLibrdkafka, KEY, state("s2"));

        assertThat(execute("show", "caller-1")).isEqualTo(ExitCode.OK);

        assertThat(commands.err())
                .contains(
                        "came through partitions " + Math.min(ofJava, ofLibrdkafka) + ", "
                                + Math.max(ofJava, ofLibrdkafka) + " of " + startTopic,
                        ofJava + " is chosen by murmur2",
                        ofLibrdkafka + " is chosen by CRC32, as librdkafka does it unless partitioner=murmur2_random",
                        "src/docs/events.md");
    }

    @Test
    void show_ofAConversationWhereJavaDoesNotPutIt_saysWhoElseMayHave() {
        int ofJava = KeyPartitioner.MURMUR2.partition(KEY, 3);
        int ofLibrdkafka = KeyPartitioner.CRC32.partition(KEY, 3);
        remember(ofLibrdkafka, KEY, state("s1"));

        assertThat(execute("show", "caller-1")).isEqualTo(ExitCode.OK);

        assertThat(commands.err())
                .contains(
                        "come through partition " + ofLibrdkafka,
                        "a Java client would send them to " + ofJava,
                        "librdkafka");
    }

    @Test
    void show_ofAConversationWhereJavaPutsIt_saysNothingOfPartitions() {
        remember(KeyPartitioner.MURMUR2.partition(KEY, 3), KEY, state("s1"));

        assertThat(execute("show", "caller-1")).isEqualTo(ExitCode.OK);

        assertThat(commands.err()).isEmpty();
    }

    @Test
    void show_takesAKeyThatIsNoText() {
        remember(0, new byte[] {(byte) 0x80, (byte) 0xff}, state("s1"));

        assertThat(execute("show", "0x80ff")).isEqualTo(ExitCode.OK);
    }

    @Test
    void show_ofAForgottenConversation_saysThatNothingIsThere() {
        remember(0, KEY, state("s1"));
        remember(0, KEY, null);

        assertThat(execute("show", "caller-1")).isEqualTo(ExitCode.FAILED);

        assertThat(commands.err())
                .contains("serai: nothing is remembered of caller-1 on " + sessionTopic + " of the Kafka at "
                        + SharedBroker.bootstrapServers())
                .doesNotContain("KAFKA_BOOTSTRAP_SERVERS is not set");
        assertThat(commands.out()).isEmpty();
    }

    /** As in a shell without the service's environment: it is another Kafka that remembers nothing. */
    @Test
    void show_withNoKafkaNamed_saysWhichOneWasAsked() {
        remember(0, KEY, state("s1"));
        String servers = SharedBroker.bootstrapServers();
        String port = servers.substring(servers.lastIndexOf(':') + 1);

        int exitCode = commands.run(List.of(
                "sessions",
                "show",
                "caller-2",
                "--set",
                "serai.embedded.port=" + port,
                "--set",
                "serai.kafka.session-topic=" + sessionTopic));

        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(commands.err())
                .contains("nothing is remembered of caller-2 on " + sessionTopic + " of the Kafka at 127.0.0.1:" + port
                        + ", which is asked because KAFKA_BOOTSTRAP_SERVERS is not set");
    }

    @Test
    void forget_asksTheServiceInEachPartitionAndWaitsForIt() throws Exception {
        remember(2, KEY, state("s1"));
        remember(0, KEY, state("s2"));

        try (var running = Executors.newVirtualThreadPerTaskExecutor();
                var published = new TopicReader(SharedBroker.bootstrapServers(), startTopic)) {
            Future<Integer> forget = running.submit(() -> execute("forget", "caller-1"));
            List<ConsumerRecord<byte[], byte[]>> asked = published.awaitCount("command", any -> true, 2);

            assertThat(asked).allSatisfy(command -> {
                assertThat(command.key()).isEqualTo(KEY);
                assertThat(command.value()).isNull();
                assertThat(TopicReader.header(command, ForgetCommand.HEADER)).isEqualTo(ForgetCommand.FORGET);
            });
            assertThat(asked.stream().map(ConsumerRecord::partition)).containsExactlyInAnyOrder(0, 2);
            remember(0, KEY, null);
            assertThat(forget.isDone()).isFalse();
            remember(2, KEY, null);

            assertThat(forget.get()).as(commands.err()).isEqualTo(ExitCode.OK);
        }
        assertThat(commands.out()).isEqualToIgnoringNewLines("forgotten");
    }

    @Test
    void forget_withoutAService_saysThatTheCommandIsQueued() {
        remember(1, KEY, state("s1"));

        assertThat(execute("forget", "caller-1", "--timeout", "1")).isEqualTo(ExitCode.FAILED);

        assertThat(commands.err())
                .containsSubsequence(
                        "published on " + startTopic + "; waiting up to 1 s",
                        "not carried out within 1 s",
                        "queued on " + startTopic + " of the Kafka at " + SharedBroker.bootstrapServers());
    }

    @Test
    void forget_ofAnUnknownConversation_publishesNothing() {
        remember(1, KEY, state("s1"));

        assertThat(execute("forget", "caller-2")).isEqualTo(ExitCode.FAILED);

        assertThat(commands.err()).contains("nothing is remembered of caller-2");
        try (var published = new TopicReader(SharedBroker.bootstrapServers(), startTopic)) {
            assertThat(published.all()).isEmpty();
        }
    }

    @Test
    void forget_withANegativeTimeout_isWrongUsage() {
        assertThat(execute("forget", "caller-1", "--timeout", "-1")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains("--timeout must be at least 0, was -1");
    }

    @Test
    void end_publishesAnEndEventInEachPartition_andSaysWhatCameOfIt() throws Exception {
        remember(2, KEY, state("s1"));
        remember(0, KEY, state("s2"));

        try (var running = Executors.newVirtualThreadPerTaskExecutor();
                var events = new TopicReader(SharedBroker.bootstrapServers(), startTopic)) {
            Future<Integer> end = running.submit(() -> execute(
                    "end", "caller-1", "--character", "guide", "--tenant", "acme", "--reason", "the museum closes"));
            List<ConsumerRecord<byte[], byte[]>> asked = events.awaitCount("end event", any -> true, 2);

            assertThat(asked.stream().map(ConsumerRecord::partition)).containsExactlyInAnyOrder(0, 2);
            JsonNode event = Json.MAPPER.readTree(asked.getFirst().value());
            WireSchemas.assertEndEvent(event);
            assertThat(event.path("character_id").asText()).isEqualTo("guide");
            assertThat(event.path("tenant").asText()).isEqualTo("acme");
            assertThat(event.path("reason").asText()).isEqualTo("the museum closes");
            assertThat(asked).allSatisfy(each -> assertThat(each.key()).isEqualTo(KEY));
            String id = event.path("event_id").asText();
            reply(KEY, ended("of another", 7, 7, 7));
            reply("caller-2".getBytes(UTF_8), ended(id, 8, 8, 8));
            reply(KEY, ended(id, 1, 0, 2));
            assertThat(end.isDone()).isFalse();
            reply(KEY, ended(id, 0, 0, 1));

            assertThat(end.get()).as(commands.err()).isEqualTo(ExitCode.OK);
        }
        assertThat(commands.out().lines())
                .containsExactly(
                        "ended: 1 session, 2 waiting events cancelled", "ended: 0 sessions, 1 waiting event cancelled");
    }

    @Test
    void end_ofAConversationOfWhichNothingIsRemembered_isPublishedWhereJavaPutsIt() throws Exception {
        try (var running = Executors.newVirtualThreadPerTaskExecutor();
                var events = new TopicReader(SharedBroker.bootstrapServers(), startTopic)) {
            Future<Integer> end = running.submit(() -> execute("end", "caller-1"));
            ConsumerRecord<byte[], byte[]> asked = events.await("end event", any -> true);

            assertThat(asked.partition()).isEqualTo(KeyPartitioner.MURMUR2.partition(KEY, 3));
            JsonNode event = Json.MAPPER.readTree(asked.value());
            WireSchemas.assertEndEvent(event);
            reply(KEY, ended(event.path("event_id").asText(), 1, 1, 0));

            assertThat(end.get()).isEqualTo(ExitCode.FAILED);
        }
        assertThat(commands.err())
                .contains(
                        "nothing is remembered of caller-1",
                        "goes where Java's clients put the key",
                        "1 session may still be open");
    }

    @Test
    void end_forGood_saysSoInItsEvent_andNamesNoCharacter() throws Exception {
        try (var events = new TopicReader(SharedBroker.bootstrapServers(), startTopic)) {
            assertThat(execute("end", "caller-1", "--final", "--character", "guide"))
                    .isEqualTo(ExitCode.WRONG_USAGE);
            assertThat(execute("end", "caller-1", "--final", "--timeout", "0")).isEqualTo(ExitCode.FAILED);

            JsonNode event =
                    Json.MAPPER.readTree(events.await("end event", any -> true).value());
            WireSchemas.assertEndEvent(event);
            assertThat(event.path("final").asBoolean()).isTrue();
            assertThat(events.all()).hasSize(1);
        }
        assertThat(commands.err()).contains("--final ends the conversation for all characters", "--character guide");
    }

    @Test
    void end_thatIsRefused_saysWhy() throws Exception {
        try (var running = Executors.newVirtualThreadPerTaskExecutor();
                var events = new TopicReader(SharedBroker.bootstrapServers(), startTopic)) {
            Future<Integer> end = running.submit(() -> execute("end", "caller-1", "--tenant", "nobody"));
            JsonNode event =
                    Json.MAPPER.readTree(events.await("end event", any -> true).value());
            reply(
                    KEY,
                    "{\"event_id\":" + event.path("event_id")
                            + ",\"status\":\"failed\",\"error\":{\"category\":\"invalid_event\",\"detail\":\"/tenant: nobody is unknown\"}}");

            assertThat(end.get()).isEqualTo(ExitCode.FAILED);
        }
        assertThat(commands.err()).contains("refuses the end event: invalid_event: /tenant: nobody is unknown");
        assertThat(commands.out()).isEmpty();
    }

    @Test
    void end_withoutAService_saysThatTheEventIsQueued() {
        remember(1, KEY, state("s1"));

        assertThat(execute("end", "caller-1", "--timeout", "1")).isEqualTo(ExitCode.FAILED);

        assertThat(commands.err())
                .containsSubsequence(
                        "published on " + startTopic + "; waiting up to 1 s",
                        "no reply within 1 s",
                        "queued on " + startTopic + " of the Kafka at " + SharedBroker.bootstrapServers());
    }

    @Test
    void end_ofNobody_isWrongUsage() {
        assertThat(execute("end", "")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(execute("end", "caller-1", "--timeout", "-1")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains("KEY must not be empty", "--timeout must be at least 0, was -1");
    }

    private static String ended(String id, int sessions, int left, int cancelled) {
        return "{\"event_id\":\"%s\",\"status\":\"ended\",\"sessions_ended\":%d,\"sessions_left\":%d,\"events_cancelled\":%d}"
                .formatted(id, sessions, left, cancelled);
    }

    private void reply(byte[] key, String json) throws Exception {
        service.beginTransaction();
        service.send(new ProducerRecord<>(replyTopic, key, json.getBytes(UTF_8)))
                .get();
        service.commitTransaction();
    }

    @Test
    void missingTopic_isNamed() {
        assertThat(execute("show", "caller-1", "--set", "serai.kafka.session-topic=no.such"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(commands.err())
                .contains("there is no session topic no.such", "the Kafka at " + SharedBroker.bootstrapServers());
    }

    @Test
    void noKafkaNamedAndNoServiceRunning_saysWhereNothingAnswers() throws Exception {
        int port;
        try (var closedAgain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closedAgain.getLocalPort();
        }

        int exitCode = commands.run(List.of(
                "sessions", "show", "caller-1", "--config", "/dev/null", "--set", "serai.embedded.port=" + port));

        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(commands.err())
                .contains("nothing answers at 127.0.0.1:" + port, "KAFKA_BOOTSTRAP_SERVERS")
                .doesNotContain("\tat ");
    }

    /** They are the service's; before what somebody asked to be shown they are in the way. */
    @Test
    @LeftToCi
    void show_doesNotTellTheSettings() throws Exception {
        try (var show =
                JavaProcess.startSerai(Map.of(), "sessions", "show", "caller-1", "--set", "serai.embedded.port=0")) {
            assertThat(show.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(show.errors()).contains("serai.embedded.port is 0").doesNotContain("settings: ");
        }
    }

    @Test
    void noCommand_isWrongUsageThatListsThem() {
        assertThat(execute()).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains("missing COMMAND: show, end or forget");
    }

    private int execute(String... arguments) {
        List<String> words = new ArrayList<>(List.of("sessions"));
        words.addAll(List.of(arguments));
        return arguments.length == 0
                ? commands.run(words)
                : commands.run(
                        List.of(
                                "serai.kafka.bootstrap-servers=" + SharedBroker.bootstrapServers(),
                                "serai.kafka.start-topic=" + startTopic,
                                "serai.kafka.reply-topic=" + replyTopic,
                                "serai.kafka.session-topic=" + sessionTopic),
                        words);
    }

    private void remember(int partition, byte[] key, @Nullable ConversationState state) {
        publish(partition, key, state == null ? null : SessionRecord.encode(state, List.of()));
    }

    private void publish(int partition, byte[] key, byte @Nullable [] value) {
        service.beginTransaction();
        try {
            // A commit that comes before the broker has taken the first record can find no transaction.
            service.send(new ProducerRecord<>(sessionTopic, partition, key, value))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("Kafka did not take the record", e);
        }
        service.commitTransaction();
    }

    private static ConversationState state(String session) {
        return ConversationState.EMPTY
                .withSession("guide", session)
                .answered("e1", THEN)
                .answered("e2", THEN);
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return Producers.transactional(
                SharedBroker.bootstrapServers(), UUID.randomUUID().toString());
    }
}
