package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.SessionRules;
import dev.serai.trial.standin.SessionRules.SecondCreate;
import dev.serai.trial.standin.SharedKeyUse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
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

    private static final Duration MOST_LATENCY = Duration.ofMillis(900);

    @TempDir
    private Path directory;

    private final Set<String> published = new ConcurrentSkipListSet<>();

    @AutoClose
    private Replicas replicas;

    private volatile int answered;

    private void start(String oneRoomPerEvent) {
        replicas = new Replicas(directory, "serai.connect.one-room-per-event=" + oneRoomPerEvent);
        replicas.provider().latency(Duration.ofMillis(100), MOST_LATENCY);
    }

    @ParameterizedTest
    @EnumSource
    void killsDuringCalls_leaveOneRoomForEachEvent(SecondCreate reading) throws Exception {
        start("shared-session-key");
        replicas.provider().sessionRules(SessionRules.defaults().withSecondCreate(reading));

        List<JsonNode> replies = repliesDespiteKills(KILLS);

        List<SharedKeyUse> uses = replicas.provider().sharedKeys();
        long joined = uses.stream().filter(use -> use.sessionsOpened() > 1).count();
        System.out.println("serai.chaos.seed=" + replicas.seed() + ", " + reading + ": " + KILLS + " kills, "
                + published.size() + " events, " + joined + " of them came to a room that an earlier call had opened");
        assertThat(uses).hasSameSizeAs(published).allSatisfy(use -> assertThat(use.roomsCreated())
                .isEqualTo(1));
        assertThat(replicas.provider().sessionCounts().roomsCreated()).isEqualTo(published.size());
        assertThat(replies.stream().map(reply -> reply.path("room_name").asText()))
                .doesNotHaveDuplicates()
                .hasSameSizeAs(published);
        assertThat(joined).as("calls that a kill cut off").isPositive();
    }

    @Test
    void killsDuringCalls_leaveRoomsThatNobodyKnows_withoutIt() throws Exception {
        int kills = Math.min(KILLS, MOST_WITHOUT_IT);
        start("off");
        repliesDespiteKills(kills);

        long rooms = replicas.provider().sessionCounts().roomsCreated();
        System.out.println("serai.chaos.seed=" + replicas.seed() + ", off: " + kills + " kills, " + published.size()
                + " events, " + rooms + " rooms, " + (rooms - published.size()) + " of them left open by kills");
        assertThat(rooms - published.size()).isPositive();
    }

    /** One started reply to each event that was published; the service has ended. */
    private List<JsonNode> repliesDespiteKills(int kills) throws Exception {
        replicas.start("replica");
        try (Load load = Load.start(replicas.bootstrapServers(), PER_SECOND, replicas.seed(), this::publishEvent);
                TopicReader replies = new TopicReader(replicas.bootstrapServers(), "conversation.replies")) {
            replicas.killAtDrawnMoments("replica", kills, () -> answered(replies), REPLIES_BETWEEN);
            load.end();
            await("a reply to each event").atMost(Replicas.PATIENCE).until(() -> answered(replies) >= published.size());
            replicas.stop();
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

    private void publishEvent(Load.Kafka kafka, int number, Random random) throws Exception {
        int events = published.size();
        if (events - answered > MOST_WAITING) {
            return;
        }
        String event = "event-" + events;
        String key = "caller-" + random.nextInt(1_000);
        kafka.send(
                "conversation.start",
                key.getBytes(UTF_8),
                ("{\"event_id\":\"" + event + "\",\"character_id\":\"c\"}").getBytes(UTF_8));
        published.add(event);
    }
}
