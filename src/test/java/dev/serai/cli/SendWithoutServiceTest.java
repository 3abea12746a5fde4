package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.testing.TypedCommands;
import dev.serai.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code serai send}, where no service answers, or the test answers in its place. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@LeftToCi
class SendWithoutServiceTest {
    private static final int PARTITIONS = 3;

    private final String suffix = "." + UUID.randomUUID();
    private final String startTopic = "start" + suffix;
    private final String replyTopic = "replies" + suffix;
    private final TypedCommands commands = new TypedCommands();

    @AutoClose
    private final KafkaProducer<byte[], byte[]> service =
            Producers.transactional(SharedBroker.bootstrapServers(), suffix);

    @BeforeEach
    void createTopics() {
        Topics.create(SharedBroker.bootstrapServers(), PARTITIONS, startTopic, replyTopic);
        service.initTransactions();
    }

    @Test
    void nobodyAnswers_andNobodyIsThere_bothAreSaid() {
        assertThat(send("--key", "caller-1", "--character-id", "guide", "--wait", "300ms"))
                .isEqualTo(ExitCode.NO_REPLY);

        assertThat(commands.err())
                .containsSubsequence(
                        "serai: sent send-",
                        "waiting up to 300ms for the reply on " + replyTopic,
                        "serai: no reply within 300ms to " + startTopic,
                        " of the Kafka at " + SharedBroker.bootstrapServers(),
                        "serai: no service runs in the group serai" + suffix + " (serai.kafka.group-id)",
                        "./serai run");
        assertThat(commands.out()).isEmpty();
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

            assertThat(sending.get()).as(commands.err()).isEqualTo(ExitCode.OK);
        }
        assertThat(commands.out()).startsWith("started: room right with guide").doesNotContain("of-nobody", "aborted");
    }

    @Test
    void sessionsThatAreLeftOpen_areNotDone() throws Exception {
        assertThat(answered("{\"status\":\"ended\",\"sessions_ended\":1,\"sessions_left\":2}", "--end"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(commands.out()).startsWith("ended: 1 session, 0 waiting events cancelled");
        assertThat(commands.err()).contains("2 sessions may still be open");
    }

    @Test
    void replyThatIsNoJson_isPrintedAsItIs_butForSecrets() throws Exception {
        String jwt = "eyJhbGciOiJIUzI1NiJ9.eyJyb29tIjoiMSJ9.c2lnbmF0dXJl";

        assertThat(answered("join with " + jwt, "--character-id", "guide")).isEqualTo(ExitCode.FAILED);

        assertThat(commands.out().lines())
                .containsExactly("a reply that does not say what became of the event", "join with [masked]");
    }

    @Test
    void whatSteersATerminal_standsAsItsCode_andTheJsonIsTheSame() throws Exception {
        String reply = "{\"status\":\"failed\",\"error\":{\"category\":\"expired\",\"detail\":\"a\\u001b[2J\u202eb\"}}";

        assertThat(answered(reply, "--character-id", "guide", "--json", "--show-secrets"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(commands.out()).doesNotContain("\u001b", "\u202e");
        assertThat(Json.MAPPER.readTree(commands.out())).isEqualTo(Json.MAPPER.readTree(reply));
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
        List<String> words = new ArrayList<>(List.of("send"));
        words.addAll(List.of(arguments));
        if (!words.contains("--wait")) {
            words.addAll(List.of("--wait", "60s"));
        }
        return commands.run(
                List.of(
                        "serai.kafka.bootstrap-servers=" + SharedBroker.bootstrapServers(),
                        "serai.kafka.start-topic=" + startTopic,
                        "serai.kafka.reply-topic=" + replyTopic,
                        "serai.kafka.group-id=serai" + suffix),
                words);
    }
}
