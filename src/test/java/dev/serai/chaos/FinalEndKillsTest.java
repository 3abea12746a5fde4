package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Serai;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.Pace;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events of calls come in any order while the service is killed again and again: a start event that lies behind its call's
 * final end event gets no room, wherever a kill has come between. {@code -Dserai.chaos.seed=N} draws the same moments.
 */
@Tag("chaos-long")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class FinalEndKillsTest {
    private static final int KILLS = 4;
    private static final int REPLIES_BETWEEN = 60;
    private static final int CALLS_PER_SECOND = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Ids of events say what becomes of them: these are behind their call's end. */
    private static final String LATE = "late-";

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("serai.chaos.seed", new Random().nextInt(1_000_000));
    private final StandInOptions options = StandInOptions.defaults().withPort(0);
    private final Set<String> published = new ConcurrentSkipListSet<>();
    private final ExecutorService publisher = Executors.newVirtualThreadPerTaskExecutor();
    private EmbeddedBroker broker;
    private StandIn provider;
    private JavaProcess service;
    private volatile boolean enough;

    @BeforeEach
    void start() throws IOException {
        System.out.println("serai.chaos.seed=" + seed);
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        provider = StandIn.start(options);
        provider.latency(Duration.ofMillis(1), Duration.ofMillis(200));
        service = startService();
    }

    @AfterEach
    void stop() {
        enough = true;
        publisher.close();
        service.close();
        provider.close();
        broker.close();
    }

    @Test
    void startThatLiesBehindItsCallsEnd_getsNoRoom_whereverAKillComes() throws Exception {
        Random random = new Random(seed);
        Future<?> publishing = publisher.submit(() -> publishUntilEnough(new Random(seed)));
        try (TopicReader replies = new TopicReader(broker.bootstrapServers(), "conversation.replies")) {
            for (int kill = 0; kill < KILLS; kill++) {
                int moment = replies.all().size() + 1 + random.nextInt(REPLIES_BETWEEN);
                await("replies before a kill")
                        .atMost(PATIENCE)
                        .until(() -> replies.all().size() >= moment);
                service.kill();
                service.exitCode();
                service = startService();
            }
            enough = true;
            publishing.get();
            await("a reply to each event")
                    .atMost(PATIENCE)
                    .until(() -> replies.all().size() >= published.size());
            service.terminate();
            assertThat(service.exitCode()).isEqualTo(143);

            List<JsonNode> all = replies.all().stream().map(RunningSerai::json).toList();
            assertThat(all.stream().map(FinalEndKillsTest::eventId))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(published);
            assertThat(all).filteredOn(reply -> eventId(reply).startsWith(LATE)).allSatisfy(reply -> assertThat(
                            reply.at("/error/category").asText())
                    .as(reply.toString())
                    .isEqualTo("cancelled"));
            assertThat(all)
                    .filteredOn(reply -> eventId(reply).startsWith("end-"))
                    .allSatisfy(
                            reply -> assertThat(reply.path("status").asText()).isEqualTo("ended"));
            Set<String> called =
                    provider.calls().stream().map(RecordedCall::characterId).collect(toSet());
            assertThat(published.stream().filter(id -> id.startsWith(LATE)).filter(called::contains))
                    .as("start events behind their call's end that the provider was called for")
                    .isEmpty();
            System.out.println("serai.chaos.seed=" + seed + ": " + KILLS + " kills, " + count(id -> true) + " events, "
                    + count(id -> id.startsWith(LATE)) + " of them start events behind their call's end");
        }
    }

    private long count(Predicate<String> which) {
        return published.stream().filter(which).count();
    }

    private static String eventId(JsonNode reply) {
        return reply.path("event_id").asText();
    }

    /** Of every second call the start is late; the others begin, and are told of once more after their end. */
    private void publishUntilEnough(Random random) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            Pace pace = Pace.perSecond(CALLS_PER_SECOND);
            for (int n = 0; !enough; n++) {
                pace.awaitTurn();
                String call = "call-" + n;
                if (random.nextBoolean()) {
                    publish(producer, call, "start-" + n, "");
                }
                publish(producer, call, "end-" + n, ",\"action\":\"end\",\"final\":true");
                publish(producer, call, LATE + n, "");
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("an event could not be published", e);
        }
    }

    /** Its character, which calls are told apart by, has its id. */
    private void publish(KafkaProducer<byte[], byte[]> producer, String call, String id, String fields)
            throws InterruptedException, ExecutionException, TimeoutException {
        String character = fields.isEmpty() ? ",\"character_id\":\"" + id + "\"" : "";
        producer.send(new ProducerRecord<>(
                        "conversation.start",
                        call.getBytes(UTF_8),
                        ("{\"event_id\":\"" + id + "\"" + character + fields + "}").getBytes(UTF_8)))
                .get(30, TimeUnit.SECONDS);
        published.add(id);
    }

    private JavaProcess startService() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(ServiceSettings.of(
                "replica", broker.bootstrapServers(), provider.baseUrl().toString()));
        JavaProcess process = JavaProcess.start(
                JavaProcess.classPath(),
                Map.of("CONVAI_API_KEY", options.apiKey()),
                Serai.class,
                arguments.toArray(String[]::new));
        await("the service")
                .atMost(PATIENCE)
                .failFast("it has ended", process::hasEnded)
                .until(() -> process.errors().contains("Ready: "));
        return process;
    }
}
