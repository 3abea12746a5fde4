package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.trial.standin.RecordedCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AutoClose;
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

    private static final String FOREIGN = "calls";
    private static final String REJECTED = "calls.rejected";

    @TempDir
    private Path directory;

    private final Set<String> published = new ConcurrentSkipListSet<>();
    private final Set<String> broken = new ConcurrentSkipListSet<>();

    @AutoClose
    private Replicas replicas;

    @BeforeEach
    void start() throws Exception {
        replicas = new Replicas(
                directory,
                "serai.routes-dir=" + RouteFiles.copyWithExample("bridge-from-topic"),
                "serai.kafka.group-id=serai",
                "serai.reply.repeat=false",
                "bridge.topic=" + FOREIGN,
                "bridge.rejected-topic=" + REJECTED);
        replicas.provider().latency(Duration.ofMillis(1), Duration.ofMillis(10));
        Topics.create(replicas.bootstrapServers(), 2, FOREIGN);
        Topics.create(replicas.bootstrapServers(), 1, REJECTED);
        replicas.start("bridge");
    }

    @Test
    void recordsThatComeInDuringKills_haveOneReplyEach() throws Exception {
        try (Load load = Load.start(replicas.bootstrapServers(), PER_SECOND, replicas.seed(), this::publishRecord);
                TopicReader replies = new TopicReader(replicas.bootstrapServers(), "conversation.replies")) {
            replicas.killAtDrawnMoments("bridge", KILLS, () -> replies.all().size(), RECORDS_BETWEEN);
            load.end();
            await("a reply to each record").atMost(Replicas.PATIENCE).until(() -> eventIds(replies)
                    .containsAll(published));
            awaitQuiet();
            // In order, so that nothing is still to come.
            replicas.stop();

            Map<String, Long> answers = replies.all().stream()
                    .map(RunningSerai::json)
                    .peek(reply -> assertThat(reply.path("status").asText()).isEqualTo("started"))
                    .collect(groupingBy(reply -> reply.path("event_id").asText(), counting()));
            assertThat(answers.keySet()).isEqualTo(published);
            assertThat(answers)
                    .as("replies by event, seed %s", replicas.seed())
                    .allSatisfy((event, count) -> assertThat(count).isEqualTo(1));
        }
        assertThat(kept()).isEqualTo(broken);
        costsNoMoreThanTheKills();
    }

    /** One process holds so many events at most that it has called for and not committed. */
    private void costsNoMoreThanTheKills() {
        Map<String, Long> paid = replicas.provider().calls().stream()
                .filter(RecordedCall::sessionMade)
                .collect(groupingBy(call -> String.valueOf(call.characterId()), counting()));
        long more = paid.values().stream().mapToLong(calls -> calls - 1).sum();
        System.out.println("serai.chaos.seed=" + replicas.seed() + ": " + published.size() + " records, "
                + publishedTwice() + " events published again, " + more + " calls more, " + KILLS + " kills");
        assertThat(more).as("calls more than events").isBetween(0L, (long) KILLS * CALLERS);
    }

    private long publishedTwice() {
        try (TopicReader events = new TopicReader(replicas.bootstrapServers(), "conversation.start")) {
            List<String> ids = events.all().stream()
                    .map(event -> RunningSerai.json(event).path("event_id").asText())
                    .toList();
            assertThat(new TreeSet<>(ids)).isEqualTo(published);
            return (long) ids.size() - published.size();
        }
    }

    private Set<String> kept() {
        try (TopicReader rejected = new TopicReader(replicas.bootstrapServers(), REJECTED)) {
            return rejected.all().stream()
                    .map(kept -> new String(kept.value(), UTF_8))
                    .collect(toCollection(TreeSet::new));
        }
    }

    /** The bridge has committed all that was published: nothing is read again. */
    private void awaitQuiet() throws Exception {
        try (Admin admin = Admin.create(replicas.kafka())) {
            await("the bridge's commits").atMost(Replicas.PATIENCE).until(() -> {
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

    private void publishRecord(Load.Kafka kafka, int number, Random random) throws Exception {
        boolean isBroken = random.nextInt(25) == 0;
        // Most are of one caller.
        int caller = random.nextBoolean() ? 0 : random.nextInt(CALLERS);
        String value = isBroken
                ? "{\"agent\": broken-" + number
                : "{\"agent\":{\"avatar\":\"a-" + number + "\"},\"caller\":{\"id\":\"caller-" + caller + "\"}}";
        RecordMetadata position = kafka.send(FOREIGN, ("caller-" + caller).getBytes(UTF_8), value.getBytes(UTF_8));
        if (isBroken) {
            broken.add(value);
        } else {
            published.add(FOREIGN + "-" + position.partition() + "-" + position.offset());
        }
    }

    private static Set<String> eventIds(TopicReader replies) {
        return replies.all().stream()
                .map(reply -> RunningSerai.json(reply).path("event_id").asText())
                .collect(toCollection(TreeSet::new));
    }
}
