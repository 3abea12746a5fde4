package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Serai;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.Pace;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service with the bridge of {@code routes/examples} is killed again and again while records come in: it keeps what the
 * example's comment promises. Each record has one room and one reply, however often its event was published; what is no JSON
 * is kept aside; a call that was paid for is lost with a kill only. {@code -Dserai.chaos.seed=N} draws the same moments.
 */
@Tag("chaos-long")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class KilledBridgeTest {
    private static final int KILLS = 4;
    private static final int RECORDS_BETWEEN = 60;
    private static final int CALLERS = 7;

    /** Fewer than one conversation alone gets answered, one after another, on a machine that is busy. */
    private static final int PER_SECOND = 15;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String FOREIGN = "calls";
    private static final String REJECTED = "calls.rejected";

    @TempDir
    private Path directory;

    private final StandInOptions options = StandInOptions.defaults().withPort(0);
    private final Set<String> published = new ConcurrentSkipListSet<>();
    private final Set<String> broken = new ConcurrentSkipListSet<>();
    private final List<JavaProcess> processes = new ArrayList<>();
    private final ExecutorService publisher = Executors.newVirtualThreadPerTaskExecutor();
    private EmbeddedBroker broker;
    private StandIn provider;
    private Path routes;
    private volatile boolean enough;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        provider = StandIn.start(options);
        provider.latency(Duration.ofMillis(1), Duration.ofMillis(10));
        routes = RouteFiles.copyWithExample("bridge-from-topic");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Topics.create(admin, List.of(
                            new NewTopic(FOREIGN, Optional.of(2), Optional.empty()),
                            new NewTopic(REJECTED, Optional.of(1), Optional.empty())));
        }
    }

    @AfterEach
    void stop() {
        enough = true;
        publisher.close();
        processes.forEach(JavaProcess::close);
        provider.close();
        broker.close();
    }

    @Test
    void recordsThatComeInDuringKills_haveOneReplyEach() throws Exception {
        long seed = Long.getLong("serai.chaos.seed", new Random().nextInt(1_000_000));
        System.out.println("serai.chaos.seed=" + seed);
        Random random = new Random(seed);
        JavaProcess service = startService();
        Future<?> publishing = publisher.submit(() -> publishUntilEnough(new Random(seed)));
        try (TopicReader replies = new TopicReader(broker.bootstrapServers(), "conversation.replies")) {
            for (int kill = 0; kill < KILLS; kill++) {
                int moment = replies.all().size() + 1 + random.nextInt(RECORDS_BETWEEN);
                await("replies before a kill")
                        .atMost(PATIENCE)
                        .until(() -> replies.all().size() >= moment);
                service.kill();
                service.exitCode();
                service = startService();
            }
            enough = true;
            publishing.get();
            await("a reply to each record").atMost(PATIENCE).until(() -> eventIds(replies)
                    .containsAll(published));
            awaitQuiet();
            // In order, so that nothing is still to come.
            service.terminate();
            assertThat(service.exitCode()).isEqualTo(143);

            Map<String, Long> answers = replies.all().stream()
                    .map(reply -> json(reply.value()))
                    .peek(reply -> assertThat(reply.path("status").asText()).isEqualTo("started"))
                    .collect(groupingBy(reply -> reply.path("event_id").asText(), counting()));
            assertThat(answers.keySet()).isEqualTo(published);
            assertThat(answers).as("replies by event, seed %s", seed).allSatisfy((event, count) -> assertThat(count)
                    .isEqualTo(1));
        }
        assertThat(kept()).isEqualTo(broken);
        costsNoMoreThanTheKills(seed);
    }

    /** One process holds so many events at most that it has called for and not committed. */
    private void costsNoMoreThanTheKills(long seed) {
        Map<String, Long> paid = provider.calls().stream()
                .filter(RecordedCall::sessionMade)
                .collect(groupingBy(call -> String.valueOf(call.characterId()), counting()));
        long more = paid.values().stream().mapToLong(calls -> calls - 1).sum();
        System.out.println("serai.chaos.seed=" + seed + ": " + published.size() + " records, " + publishedTwice()
                + " events published again, " + more + " calls more, " + KILLS + " kills");
        assertThat(more).as("calls more than events").isBetween(0L, (long) KILLS * CALLERS);
    }

    private long publishedTwice() {
        try (TopicReader events = new TopicReader(broker.bootstrapServers(), "conversation.start")) {
            List<String> ids = events.all().stream()
                    .map(event -> json(event.value()).path("event_id").asText())
                    .toList();
            assertThat(new TreeSet<>(ids)).isEqualTo(published);
            return (long) ids.size() - published.size();
        }
    }

    private Set<String> kept() {
        try (TopicReader rejected = new TopicReader(broker.bootstrapServers(), REJECTED)) {
            return rejected.all().stream()
                    .map(kept -> new String(kept.value(), UTF_8))
                    .collect(toCollection(TreeSet::new));
        }
    }

    /** The bridge has committed all that was published: nothing is read again. */
    private void awaitQuiet() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            await("the bridge's commits").atMost(PATIENCE).until(() -> {
                long committed = admin
                        .listConsumerGroupOffsets("serai-bridge")
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .values()
                        .stream()
                        .mapToLong(offset -> offset == null ? 0 : offset.offset())
                        .sum();
                return committed == published.size() + broken.size();
            });
        }
    }

    private void publishUntilEnough(Random random) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            Pace pace = Pace.perSecond(PER_SECOND);
            for (int n = 0; !enough; n++) {
                pace.awaitTurn();
                boolean isBroken = random.nextInt(25) == 0;
                // Most are of one caller.
                int caller = random.nextBoolean() ? 0 : random.nextInt(CALLERS);
                String value = isBroken
                        ? "{\"agent\": broken-" + n
                        : "{\"agent\":{\"avatar\":\"a-" + n + "\"},\"caller\":{\"id\":\"caller-" + caller + "\"}}";
                RecordMetadata position = producer.send(new ProducerRecord<>(
                                FOREIGN, ("caller-" + caller).getBytes(UTF_8), value.getBytes(UTF_8)))
                        .get(30, TimeUnit.SECONDS);
                if (isBroken) {
                    broken.add(value);
                } else {
                    published.add(FOREIGN + "-" + position.partition() + "-" + position.offset());
                }
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a record could not be published", e);
        }
    }

    private JavaProcess startService() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(ServiceSettings.of(
                "bridge", broker.bootstrapServers(), provider.baseUrl().toString()));
        for (String setting : List.of(
                "serai.kafka.group-id=serai",
                "serai.reply.repeat=false",
                "bridge.topic=" + FOREIGN,
                "bridge.rejected-topic=" + REJECTED)) {
            arguments.add("--set");
            arguments.add(setting);
        }
        JavaProcess process = JavaProcess.start(
                JavaProcess.classPath(),
                Map.of("CONVAI_API_KEY", options.apiKey(), "SERAI_ROUTES_DIR", routes.toString()),
                Serai.class,
                arguments.toArray(String[]::new));
        processes.add(process);
        process.awaitErrors("Ready: ");
        return process;
    }

    private static Set<String> eventIds(TopicReader replies) {
        return replies.all().stream()
                .map(reply -> json(reply.value()).path("event_id").asText())
                .collect(toCollection(TreeSet::new));
    }

    private static JsonNode json(byte[] value) {
        try {
            return Json.MAPPER.readTree(value);
        } catch (IOException e) {
            throw new AssertionError(new String(value, UTF_8), e);
        }
    }
}
