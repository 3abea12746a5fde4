package dev.serai.engine;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.service.Backends;
import dev.serai.testing.Pace;
import dev.serai.testing.ReplyTimes;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.guarantee.SeenReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A start topic that gets more partitions while events come, and a session topic that does not: clients hear of it with their
 * next look at the metadata, and until somebody has mended it the old partitions go on as if nothing had happened.
 */
@Tag("chaos-long")
@Isolated("it measures")
class MorePartitionsUnderLoadTest {
    private static final int BEFORE = 8;
    private static final int AFTER = 12;
    private static final int PER_SECOND = 100;

    /** Kafka's own default is five minutes. */
    private static final Duration METADATA_AGE = Duration.ofSeconds(5);

    private static final int CALM_EVENTS = 10 * PER_SECOND;
    private static final int EVENTS_PAST_TWO_REFRESHES = 3 * (int) METADATA_AGE.toSeconds() * PER_SECOND;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void oldPartitionsGoOn_pastTwoRefreshesOfTheMetadata_andNewOnesWhenTheyCan() throws Exception {
        try (var serai = new RunningSerai(
                        Map.of("serai.kafka.create-topics", "false", "serai.kafka.partitions", "" + BEFORE), all -> {
                            Map<String, Object> soon = new HashMap<>(all.kafkaProperties());
                            soon.put("metadata.max.age.ms", Long.toString(METADATA_AGE.toMillis()));
                            return new Backends(soon, all.providers(), all.sampleData());
                        });
                ReplyTimes times = new ReplyTimes("replies", serai);
                Admin admin = Admin.create(Map.of("bootstrap.servers", serai.bootstrapServers()))) {
            publish(times, "warm", BEFORE, CALM_EVENTS);
            publish(times, "calm", BEFORE, CALM_EVENTS);
            times.awaitReplies();

            grow(admin, serai.settings().kafka().startTopic());
            publish(times, "old", BEFORE, EVENTS_PAST_TWO_REFRESHES);
            times.awaitReplies();
            Duration calm = percentile99(times, "calm", CALM_EVENTS);
            Duration old = percentile99(times, "old", EVENTS_PAST_TWO_REFRESHES);
            System.out.printf(
                    "99th percentile of the old partitions: %d ms before, %d ms after the topic has grown%n",
                    calm.toMillis(), old.toMillis());
            assertThat(old).isLessThan(calm.multipliedBy(2).plusMillis(500));
            String sessionTopic = serai.settings().kafka().sessionTopic();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(serai.page("/health/ready").body())
                            .contains("partitions [8, 9, 10, 11]", sessionTopic));
            assertThat(serai.service().partitions()).isEqualTo(BEFORE);

            for (int partition = BEFORE; partition < AFTER; partition++) {
                times.publish("new/" + partition, partition, "new-" + partition, event("new/" + partition));
            }
            publish(times, "beside", BEFORE, CALM_EVENTS);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> times.took("beside/" + (CALM_EVENTS - 1)).isPresent());
            for (int partition = BEFORE; partition < AFTER; partition++) {
                assertThat(times.took("new/" + partition)).isEmpty();
            }

            grow(admin, serai.settings().kafka().sessionTopic());
            times.awaitReplies();
            assertThat(serai.service().partitions()).isEqualTo(AFTER);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(serai.page("/health/ready").body()).doesNotContain("partitions ["));
            assertThat(repliesOf(serai))
                    .as("one reply to each event")
                    .hasSize(3 * CALM_EVENTS + EVENTS_PAST_TWO_REFRESHES + AFTER - BEFORE)
                    .allSatisfy((id, replies) -> assertThat(replies).isEqualTo(1));
        }
    }

    private static void publish(ReplyTimes times, String name, int partitions, int events) {
        Pace pace = Pace.perSecond(PER_SECOND);
        for (int number = 0; number < events; number++) {
            pace.awaitTurn();
            String id = name + "/" + number;
            times.publish(id, number % partitions, id, event(id));
        }
    }

    private static void grow(Admin admin, String topic) throws Exception {
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(AFTER)))
                .all()
                .get();
    }

    private static String event(String id) {
        return "{\"event_id\":\"" + id + "\",\"character_id\":\"c\"}";
    }

    private static Duration percentile99(ReplyTimes times, String name, int events) {
        List<Duration> took = new ArrayList<>();
        for (int number = 0; number < events; number++) {
            took.add(times.took(name + "/" + number).orElseThrow());
        }
        Collections.sort(took);
        return took.get(events * 99 / 100);
    }

    private static Map<String, Integer> repliesOf(RunningSerai serai) {
        return serai.replies().stream()
                .map(reply -> SeenReply.of(reply).eventId())
                .collect(toMap(Function.identity(), id -> 1, Integer::sum));
    }
}
