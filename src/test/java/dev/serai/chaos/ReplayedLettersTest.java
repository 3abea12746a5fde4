package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an outage of the provider has left is replayed, and so is what Spring has left, while the replay is killed twice, two
 * run at once, and the service is killed: each event has one room and one reply that says so, in the order of its conversation;
 * another replay does nothing. {@code -Dserai.chaos.letters=N} is for so many of the outage, and a fifth as many of Spring's.
 */
@Tag("chaos-long")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ReplayedLettersTest {
    private static final int LETTERS = Integer.getInteger("serai.chaos.letters", 500);
    private static final int OF_SPRING = LETTERS / 5;
    private static final int CALLERS = Math.max(1, LETTERS / 10);
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String SPRING = "orders.DLT";

    @TempDir
    private Path directory;

    private final int providerPort = new FreePorts().next();
    private final StandInOptions options = StandInOptions.defaults().withPort(providerPort);
    private final List<JavaProcess> processes = new ArrayList<>();
    private EmbeddedBroker broker;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
    }

    @AfterEach
    void stop() {
        processes.forEach(JavaProcess::close);
        broker.close();
    }

    @Test
    void lettersOfAnOutage_areAnsweredOnceEach_despiteKills() throws Exception {
        JavaProcess service = startService();
        publishEvents();
        try (TopicReader letters = new TopicReader(broker.bootstrapServers(), "conversation.dead-letters")) {
            await("dead letters").atMost(PATIENCE).until(() -> letters.all().size() >= LETTERS);
        }
        publishLettersOfSpring();

        try (StandIn provider = StandIn.start(options);
                TopicReader replies = new TopicReader(broker.bootstrapServers(), "conversation.replies")) {
            provider.latency(Duration.ofMillis(1), Duration.ofMillis(20));
            // Slower than the service, so that what it has answered says how far the replay is.
            String rate = Integer.toString(Math.max(20, LETTERS / 40));
            JavaProcess replay = startReplay("--deadline", "1h", "--rate", rate);
            awaitStarted(replies, LETTERS / 5);
            replay.kill();
            assertThat(replay.exitCode()).isNotZero();

            JavaProcess first = startReplay("--deadline", "1h", "--rate", rate);
            awaitStarted(replies, LETTERS * 2 / 5);
            service.kill();
            service.exitCode();
            JavaProcess second = startReplay("--deadline", "1h", "--rate", rate);
            service = startService();
            assertThat(first.exitCode()).isEqualTo(1);
            assertThat(first.errors()).contains("another replay of conversation.dead-letters has taken over");
            assertThat(second.exitCode()).as(second.errors()).isZero();
            assertThat(startReplay("--topic", SPRING).exitCode()).isZero();

            awaitStarted(replies, LETTERS + OF_SPRING);
            long published = eventsPublished();
            JsonNode again = Json.MAPPER.readTree(outOf(startReplay("--json")));
            assertThat(again.path("published").asInt()).isZero();
            assertThat(again.at("/left/replayed_before").asInt()).isEqualTo(LETTERS);
            JsonNode springs = Json.MAPPER.readTree(outOf(startReplay("--json", "--topic", SPRING)));
            assertThat(springs.path("published").asInt()).isZero();
            service.terminate();
            assertThat(service.exitCode()).isEqualTo(143);

            assertThat(eventsPublished()).isEqualTo(published).isEqualTo(2L * LETTERS + OF_SPRING);
            assertAnsweredOnceInOrder(replies);
            System.out.println(LETTERS + " letters of an outage and " + OF_SPRING + " of Spring's: rooms created "
                    + provider.sessionCounts().roomsCreated());
        }
    }

    private void assertAnsweredOnceInOrder(TopicReader replies) {
        List<ConsumerRecord<byte[], byte[]>> all = replies.all();
        Map<String, Long> started = all.stream()
                .map(RunningSerai::json)
                .filter(reply -> reply.path("status").asText().equals("started"))
                .collect(groupingBy(reply -> reply.path("event_id").asText(), counting()));
        assertThat(started.keySet())
                .isEqualTo(IntStream.range(0, LETTERS + OF_SPRING)
                        .mapToObj(n -> "event-" + n)
                        .collect(toSet()));
        assertThat(started.values()).allMatch(count -> count == 1);
        Map<String, List<Integer>> order = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> reply : all) {
            JsonNode json = RunningSerai.json(reply);
            if (json.path("status").asText().equals("started")) {
                order.computeIfAbsent(new String(reply.key(), UTF_8), key -> new ArrayList<>())
                        .add(Integer.parseInt(json.path("event_id").asText().substring("event-".length())));
            }
        }
        assertThat(order.values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
    }

    private void awaitStarted(TopicReader replies, int count) {
        await(count + " rooms")
                .atMost(PATIENCE)
                .until(() -> replies.all().stream()
                                .filter(reply -> "started".equals(TopicReader.header(reply, "serai-status")))
                                .count()
                        >= count);
    }

    private long eventsPublished() {
        try (TopicReader events = new TopicReader(broker.bootstrapServers(), "conversation.start")) {
            return events.all().size();
        }
    }

    private void publishEvents() throws Exception {
        publish(IntStream.range(0, LETTERS)
                .mapToObj(n -> new ProducerRecord<>("conversation.start", key(n), event(n, ",\"ttl_ms\":1000")))
                .toList());
    }

    private void publishLettersOfSpring() throws Exception {
        Topics.create(broker.bootstrapServers(), 3, SPRING);
        List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
        for (int n = LETTERS; n < LETTERS + OF_SPRING; n++) {
            var letter = new ProducerRecord<>(SPRING, key(n), event(n, ""));
            letter.headers()
                    .add("kafka_dlt-original-topic", "conversation.start".getBytes(UTF_8))
                    .add(
                            "kafka_dlt-original-offset",
                            ByteBuffer.allocate(8).putLong(n).array())
                    .add("kafka_dlt-exception-fqcn", "java.lang.IllegalStateException".getBytes(UTF_8));
            letters.add(letter);
        }
        publish(letters);
    }

    private void publish(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        try (var producer = Producers.plain(broker.bootstrapServers())) {
            var sent = records.stream().map(producer::send).toList();
            for (var one : sent) {
                one.get(2, TimeUnit.MINUTES);
            }
        }
    }

    private static byte[] key(int n) {
        return ("caller-" + n % CALLERS).getBytes(UTF_8);
    }

    private static byte[] event(int n, String more) {
        return ("{\"event_id\":\"event-" + n + "\",\"character_id\":\"c\"" + more + "}").getBytes(UTF_8);
    }

    private String outOf(JavaProcess replay) throws Exception {
        String out = replay.readToEnd();
        assertThat(replay.exitCode()).as(replay.errors()).isZero();
        return out;
    }

    private JavaProcess startReplay(String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("dead-letters", "replay", "--yes", "--reason", "the outage is over"));
        arguments.addAll(Arrays.asList(more));
        return process(arguments);
    }

    private JavaProcess startService() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(ServiceSettings.of("replica", broker.bootstrapServers(), "http://127.0.0.1:" + providerPort));
        JavaProcess service = process(arguments);
        service.awaitErrors("Ready: ");
        return service;
    }

    private JavaProcess process(List<String> arguments) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of("CONVAI_API_KEY", options.apiKey()));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        JavaProcess process = JavaProcess.startSerai(environment, arguments.toArray(String[]::new));
        processes.add(process);
        return process;
    }
}
