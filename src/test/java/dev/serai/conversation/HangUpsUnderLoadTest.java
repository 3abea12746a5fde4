package dev.serai.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.Pace;
import dev.serai.testing.Producers;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.RecordedCall;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Issue 15: many callers wait for few calls at once, and three in ten hang up while they do. None of these is called for
 * after that, and each has its reply at once. The full size is {@code -Dserai.test.callers=1000}.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class HangUpsUnderLoadTest {
    private static final int CALLERS = Integer.getInteger("serai.test.callers", 200);

    /** About half of {@code serai.kafka.max-in-flight}, which is 1,000; the others wait for a place. */
    private static final int AT_THE_GATE = 450;

    /** So that three in ten have hung up while most of the others still wait: eight calls at once are some 60 a second. */
    private static final int HANG_UPS_PER_SECOND = 40;

    /** Longer than any event needs on a machine with much else to do; what was measured is printed. */
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    /** Between the last look before a call and the stand-in's note of it, on such a machine. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(2);

    /** Before them, so that code is compiled and connections are open. */
    private static final int EARLIER = 100;

    /** When which end event was read, and which start events were, by their keys; before anything is done about them. */
    public static final class NoteEvent implements Processor {
        static final Map<String, Long> READ = new ConcurrentHashMap<>();
        static final Set<String> STARTS = ConcurrentHashMap.newKeySet();

        @Override
        public void process(Exchange exchange) {
            byte[] value = exchange.getMessage().getBody(byte[].class);
            String key = new String(exchange.getMessage().getHeader(KafkaConstants.KEY, byte[].class), UTF_8);
            if (new String(value, UTF_8).contains("\"action\":\"end\"")) {
                READ.put(key, System.nanoTime());
            } else {
                STARTS.add(key);
            }
        }
    }

    /** When which conversation's start event came to the route of failures. */
    public static final class NoteRejected implements Processor {
        static final Map<String, Long> AT = new ConcurrentHashMap<>();

        @Override
        public void process(Exchange exchange) {
            AT.put(String.valueOf(EventInFlight.of(exchange).original().conversationKey()), System.nanoTime());
        }
    }

    /** A reply and when it was seen. */
    private record Seen(JsonNode reply, long nanos, Instant at) {}

    @Test
    void callersWhoHangUp_costNoCall_andAreAnsweredAtOnce() throws Exception {
        long seed = Long.getLong("serai.test.seed", System.nanoTime());
        System.out.println("seed of callersWhoHangUp_costNoCall_andAreAnsweredAtOnce: " + seed);
        Random random = new Random(seed);
        Path routes = RouteFiles.copyWith(Map.of(
                "start-conversation", RouteFiles.withStep("accept-record", NoteEvent.class),
                "reject", RouteFiles.withStep("describe-failure", NoteRejected.class)));
        Map<String, String> settings = RunningSerai.withoutSources(Map.of(
                "serai.connect.max-concurrent",
                "8",
                "serai.connect.response-timeout",
                "10s",
                "serai.routes-dir",
                routes.toString()));
        try (var serai = new RunningSerai(settings);
                var producer = Producers.atOnce(serai.bootstrapServers())) {
            String topic = serai.settings().kafka().startTopic();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int caller = CALLERS; caller < CALLERS + EARLIER; caller++) {
                sent.add(producer.send(event(topic, caller, "start-" + caller, "\"character_id\":\"c\"")));
                sent.add(producer.send(event(topic, caller, "end-" + caller, "\"action\":\"end\"")));
            }
            answers(serai, 2 * EARLIER);
            serai.standIn().clearCalls();
            serai.standIn().latency(Duration.ofMillis(900), Duration.ofMillis(900));
            List<Integer> hangUps = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                sent.add(
                        producer.send(event(topic, caller, "start-" + caller, "\"character_id\":\"c" + caller + "\"")));
                if (random.nextInt(10) < 3) {
                    hangUps.add(caller);
                }
            }
            for (Future<RecordMetadata> start : sent) {
                start.get();
            }
            // Those that a tenant may have in work at once; a process with much else to do has called for some by then.
            await("all callers to be read, and to wait")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> NoteEvent.STARTS.size() == CALLERS + EARLIER
                            && serai.service().gate("default").status().waiting()
                                    >= Math.min(CALLERS, AT_THE_GATE) - callsMade(serai) - 10);
            serai.standIn().latency(Duration.ofMillis(100), Duration.ofMillis(150));
            Instant begun = Instant.now();
            CompletableFuture<Map<String, Seen>> answered = CompletableFuture.supplyAsync(
                    () -> answers(serai, 2 * EARLIER + CALLERS + hangUps.size()), Thread::startVirtualThread);
            Pace pace = Pace.perSecond(HANG_UPS_PER_SECOND);
            for (int caller : hangUps) {
                pace.awaitTurn();
                producer.send(event(topic, caller, "end-" + caller, "\"action\":\"end\""))
                        .get();
            }

            Instant over = Instant.now();
            Map<String, Seen> answers = answered.get();
            List<Duration> started = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                Seen start = of(answers, "start-" + caller);
                List<RecordedCall> calls = serai.connectCalls("c" + caller);
                Instant answeredAt = calls.isEmpty() ? null : calls.getLast().endedAt();
                if (answeredAt != null && answeredAt.isAfter(begun) && answeredAt.isBefore(over)) {
                    started.add(Duration.between(answeredAt, start.at()));
                }
            }
            List<Duration> noticed = new ArrayList<>();
            List<Duration> cancelled = new ArrayList<>();
            for (int caller : hangUps) {
                Seen start = of(answers, "start-" + caller);
                long read = of(NoteEvent.READ, "caller-" + caller);
                assertThat(of(answers, "end-" + caller).reply().path("status").asText())
                        .isEqualTo("ended");
                List<RecordedCall> calls = serai.connectCalls("c" + caller);
                if (start.reply().at("/error/category").asText().equals("cancelled")) {
                    assertThat(calls).hasSize(start.reply().path("attempts").asInt());
                    Instant readAt = Instant.now().minusNanos(System.nanoTime() - read);
                    assertThat(calls)
                            .allSatisfy(call -> assertThat(call.receivedAt()).isBefore(readAt.plus(ON_ITS_WAY)));
                    if (calls.isEmpty()) {
                        noticed.add(Duration.ofNanos(of(NoteRejected.AT, "caller-" + caller) - read));
                        cancelled.add(Duration.ofNanos(start.nanos() - read));
                    }
                } else {
                    assertThat(start.reply().path("status").asText()).isEqualTo("started");
                }
            }
            assertThat(cancelled).as("callers who hung up while they waited").isNotEmpty();
            System.out.printf(
                    "%d callers, %d hung up, %d of them without a call; from the end event being read until its start event"
                            + " ends: %s, until its reply is seen: %s; for comparison, from the provider's answer to"
                            + " another caller until its reply is seen: %s%n",
                    CALLERS, hangUps.size(), cancelled.size(), text(noticed), text(cancelled), text(started));
            assertThat(cancelled.getLast()).isLessThan(AT_ONCE);
            await("no room of a caller who has hung up")
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(serai.standIn().sessionCounts().openSessions())
                                    .isEqualTo(CALLERS - hangUps.size()));
        }
    }

    private static int callsMade(RunningSerai serai) {
        return serai.standIn().calls().size();
    }

    private static <T> T of(Map<String, T> all, String which) {
        return Objects.requireNonNull(all.get(which), which);
    }

    private static String text(List<Duration> times) {
        if (times.isEmpty()) {
            return "none";
        }
        times.sort(null);
        return "median %d ms, 99%% %d ms, longest %d ms, later than 200 ms: %d"
                .formatted(
                        times.get(times.size() / 2).toMillis(),
                        times.get(times.size() * 99 / 100).toMillis(),
                        times.getLast().toMillis(),
                        times.stream().filter(time -> time.toMillis() > 200).count());
    }

    /** One of each event, with the time at which it could be read. */
    private static Map<String, Seen> answers(RunningSerai serai, int count) {
        Map<String, Seen> answers = new HashMap<>();
        try (var replies = serai.reader(serai.settings().kafka().replyTopic())) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (answers.size() < count && System.nanoTime() < deadline) {
                replies.next(Duration.ofMillis(20)).forEach(reply -> {
                    JsonNode json = RunningSerai.json(reply);
                    String id = json.path("event_id").asText();
                    assertThat(answers.put(id, new Seen(json, System.nanoTime(), Instant.now())))
                            .as("an earlier reply to " + id)
                            .isNull();
                });
            }
        }
        assertThat(answers).hasSize(count);
        return answers;
    }

    private static ProducerRecord<byte[], byte[]> event(String topic, int caller, String id, String field) {
        return new ProducerRecord<>(
                topic,
                ("caller-" + caller).getBytes(UTF_8),
                ("{\"event_id\":\"" + id + "\"," + field + "}").getBytes(UTF_8));
    }
}
