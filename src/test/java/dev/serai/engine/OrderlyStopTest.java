package dev.serai.engine;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.conversation.EventInFlight;
import dev.serai.observe.AbandonedCalls;
import dev.serai.service.SeraiService;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.LogLines;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.UnansweredRequests;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.RecordedCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service is stopped in order while events are looked up, wait for the gate, are called for, back off and are committed:
 * no room is paid for twice, or the stop's time was over, and it says so. Each event has its own character, by which the
 * stand-in's calls tell them apart.
 *
 * <p>{@code -Dserai.stop.seed=N} and {@code -Dserai.stop.rounds=N} repeat the drawn moments and draw more of them.
 */
@BesideOthers
@Order(BesideOthers.LONGEST)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@LeftToCi
class OrderlyStopTest {
    private static final int EVENTS = 60;
    private static final int CONVERSATIONS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static UnansweredRequests way;
    private static EmbeddedBroker broker;

    private final ExecutorService stopping = Executors.newVirtualThreadPerTaskExecutor();

    /** By each test. */
    @SuppressWarnings("NullAway.Init")
    private RunningSerai serai;

    @BeforeAll
    static void startBroker() throws Exception {
        way = new UnansweredRequests();
        broker = EmbeddedBroker.start(
                directory, 0, Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + way.port()));
        way.target(broker.port());
    }

    @AfterAll
    static void stopBroker() throws Exception {
        broker.close();
        way.close();
    }

    private void startSerai(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        // No call is given up by itself, however busy the machine is.
        all.put("serai.connect.response-timeout", all.getOrDefault("serai.connect.total-timeout", "15s"));
        serai = new RunningSerai("127.0.0.1:" + way.port(), all, UnaryOperator.identity());
    }

    @AfterEach
    void stop() {
        way.letGo();
        serai.close();
        stopping.close();
    }

    @Test
    void eventInEachStep_isCalledForOnce() throws Exception {
        startSerai(Map.of(
                "serai.connect.max-concurrent", "1",
                "serai.connect.initial-backoff", "20s",
                "serai.connect.max-backoff", "20s"));
        serai.standIn().script(FaultScript.once(Fault.status(500)).forCharacter("backs-off"));
        serai.standIn().script(FaultScript.once(slow(2_000)).forCharacter("called-for"));
        serai.standIn().script(FaultScript.once(slow(900)).onPath("/scenes/slow"));
        publish("a", "backs-off");
        awaitCalls("backs-off", 1);
        publish("b", "called-for");
        publish("b", "behind");
        awaitCalls("called-for", 1);
        publish("c", "at-the-gate");
        await("the gate's line")
                .atMost(PATIENCE)
                .until(() -> serai.service().gate("default").status().waiting() > 0);
        publish("d", "looked-up", ",\"scene_ref\":\"slow\"");
        await("the look-up").atMost(PATIENCE).until(() -> serai.standIn().calls().stream()
                .anyMatch(call -> call.path().startsWith("/scenes/slow")));

        serai.restart(Map.of());

        List<String> events = List.of("backs-off", "called-for", "behind", "at-the-gate", "looked-up");
        eachHasOneReply_andWasPaidForOnce(events);
        assertThat(serai.connectCalls("backs-off")).hasSize(2);
        assertThat(serai.replyTo("called-for").path("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void commitThatIsUnderWay_isAwaited() throws Exception {
        startSerai(Map.of());
        publish("a", "before");
        serai.replyTo("before");
        holdItsCommit("committed");

        Future<?> restart = stopping.submit(() -> serai.restart(Map.of()));
        awaitStopping();
        way.letGo();
        restart.get();

        eachHasOneReply_andWasPaidForOnce(List.of("before", "committed"));
    }

    /** A step between the answer and the reply: it ends when its partition is to go, but not within a call's time. */
    public static final class SlowStep implements Processor {
        private static final Duration SLOW = Duration.ofMillis(1_500);
        private static final AtomicBoolean OTHERS_END = new AtomicBoolean();

        @Override
        public void process(Exchange exchange) throws InterruptedException {
            Delivery delivery = EventInFlight.of(exchange).delivery();
            await("the partition to go")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> delivery.isRevoked() || OTHERS_END.get());
            if (delivery.isRevoked()) {
                Thread.sleep(SLOW);
            }
        }
    }

    @Test
    void eventThatWasAnswered_keepsItsPartitionFromAnotherReplica_untilItsCommit() {
        Path routes = RouteFiles.copyWith(
                Map.of("conversation", RouteFiles.withStep("check-deadline-before-reply", SlowStep.class)));
        startSerai(Map.of("serai.routes-dir", routes.toString(), "serai.connect.total-timeout", "1s"));
        List<String> events = IntStream.range(0, 16).mapToObj(n -> "e-" + n).toList();
        events.forEach(event -> publish(event, event));
        events.forEach(event -> awaitCalls(event, 1));

        try (SeraiService second = serai.startReplica(
                "second", Map.of("serai.routes-dir", RouteFiles.shippedFolder().toString()))) {
            await("partitions of the second").atMost(PATIENCE).until(() -> second.partitions() > 0);
            SlowStep.OTHERS_END.set(true);

            eachHasOneReply_andWasPaidForOnce(events);
        }
    }

    @Test
    void callThatTakesLongerThanTheStopMay_isSaid() throws Exception {
        startSerai(Map.of());
        serai.standIn().script(FaultScript.once(slow(8_000)).forCharacter("endless"));
        RecordMetadata position = publish("a", "endless");
        awaitCalls("endless", 1);
        try (LogLines log = new LogLines(AbandonedCalls.class)) {
            serai.service().camelContext().getShutdownStrategy().setTimeout(1);

            serai.restart(Map.of());

            assertThat(log.with(name(position)))
                    .singleElement()
                    .asString()
                    .contains("its answer was not awaited", "the stop did not wait longer");
        }
        assertThat(serai.replyTo("endless").path("status").asText()).isEqualTo("started");
        assertThat(serai.connectCalls("endless")).hasSize(2);
    }

    @Test
    void commitThatTakesLongerThanTheStopMay_isSaid_andEndsTheStopInTime() throws Exception {
        startSerai(Map.of());
        RecordMetadata position = holdItsCommit("room");
        try (LogLines log = new LogLines(AbandonedCalls.class)) {
            serai.service().camelContext().getShutdownStrategy().setTimeout(1);
            long begun = System.nanoTime();
            serai.service().close();
            // Container platforms kill 10 s after the time that Camel is given.
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(took).isLessThan(Duration.ofSeconds(1 + 10));

            await("what it cost").atMost(PATIENCE).untilAsserted(() -> assertThat(log.with(name(position)))
                    .singleElement()
                    .asString()
                    .contains("its room was not published", "the stop did not wait longer"));
        }
    }

    /** Publishes an event, and returns when its commit is under way, which nobody answers. */
    private RecordMetadata holdItsCommit(String event) {
        int before = way.held();
        way.hold(ApiKeys.END_TXN);
        RecordMetadata position = publish("a", event);
        await("its commit")
                .atMost(PATIENCE)
                .until(() -> way.held() > before && serai.connectCalls(event).size() == 1);
        return position;
    }

    @Test
    void stopsAtAnyMoment_payForNoRoomTwice() {
        long seed = Long.getLong("serai.stop.seed", new Random().nextInt(1_000_000));
        System.out.println("serai.stop.seed=" + seed);
        Random random = new Random(seed);
        startSerai(Map.of("serai.connect.max-concurrent", "8", "serai.connect.max-backoff", "200ms"));
        List<String> all = new ArrayList<>();
        for (int round = 0; round < Integer.getInteger("serai.stop.rounds", 2); round++) {
            serai.standIn().clearFaults();
            List<String> events = new ArrayList<>();
            for (int n = 0; n < EVENTS; n++) {
                String event = "e-" + round + "-" + n;
                events.add(event);
                if (random.nextInt(8) == 0) {
                    serai.standIn().script(FaultScript.once(Fault.status(503)).forCharacter(event));
                }
            }
            Fault slow = slow(1 + random.nextInt(150));
            for (String path : List.of("/connect", "/scenes", "/customers")) {
                serai.standIn().script(FaultScript.always(slow).onPath(path));
            }
            int paidBefore = all.size();
            for (int n = 0; n < EVENTS; n++) {
                publish("caller-" + n % CONVERSATIONS, events.get(n), ",\"scene_ref\":\"lobby\"");
            }
            int moment = paidBefore + random.nextInt(EVENTS);
            await("call " + moment)
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> paid().size() >= moment);
            serai.restart(Map.of());
            all.addAll(events);
        }

        eachHasOneReply_andWasPaidForOnce(all);
    }

    private static Fault slow(int milliseconds) {
        return Fault.delay(Duration.ofMillis(milliseconds / 2), Duration.ofMillis(milliseconds));
    }

    private RecordMetadata publish(String key, String event) {
        return publish(key, event, "");
    }

    private RecordMetadata publish(String key, String event, String fields) {
        return serai.publish(key, "{\"event_id\":\"" + event + "\",\"character_id\":\"" + event + "\"" + fields + "}");
    }

    private static String name(RecordMetadata position) {
        return "offset " + position.offset() + " of " + position.topic() + "-" + position.partition();
    }

    private void awaitCalls(String event, int calls) {
        await("calls for " + event)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> serai.connectCalls(event).size() >= calls);
    }

    private void awaitStopping() {
        Callable<Boolean> isStopping = () -> serai.service().camelContext().isStopping();
        await("the stop").atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(isStopping);
    }

    private List<RecordedCall> paid() {
        return serai.standIn().calls().stream()
                .filter(RecordedCall::sessionMade)
                .toList();
    }

    private void eachHasOneReply_andWasPaidForOnce(Collection<String> events) {
        events.forEach(event -> assertThat(serai.replyTo(event).path("status").asText())
                .as(event)
                .isEqualTo("started"));
        Map<String, List<RecordedCall>> calls =
                paid().stream().collect(groupingBy(call -> String.valueOf(call.characterId())));
        for (String event : events) {
            assertThat(calls.get(event))
                    .as("calls that were paid for: " + event)
                    .hasSize(1);
            assertThat(serai.repliesTo(event)).as("replies to " + event).hasSize(1);
        }
    }
}
