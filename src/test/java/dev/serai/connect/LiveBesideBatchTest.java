package dev.serai.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connect.gate.GateStatus;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.RecordedCall;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Issue 17, live callers before batches, from Kafka to Kafka: callers who come one after the other while a batch could use every
 * slot of the plan. The batch's deadlines are the earlier ones. Larger by {@code serai.test.callers}, {@code serai.test.slots},
 * {@code serai.test.batch}, {@code serai.test.talk-ms}, {@code serai.test.interval-ms} and, for a calm machine,
 * {@code serai.test.noise-ms}.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@BesideOthers
@LeftToCi
class LiveBesideBatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int CALLERS = Integer.getInteger("serai.test.callers", 12);
    private static final int SLOTS = Integer.getInteger("serai.test.slots", 3);
    private static final int BATCH = Integer.getInteger("serai.test.batch", 200);

    /** As long as each session lasts. */
    private static final Duration TALK = Duration.ofMillis(Integer.getInteger("serai.test.talk-ms", 400));

    private static final Duration INTERVAL = Duration.ofMillis(Integer.getInteger("serai.test.interval-ms", 250));

    /**
     * Longer than the end of a session, the next call and Kafka take, for machines with much else to do; and less than half of
     * what the batch would take that callers would wait for without a priority.
     */
    private static final Duration NOISE = Duration.ofMillis(Integer.getInteger("serai.test.noise-ms", 12_000));

    private static Map<String, String> settings(Map<String, String> further) {
        Map<String, String> settings = new HashMap<>(
                Map.of("serai.connect.max-sessions", Integer.toString(SLOTS), "serai.connect.max-concurrent", "8"));
        settings.putAll(further);
        return RunningSerai.withoutSources(settings);
    }

    @Test
    void batchThatCouldUseEverySlot_costsCallersAtMostOneHandOver_andNothingWithAReserve() throws Exception {
        Duration alone;
        Duration beside;
        Duration reserved;
        try (RunningSerai serai = new RunningSerai(settings(Map.of()))) {
            play(serai, "warm-up", 0, 3);
            alone = play(serai, "alone", 0, CALLERS);
            beside = play(serai, "beside", BATCH, CALLERS);
        }
        try (RunningSerai serai =
                new RunningSerai(settings(Map.of("serai.connect.live-reserve", Integer.toString(SLOTS - 1))))) {
            play(serai, "warm-up", 0, 3);
            reserved = play(serai, "reserved", BATCH, CALLERS);
        }

        System.out.printf(
                Locale.ROOT,
                "LiveBesideBatchTest: %d callers, every %d ms, %d slots, sessions of %d ms: 95th percentile from event to reply"
                        + " without a batch %d ms, beside a batch of %d %d ms, with a reserve of %d slots %d ms%n",
                CALLERS,
                INTERVAL.toMillis(),
                SLOTS,
                TALK.toMillis(),
                alone.toMillis(),
                BATCH,
                beside.toMillis(),
                SLOTS - 1,
                reserved.toMillis());
        assertThat(beside).isLessThanOrEqualTo(alone.plus(TALK).plus(NOISE));
        assertThat(reserved).isLessThanOrEqualTo(alone.plus(NOISE));
    }

    private record Talking(long until, String key) implements Comparable<Talking> {
        @Override
        public int compareTo(Talking other) {
            return Long.compare(until, other.until);
        }
    }

    /** The 95th percentile of how long callers waited for their replies. */
    private static Duration play(RunningSerai serai, String name, int batch, int callers) throws Exception {
        serai.standIn().clearCalls();
        serai.standIn().limitSessions(SLOTS);
        serai.standIn().latency(Duration.ofMillis(20), Duration.ofMillis(60));
        String topic = serai.settings().kafka().startTopic();
        try (var producer = Producers.atOnce(serai.bootstrapServers());
                var replies = serai.reader(serai.settings().kafka().replyTopic())) {
            List<Future<?>> sent = new ArrayList<>();
            ArrayDeque<String> unanswered = new ArrayDeque<>();
            for (int event = 0; event < batch; event++) {
                String key = name + "-batch-" + event;
                unanswered.add(key);
                sent.add(producer.send(start(topic, key, ",\"priority\":\"batch\",\"ttl_ms\":200000")));
            }
            if (batch > 0) {
                String reserve = serai.settings().connect().liveReserve() > 0 ? "reserve" : "sessions";
                int taken = SLOTS - serai.settings().connect().liveReserve();
                await("the batch to have what it may have").atMost(PATIENCE).untilAsserted(() -> {
                    GateStatus status = serai.service().gate("default").status();
                    assertThat(status.batch()).isEqualTo(batch - taken);
                    assertThat(status.sessions()).isEqualTo(new GateStatus.Sessions(taken, SLOTS));
                    assertThat(serai.page("/metrics").body())
                            .contains("serai_gate_waiting{priority=\"batch\",tenant=\"default\"} " + (batch - taken))
                            .contains("serai_gate_waiting{priority=\"live\",tenant=\"default\"} 0")
                            .contains("serai_gate_held{tenant=\"default\",why=\"" + reserve + "\"} 1");
                });
                assertThat(serai.page("/waiting").body())
                        .contains("waits behind live callers at the gate of tenant default")
                        .contains("of them batch events: " + (batch - taken))
                        .contains(
                                reserve.equals("reserve")
                                        ? "open, but what is free is kept for live callers"
                                        : "held: as many sessions are open as max-sessions allows");
            }
            Map<String, Long> published = new HashMap<>();
            Map<String, Duration> waited = new HashMap<>();
            PriorityQueue<Talking> talking = new PriorityQueue<>();
            long begun = System.nanoTime();
            int hungUp = 0;
            while (hungUp < callers) {
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as("callers with a room: " + waited.size())
                        .isLessThan(Duration.ofMinutes(2));
                if (published.size() < callers && System.nanoTime() - begun >= INTERVAL.toNanos() * published.size()) {
                    String key = name + "-caller-" + published.size();
                    published.put(key, System.nanoTime());
                    sent.add(producer.send(start(topic, key, ",\"ttl_ms\":300000")));
                }
                for (var reply : replies.next(Duration.ofMillis(2))) {
                    JsonNode json = RunningSerai.json(reply);
                    String key = json.path("event_id").asText();
                    if (!key.startsWith(name) || !json.path("status").asText().equals("started")) {
                        continue;
                    }
                    unanswered.remove(key);
                    Long at = published.get(key);
                    if (at != null) {
                        waited.put(key, Duration.ofNanos(System.nanoTime() - at));
                    }
                    talking.add(new Talking(System.nanoTime() + TALK.toNanos(), key));
                }
                while (!talking.isEmpty() && talking.peek().until() <= System.nanoTime()) {
                    String key = talking.remove().key();
                    sent.add(producer.send(end(topic, key)));
                    hungUp += published.containsKey(key) ? 1 : 0;
                }
            }
            assertThat(unanswered.size()).as("batch events that still wait").isGreaterThanOrEqualTo(batch / 10);
            talking.forEach(last -> sent.add(producer.send(end(topic, last.key()))));
            unanswered.forEach(key -> sent.add(producer.send(end(topic, key))));
            for (Future<?> event : sent) {
                event.get();
            }
            await("all to be over").atMost(PATIENCE.multipliedBy(2)).untilAsserted(() -> assertThat(
                            serai.service().gate("default").status())
                    .returns(0, GateStatus::waiting)
                    .returns(new GateStatus.Sessions(0, SLOTS), GateStatus::sessions));
            assertThat(serai.standIn().calls().stream().map(RecordedCall::status))
                    .doesNotContain(429);
            List<Duration> sorted = waited.values().stream().sorted().toList();
            return sorted.get(sorted.size() * 95 / 100);
        }
    }

    private static ProducerRecord<byte[], byte[]> start(String topic, String key, String fields) {
        return event(topic, key, "{\"event_id\":\"" + key + "\",\"character_id\":\"c\"" + fields + "}");
    }

    private static ProducerRecord<byte[], byte[]> end(String topic, String key) {
        return event(topic, key, "{\"event_id\":\"end-" + key + "\",\"action\":\"end\"}");
    }

    private static ProducerRecord<byte[], byte[]> event(String topic, String key, String value) {
        return new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    /** Order per conversation wins: what waits in front of a live caller's event goes as live, wherever it waits by then. */
    @Test
    void batchEvent_withALiveOneOfItsConversationBehindIt_goesAsLive() throws Exception {
        try (RunningSerai serai = new RunningSerai(RunningSerai.withoutSources(
                Map.of("serai.connect.max-sessions", "2", "serai.connect.live-reserve", "1")))) {
            serai.publish("holder", "{\"event_id\":\"holder\",\"character_id\":\"c\"}");
            assertThat(serai.replyTo("holder").path("status").asText()).isEqualTo("started");
            List<String> batch = new ArrayList<>(List.of("a", "b", "k"));
            batch.forEach(key -> serai.publish(
                    key,
                    "{\"event_id\":\"batch-" + key
                            + "\",\"character_id\":\"c\",\"priority\":\"batch\",\"ttl_ms\":600000}"));
            await("the batch to wait at the gate")
                    .atMost(PATIENCE)
                    .until(() -> serai.service().gate("default").status().batch() == 3);

            serai.publish("k", "{\"event_id\":\"live-k\",\"character_id\":\"c\",\"ttl_ms\":600000}");

            assertThat(serai.replyTo("batch-k").path("status").asText()).isEqualTo("started");
            await("the live one to wait for a slot").atMost(PATIENCE).untilAsserted(() -> assertThat(
                            serai.service().gate("default").status())
                    .returns(3, GateStatus::waiting)
                    .returns(2, GateStatus::batch));
            serai.publish("holder", "{\"event_id\":\"end\",\"action\":\"end\"}");
            assertThat(serai.replyTo("live-k").path("status").asText()).isEqualTo("started");
            assertThat(serai.service().gate("default").status().batch()).isEqualTo(2);
        }
    }
}
