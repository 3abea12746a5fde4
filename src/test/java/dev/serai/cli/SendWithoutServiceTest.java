package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.wire.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code serai send}, where no service answers, or the test answers in its place. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
@BesideOthers
class SendWithoutServiceTest {
    private static final int PARTITIONS = 3;

    private final String suffix = "." + UUID.randomUUID();
    private final String startTopic = "start" + suffix;
    private final String replyTopic = "replies" + suffix;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final KafkaProducer<byte[], byte[]> service = new KafkaProducer<>(
            Map.of(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    SharedBroker.bootstrapServers(),
                    ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                    suffix),
            new ByteArraySerializer(),
            new ByteArraySerializer());

    @BeforeEach
    void createTopics() throws Exception {
        try (Admin admin = Admin.create(
                Map.<String, Object>of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, SharedBroker.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic(startTopic, Optional.of(PARTITIONS), Optional.empty()),
                            new NewTopic(replyTopic, Optional.of(PARTITIONS), Optional.empty())))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
        service.initTransactions();
    }

    @AfterEach
    void closeProducer() {
        service.close();
    }

    @Test
    void nobodyAnswers_andNobodyIsThere_bothAreSaid() {
        assertThat(send("--key", "caller-1", "--character-id", "guide", "--wait", "300ms"))
                .isEqualTo(ExitCode.NO_REPLY);

        assertThat(err.toString())
                .containsSubsequence(
                        "serai: sent send-",
                        "waiting up to 300ms for the reply on " + replyTopic,
                        "serai: no reply within 300ms to " + startTopic,
                        " of the Kafka at " + SharedBroker.bootstrapServers(),
                        "serai: no service runs in the group serai" + suffix + " (serai.kafka.group-id)",
                        "./serai run");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void repliesToOthers_andThoseOfAbortedTransactions_arePassedOver() throws Exception {
        try (var running = Executors.newVirtualThreadPerTaskExecutor();
                var events = new TopicReader(SharedBroker.bootstrapServers(), startTopic)) {
            Future<Integer> sending = running.submit(() -> send("--key", "caller-1", "--character-id", "guide"));
            ConsumerRecord<byte[], byte[]> event = events.await("event", any -> true);
            String id = Json.MAPPER.readTree(event.value()).path("event_id").asText();

            reply(event, 0, false, started(id, "aborted"));
            reply(null, 0, true, started(id, "of-nobody"));
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(sending.isDone()).isFalse();
                reply(null, partition, true, started("another", "another"));
            }
            reply(event, PARTITIONS - 1, true, started(id, "right"));

            assertThat(sending.get()).as(err.toString()).isEqualTo(ExitCode.OK);
        }
        assertThat(out.toString()).startsWith("started: room right with guide").doesNotContain("of-nobody", "aborted");
    }

    @Test
    void sessionsThatAreLeftOpen_areNotDone() throws Exception {
        assertThat(answered("{\"status\":\"ended\",\"sessions_ended\":1,\"sessions_left\":2}", "--end"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(out.toString()).startsWith("ended: 1 session, 0 waiting events cancelled");
        assertThat(err.toString()).contains("2 sessions may still be open");
    }

    @Test
    void replyThatIsNoJson_isPrintedAsItIs_butForSecrets() throws Exception {
        String jwt = "eyJhbGciOiJIUzI1NiJ9.eyJyb29tIjoiMSJ9.c2lnbmF0dXJl";

        assertThat(answered("join with " + jwt, "--character-id", "guide")).isEqualTo(ExitCode.FAILED);

        assertThat(out.toString().lines())
                .containsExactly("a reply that does not say what became of the event", "join with [masked]");
    }

    @Test
    void whatSteersATerminal_standsAsItsCode_andTheJsonIsTheSame() throws Exception {
        String reply = "{\"status\":\"failed\",\"error\":{\"category\":\"expired\",\"detail\":\"a\\u001b[2J\u202eb\"}}";

        assertThat(answered(reply, "--character-id", "guide", "--json", "--show-secrets"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(out.toString()).doesNotContain("\u001b", "\u202e");
        assertThat(Json.MAPPER.readTree(out.toString())).isEqualTo(Json.MAPPER.readTree(reply));
    }

    private int answered(String reply, String... arguments) throws Exception {
        try (var running = Executors.newVirtualThreadPerTaskExecutor();
                var events = new TopicReader(SharedBroker.bootstrapServers(), startTopic)) {
            List<String> all = new ArrayList<>(List.of("--key", "caller-1"));
            all.addAll(List.of(arguments));
            Future<Integer> sending = running.submit(() -> send(all.toArray(String[]::new)));
            reply(events.await("event", any -> true), 1, true, reply);
            return sending.get();
        }
    }

    private static String started(String eventId, String room) {
        return "{\"status\":\"started\",\"event_id\":\"%s\",\"character_id\":\"guide\",\"room_name\":\"%s\"}"
                .formatted(eventId, room);
    }

    /** @param event whose headers the reply has; null for one with another's */
    private void reply(@Nullable ConsumerRecord<byte[], byte[]> event, int partition, boolean isCommitted, String json)
            throws Exception {
        service.beginTransaction();
        var reply = new ProducerRecord<>(replyTopic, partition, "caller-1".getBytes(UTF_8), json.getBytes(UTF_8));
        if (event == null) {
            reply.headers().add("kafka_correlationId", "another's".getBytes(UTF_8));
        } else {
            event.headers().forEach(reply.headers()::add);
        }
        service.send(reply).get();
        if (isCommitted) {
            service.commitTransaction();
        } else {
            service.abortTransaction();
        }
    }

    private int send(String... arguments) {
        List<String> all = new ArrayList<>(List.of("send", "--config", "/dev/null", "--wait", "60s"));
        if (List.of(arguments).contains("--wait")) {
            all.subList(all.size() - 2, all.size()).clear();
        }
        for (String setting : List.of(
                "bootstrap-servers=" + SharedBroker.bootstrapServers(),
                "start-topic=" + startTopic,
                "reply-topic=" + replyTopic,
                "group-id=serai" + suffix)) {
            all.addAll(List.of("--set", "serai.kafka." + setting));
        }
        all.addAll(List.of(arguments));
        return SeraiCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
