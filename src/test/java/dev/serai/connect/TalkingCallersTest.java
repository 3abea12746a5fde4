package dev.serai.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connect.gate.GateStatus;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.trial.standin.SessionRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Issue 15, slots: a plan of three, a stand-in whose calls take 100 to 300 ms, and callers who all wait from the beginning, get
 * a room one after another, talk, and hang up.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@BesideOthers
class TalkingCallersTest {
    private static final int SLOTS = 3;

    /** Twenty times what is to be reached, for machines with much else to do. */
    private static final Duration AT_ONCE = Duration.ofSeconds(6);

    /** @param talk of the longest conversation; the shortest is half as long */
    private record Play(int callers, Duration talk, boolean endEvents, Duration idle) {}

    /** @param times from a hang-up, its end event published where there is one, until the next caller's reply is read */
    private record Outcome(List<Duration> times, long refused) {
        Outcome {
            times = times.stream().sorted().toList();
        }

        Duration median() {
            return times.get(times.size() / 2);
        }

        void print(String what) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: from hang-up to the next caller's room, %d times: median %d ms, 90%% %d ms, longest %d ms;"
                            + " answers of 429: %d%n",
                    what,
                    times.size(),
                    median().toMillis(),
                    times.get(times.size() * 9 / 10).toMillis(),
                    times.getLast().toMillis(),
                    refused);
        }
    }

    private static Map<String, String> settings(Map<String, String> further) {
        // As the product's, and not as other tests want it.
        Map<String, String> settings =
                new HashMap<>(Map.of("serai.connect.gate.cool-down", "4700ms", "serai.conversation.ttl", "10m"));
        settings.putAll(further);
        return RunningSerai.withoutSources(settings);
    }

    @Test
    void knownPlan_isNeverRunInto_andAFreedSlotIsTheNextCallersAtOnce() throws Exception {
        try (RunningSerai serai = new RunningSerai(settings(Map.of("serai.connect.max-sessions", "3")))) {
            Outcome outcome = play(serai, new Play(12, Duration.ofSeconds(2), true, Duration.ofMinutes(5)));

            outcome.print("max-sessions and end events");
            assertThat(outcome.refused()).isZero();
            assertThat(outcome.median()).isLessThan(AT_ONCE);
            await("all sessions to be known as over")
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(
                                    serai.service().gate("default").status().sessions())
                            .isEqualTo(new GateStatus.Sessions(0, SLOTS)));
            assertThat(serai.standIn().sessionCounts().openSessions()).isZero();
        }
    }

    /** A session that is to be ended takes its slot until the provider has ended it, and not until its time has come. */
    @Test
    void sessionsThatEndAtTheirTime_freeTheirSlots_whenTheProviderHasEndedThem() throws Exception {
        try (RunningSerai serai = new RunningSerai(settings(Map.of("serai.connect.max-sessions", "3")))) {
            serai.standIn().limitSessions(SLOTS);
            for (int caller = 0; caller < 7; caller++) {
                serai.publish(
                        "caller-" + caller,
                        "{\"event_id\":\"e" + caller + "\",\"character_id\":\"c\",\"close_after_ms\":1000}");
            }

            for (int caller = 0; caller < 7; caller++) {
                assertThat(serai.replyTo("e" + caller).path("status").asText()).isEqualTo("started");
            }
            assertThat(refused(serai)).isZero();
        }
    }

    /** As long as callers talk is {@code -Dserai.test.talk-seconds}. */
    @Test
    @Tag("chaos-long")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void freedSlot_isTheNextCallers_measured() throws Exception {
        Duration talk = Duration.ofSeconds(Integer.getInteger("serai.test.talk-seconds", 20));
        Duration idle = Duration.ofSeconds(30);
        Outcome ended;
        Outcome left;
        try (RunningSerai serai = new RunningSerai(settings(Map.of()))) {
            warmUp(serai);
            ended = play(serai, new Play(21, talk, true, Duration.ofMinutes(5)));
            ended.print("end events, no max-sessions, talk " + talk);
            left = play(serai, new Play(9, talk, false, idle));
            left.print("no end events, idle time-out " + idle);
        }
        Outcome known;
        try (RunningSerai serai = new RunningSerai(settings(Map.of("serai.connect.max-sessions", "3")))) {
            warmUp(serai);
            known = play(serai, new Play(21, talk, true, Duration.ofMinutes(5)));
            known.print("end events, max-sessions 3, talk " + talk);
        }
        assertThat(known.refused()).isZero();
        assertThat(left.median()).isBetween(idle.minusSeconds(1), idle.plusSeconds(6));
        assertThat(ended.median()).isLessThan(Duration.ofMillis(300));
        assertThat(known.median()).isLessThan(Duration.ofMillis(300));
    }

    /** So that code is compiled and connections are open. */
    private static void warmUp(RunningSerai serai) throws InterruptedException, ExecutionException {
        var unused = play(serai, new Play(60, Duration.ofMillis(500), true, Duration.ofMinutes(5)));
    }

    private static Outcome play(RunningSerai serai, Play play) throws InterruptedException, ExecutionException {
        long seed = Long.getLong("serai.test.seed", System.nanoTime());
        System.out.println("seed of the conversations' lengths: " + seed);
        Random random = new Random(seed);
        serai.standIn().clearCalls();
        serai.standIn().limitSessions(SLOTS);
        serai.standIn().latency(Duration.ofMillis(100), Duration.ofMillis(300));
        // Nobody joins a room of the stand-in, so that idling begins at once: as long as they talk, they do not idle.
        serai.standIn()
                .sessionRules(SessionRules.defaults().withIdleAfter(play.talk().plus(play.idle())));
        String topic = serai.settings().kafka().startTopic();
        String prefix = Long.toHexString(seed) + "-";
        try (var producer = Producers.atOnce(serai.bootstrapServers());
                var replies = serai.reader(serai.settings().kafka().replyTopic())) {
            for (int caller = 0; caller < play.callers(); caller++) {
                producer.send(event(topic, prefix + caller, "start", "\"character_id\":\"c\""))
                        .get();
            }
            List<Long> rooms = new ArrayList<>();
            List<Long> hangUps = new ArrayList<>();
            Set<String> answered = new HashSet<>();
            PriorityQueue<Talking> talking = new PriorityQueue<>();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(280);
            while (hangUps.size() < play.callers()) {
                assertThat(System.nanoTime())
                        .as("callers with a room: " + rooms.size())
                        .isLessThan(deadline);
                replies.next(Duration.ofMillis(5)).forEach(reply -> {
                    JsonNode json = RunningSerai.json(reply);
                    String id = json.path("event_id").asText();
                    if (id.startsWith("start-" + prefix) && answered.add(id)) {
                        assertThat(json.path("status").asText())
                                .as(json.toString())
                                .isEqualTo("started");
                        long now = System.nanoTime();
                        rooms.add(now);
                        long talk = play.talk().toNanos();
                        // Without end events each is followed by the next after as long.
                        long lasts = play.endEvents() ? talk / 2 + (long) (random.nextDouble() * talk / 2) : talk;
                        talking.add(new Talking(now + lasts, id.substring("start-".length())));
                    }
                });
                while (!talking.isEmpty() && talking.peek().until() <= System.nanoTime()) {
                    Talking done = talking.remove();
                    if (play.endEvents()) {
                        producer.send(event(topic, done.caller(), "end", "\"action\":\"end\""))
                                .get();
                    }
                    hangUps.add(System.nanoTime());
                }
            }
            List<Duration> times = new ArrayList<>();
            for (int next = SLOTS; next < rooms.size(); next++) {
                times.add(Duration.ofNanos(rooms.get(next) - hangUps.get(next - SLOTS)));
            }
            return new Outcome(times, refused(serai));
        }
    }

    private static long refused(RunningSerai serai) {
        return serai.standIn().calls().stream()
                .map(RecordedCall::status)
                .filter(Integer.valueOf(429)::equals)
                .count();
    }

    private record Talking(long until, String caller) implements Comparable<Talking> {
        @Override
        public int compareTo(Talking other) {
            return Long.compare(until, other.until);
        }
    }

    private static ProducerRecord<byte[], byte[]> event(String topic, String caller, String what, String field) {
        return new ProducerRecord<>(
                topic,
                caller.getBytes(UTF_8),
                ("{\"event_id\":\"" + what + "-" + caller + "\"," + field + "}").getBytes(UTF_8));
    }
}
