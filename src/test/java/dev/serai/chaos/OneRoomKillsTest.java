package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Serai;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.Pace;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.standin.SessionRules;
import dev.serai.trial.standin.SessionRules.SecondCreate;
import dev.serai.trial.standin.SharedKeyUse;
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
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A replica is killed again and again while calls are under way. With one room per event, each event has one room, in either
 * reading of the contract's section 4; without it, the count of rooms that nobody was told of is printed.
 * {@code -Dserai.chaos.seed=N} draws the same moments, {@code -Dserai.chaos.kills=N} kills so often.
 */
@Tag("chaos-long")
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class OneRoomKillsTest {
    private static final int KILLS = Integer.getInteger("serai.chaos.kills", 5);
    /** They are for comparison. */
    private static final int MOST_WITHOUT_IT = 30;

    private static final int PER_SECOND = 12;
    private static final int REPLIES_BETWEEN = 12;

    /** Publishing waits while more are not answered: a service that has just started does not get through more. */
    private static final int MOST_WAITING = 150;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration MOST_LATENCY = Duration.ofMillis(900);

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("serai.chaos.seed", new Random().nextInt(1_000_000));
    private final StandInOptions options = StandInOptions.defaults().withPort(0);
    private final Set<String> published = new ConcurrentSkipListSet<>();
    private final ExecutorService publisher = Executors.newVirtualThreadPerTaskExecutor();
    private EmbeddedBroker broker;
    private StandIn provider;
    private JavaProcess service;
    private volatile int answered;
    private volatile boolean enough;

    @BeforeEach
    void start() {
        System.out.println("serai.chaos.seed=" + seed);
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        provider = StandIn.start(options);
        provider.latency(Duration.ofMillis(100), MOST_LATENCY);
    }

    @AfterEach
    void stop() {
        enough = true;
        publisher.close();
        service.close();
        provider.close();
        broker.close();
    }

    @ParameterizedTest
    @EnumSource
    void killsDuringCalls_leaveOneRoomForEachEvent(SecondCreate reading) throws Exception {
        provider.sessionRules(SessionRules.defaults().withSecondCreate(reading));

        List<JsonNode> replies = repliesDespiteKills(KILLS, "shared-session-key");

        List<SharedKeyUse> uses = provider.sharedKeys();
        long joined = uses.stream().filter(use -> use.sessionsOpened() > 1).count();
        System.out.println("serai.chaos.seed=" + seed + ", " + reading + ": " + KILLS + " kills, " + published.size()
                + " events, " + joined + " of them came to a room that an earlier call had opened");
        assertThat(uses).hasSameSizeAs(published).allSatisfy(use -> assertThat(use.roomsCreated())
                .isEqualTo(1));
        assertThat(provider.sessionCounts().roomsCreated()).isEqualTo(published.size());
        assertThat(replies.stream().map(reply -> reply.path("room_name").asText()))
                .doesNotHaveDuplicates()
                .hasSameSizeAs(published);
        assertThat(joined).as("calls that a kill cut off").isPositive();
    }

    @Test
    void killsDuringCalls_leaveRoomsThatNobodyKnows_withoutIt() throws Exception {
        int kills = Math.min(KILLS, MOST_WITHOUT_IT);
        repliesDespiteKills(kills, "off");

        long rooms = provider.sessionCounts().roomsCreated();
        System.out.println("serai.chaos.seed=" + seed + ", off: " + kills + " kills, " + published.size() + " events, "
                + rooms + " rooms, " + (rooms - published.size()) + " of them left open by kills");
        assertThat(rooms - published.size()).isPositive();
    }

    /** One started reply to each event that was published; the service has ended. */
    private List<JsonNode> repliesDespiteKills(int kills, String oneRoomPerEvent) throws Exception {
        Random random = new Random(seed);
        service = startService(oneRoomPerEvent);
        Future<?> publishing = publisher.submit(() -> publishUntilEnough(new Random(seed)));
        try (TopicReader replies = new TopicReader(broker.bootstrapServers(), "conversation.replies")) {
            for (int kill = 0; kill < kills; kill++) {
                int moment = replies.all().size() + 1 + random.nextInt(REPLIES_BETWEEN);
                await("replies before a kill").atMost(PATIENCE).until(() -> answered(replies) >= moment);
                service.kill();
                service.exitCode();
                service = startService(oneRoomPerEvent);
            }
            enough = true;
            publishing.get();
            await("a reply to each event").atMost(PATIENCE).until(() -> answered(replies) >= published.size());
            service.terminate();
            assertThat(service.exitCode()).isEqualTo(143);
            List<JsonNode> all = replies.all().stream().map(RunningSerai::json).toList();
            assertThat(all).allSatisfy(reply -> assertThat(reply.path("status").asText())
                    .isEqualTo("started"));
            Map<String, Long> answers = all.stream()
                    .collect(groupingBy(reply -> reply.path("event_id").asText(), counting()));
            assertThat(answers.keySet()).isEqualTo(published);
            assertThat(answers.values()).allMatch(count -> count == 1);
            return all;
        }
    }

    private int answered(TopicReader replies) {
        answered = replies.all().size();
        return answered;
    }

    private void publishUntilEnough(Random random) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            Pace pace = Pace.perSecond(PER_SECOND);
            for (int n = 0; !enough; n++) {
                pace.awaitTurn();
                while (!enough && n - answered > MOST_WAITING) {
                    pace.awaitTurn();
                }
                String event = "event-" + n;
                String key = "caller-" + random.nextInt(1_000);
                producer.send(new ProducerRecord<>(
                                "conversation.start",
                                key.getBytes(UTF_8),
                                ("{\"event_id\":\"" + event + "\",\"character_id\":\"c\"}").getBytes(UTF_8)))
                        .get(30, TimeUnit.SECONDS);
                published.add(event);
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("an event could not be published", e);
        }
    }

    private JavaProcess startService(String oneRoomPerEvent) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(ServiceSettings.of(
                "replica", broker.bootstrapServers(), provider.baseUrl().toString()));
        arguments.add("--set");
        arguments.add("serai.connect.one-room-per-event=" + oneRoomPerEvent);
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
