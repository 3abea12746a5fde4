package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.SecuredBroker;
import dev.serai.testing.SecuredBroker.Right;
import dev.serai.testing.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever may read some topics only, as the service's own user may, is told what they say, and which ones were not read. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ExplainRightsTest {
    private static final String PASSWORD = "a-password";
    private static final List<String> TOPICS = List.of("start", "replies", "letters", "sessions");

    @TempDir
    private static Path directory;

    private static SecuredBroker broker;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        broker = SecuredBroker.start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.openServers()));
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", broker.openServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            Topics.create(admin, TOPICS.stream()
                            .map(topic -> new NewTopic(topic, Optional.of(1), Optional.empty()))
                            .toList());
            send(producer, "start", "{\"event_id\":\"visit-1\",\"character_id\":\"c\"}");
            send(producer, "replies", "{\"event_id\":\"visit-1\",\"status\":\"started\",\"room_name\":\"room-1\"}");
            send(producer, "letters", "{\"event_id\":\"visit-0\"}");
        }
        // As the service has them (README).
        user("service", Right.topic("start", AclOperation.READ), Right.topic("replies", AclOperation.WRITE));
        user("reader", Right.topic("start", AclOperation.DESCRIBE), Right.topic("replies", AclOperation.READ));
        user("reader-of-letters", Right.topic("start", AclOperation.READ), Right.topic("letters", AclOperation.READ));
        user("stranger");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String value) throws Exception {
        producer.send(new ProducerRecord<>(topic, "learner-1".getBytes(UTF_8), value.getBytes(UTF_8)))
                .get(20, TimeUnit.SECONDS);
    }

    private static void user(String name, Right... own) {
        broker.setPassword(name, PASSWORD);
        List<Right> rights = new ArrayList<>(List.of(own));
        if (!rights.isEmpty()) {
            rights.add(Right.topic("letters", AclOperation.WRITE));
            rights.add(Right.topic("sessions", AclOperation.READ));
            rights.add(Right.group("serai", AclOperation.READ));
            broker.allow(name, rights);
        }
    }

    private int explain(String user, String... arguments) {
        List<String> all = new ArrayList<>(List.of("explain", "--config", "/dev/null"));
        all.addAll(List.of(arguments));
        for (String setting : List.of(
                "serai.kafka.bootstrap-servers=" + broker.saslServers(),
                "serai.kafka.client-properties-file="
                        + SecuredBroker.file(directory, SecuredBroker.scram(user, PASSWORD)),
                "serai.kafka.start-topic=start",
                "serai.kafka.reply-topic=replies",
                "serai.kafka.dead-letter-topic=letters",
                "serai.kafka.session-topic=sessions",
                "serai.http.port=0")) {
            all.add("--set");
            all.add(setting);
        }
        return SeraiCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    @Test
    void serviceThatMayWriteRepliesOnly_isToldTheEvent_andWhatItMayNotRead() {
        assertThat(explain("service", "visit-1")).as(err.toString()).isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .startsWith("Event visit-1 was read by nobody")
                .contains("replies may not be read by this client", "letters may not be read by this client")
                .contains("--operation READ --topic replies")
                .doesNotContain("The time was over", PASSWORD);
    }

    @Test
    void roomThatStandsWhereThisClientMayNotRead_isNotSaidToBeNowhere() {
        assertThat(explain("service", "--room", "room-1")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString())
                .contains(
                        "What to do: have this client READ letters, replies", "replies may not be read by this client");
    }

    @Test
    void readerOfReplies_isToldTheReply_whenTheStartTopicMayNotBeRead() {
        assertThat(explain("reader", "visit-1")).as(err.toString()).isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .contains("event visit-1 was answered with a room", "start may not be read by this client");
    }

    @Test
    void readerOfLetters_isToldThem_andThatReplaysMayNotBeRead() {
        assertThat(explain("reader-of-letters", "visit-0")).as(err.toString()).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("dead letter", "letters.replayed may not be read by this client");
    }

    @Test
    void whoeverMayReadNothing_isToldSo() {
        assertThat(explain("stranger", "visit-1")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString() + err)
                .contains("start may not be read by this client", "replies may not be read", "letters may not be read")
                .doesNotContain("there is no topic", PASSWORD);
    }
}
