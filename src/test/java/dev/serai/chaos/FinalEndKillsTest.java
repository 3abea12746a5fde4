package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.RecordedCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
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

    /** Ids of events say what becomes of them: these are behind their call's end. */
    private static final String LATE = "late-";

    @TempDir
    private Path directory;

    private final Set<String> published = new ConcurrentSkipListSet<>();

    @AutoClose
    private Replicas replicas;

    @BeforeEach
    void start() throws IOException {
        replicas = new Replicas(directory);
        replicas.provider().latency(Duration.ofMillis(1), Duration.ofMillis(200));
        replicas.start("replica");
    }

    @Test
    void startThatLiesBehindItsCallsEnd_getsNoRoom_whereverAKillComes() throws Exception {
        try (Load load = Load.start(replicas.bootstrapServers(), CALLS_PER_SECOND, replicas.seed(), this::publishCall);
                TopicReader replies = new TopicReader(replicas.bootstrapServers(), "conversation.replies")) {
            replicas.killAtDrawnMoments("replica", KILLS, () -> replies.all().size(), REPLIES_BETWEEN);
            load.end();
            await("a reply to each event")
                    .atMost(Replicas.PATIENCE)
                    .until(() -> replies.all().size() >= published.size());
            replicas.stop();

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
            Set<String> called = replicas.provider().calls().stream()
                    .map(RecordedCall::characterId)
                    .collect(toSet());
            assertThat(published.stream().filter(id -> id.startsWith(LATE)).filter(called::contains))
                    .as("start events behind their call's end that the provider was called for")
                    .isEmpty();
            System.out.println("serai.chaos.seed=" + replicas.seed() + ": " + KILLS + " kills, " + count(id -> true)
                    + " events, " + count(id -> id.startsWith(LATE)) + " of them start events behind their call's end");
        }
    }

    private long count(Predicate<String> which) {
        return published.stream().filter(which).count();
    }

    private static String eventId(JsonNode reply) {
        return reply.path("event_id").asText();
    }

    /** Of every second call the start is late; the others begin, and are told of once more after their end. */
    private void publishCall(Load.Kafka kafka, int number, Random random) throws Exception {
        String call = "call-" + number;
        if (random.nextBoolean()) {
            publish(kafka, call, "start-" + number, "");
        }
        publish(kafka, call, "end-" + number, ",\"action\":\"end\",\"final\":true");
        publish(kafka, call, LATE + number, "");
    }

    /** Its character, which calls are told apart by, has its id. */
    private void publish(Load.Kafka kafka, String call, String id, String fields) throws Exception {
        String character = fields.isEmpty() ? ",\"character_id\":\"" + id + "\"" : "";
        kafka.send(
                "conversation.start",
                call.getBytes(UTF_8),
                ("{\"event_id\":\"" + id + "\"" + character + fields + "}").getBytes(UTF_8));
        published.add(id);
    }
}
