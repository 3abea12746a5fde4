package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.RawEvents;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service is killed again and again between the mapping of raw events and the commit of what they became: whenever its
 * transaction is seen open on the start topic. Each raw event has its start events once, all of them, in the order of its key.
 * {@code -Dserai.chaos.seed=N} publishes the same, {@code -Dserai.chaos.kills=N} kills so often.
 */
@Tag("chaos-long")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KilledIntakeTest {
    private static final int KILLS = Integer.getInteger("serai.chaos.kills", 5);
    private static final int PER_SECOND = 60;
    private static final int KEYS = 12;
    private static final int PARTITIONS = 8;
    private static final int RAW_BETWEEN = 60;
    private static final String RAW = "calls";
    private static final String START = "conversation.start";

    @TempDir
    private Path directory;

    private final Set<String> published = new ConcurrentSkipListSet<>();
    private Replicas replicas;
    private Admin admin;

    @BeforeEach
    void start() throws IOException {
        replicas = new Replicas(
                directory,
                "serai.kafka.partitions=" + PARTITIONS,
                "serai.intake.calls.topic=" + RAW,
                "serai.intake.calls.mapping=" + phoneMapping());
        admin = Admin.create(replicas.kafka());
        replicas.start("one");
    }

    @AfterEach
    void stop() {
        admin.close();
        replicas.close();
    }

    @Test
    void rawEventsThatAreMappedDuringKills_areStartEventsOnce() throws Exception {
        try (Load load = Load.start(replicas.bootstrapServers(), PER_SECOND, replicas.seed(), this::publishRaw);
                TopicReader starts = new TopicReader(replicas.bootstrapServers(), START)) {
            int kills = 0;
            // A transaction may be through by the time that the kill is.
            while (kills < KILLS
                    || (kills < 3 * KILLS && written() == starts.all().size())) {
                kills++;
                int moment = starts.all().size() + RAW_BETWEEN;
                await("start events before a kill")
                        .atMost(Replicas.PATIENCE)
                        .until(() -> starts.all().size() >= moment);
                awaitOpenTransaction();
                replicas.killAndRestart("one");
            }
            load.end();
            await("the start events of each raw event")
                    .atMost(Replicas.PATIENCE)
                    .until(() -> new HashSet<>(RawEvents.ids(starts.all())).containsAll(published));
            // In order, so that nothing is still to come.
            replicas.stop();

            List<String> made = RawEvents.ids(starts.all());
            int cutOff = written() - made.size();
            System.out.println("serai.chaos.seed=" + replicas.seed() + ": " + published.size() / 2 + " raw events, "
                    + made.size() + " start events, " + kills + " kills, which cut off " + cutOff
                    + " events that were written");
            assertThat(cutOff).as("events in transactions that a kill cut off").isPositive();
            assertThat(made).as("start events, seed %s", replicas.seed()).doesNotHaveDuplicates();
            assertThat(new HashSet<>(made)).isEqualTo(published);
            assertThat(inOrder(starts)).as("in order, seed %s", replicas.seed()).isTrue();
        }
    }

    /** How many start events were written, those of aborted transactions among them. */
    private int written() {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(START, partition))
                .toList();
        try (var all = new KafkaConsumer<>(
                Map.of("bootstrap.servers", replicas.bootstrapServers(), "isolation.level", "read_uncommitted"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            all.assign(partitions);
            all.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = all.endOffsets(partitions);
            int count = 0;
            while (ends.entrySet().stream().anyMatch(end -> all.position(end.getKey()) < end.getValue())) {
                count += all.poll(Duration.ofMillis(100)).count();
            }
            return count;
        }
    }

    /** Within each conversation, in the order in which the raw events of its key were published. */
    private static boolean inOrder(TopicReader starts) {
        Map<String, List<Integer>> numbers = starts.all().stream()
                .collect(groupingBy(
                        event -> new String(event.key(), UTF_8),
                        HashMap::new,
                        mapping(
                                event -> Integer.parseInt(RunningSerai.json(event)
                                        .path("context_ref")
                                        .asText()),
                                toList())));
        return numbers.values().stream()
                .allMatch(each -> each.equals(each.stream().sorted().toList()));
    }

    /** Only the intake writes to the start topic: what is written there and not decided is its. */
    private void awaitOpenTransaction() {
        await("an open transaction on the start topic")
                .atMost(Replicas.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> ends(IsolationLevel.READ_UNCOMMITTED) > ends(IsolationLevel.READ_COMMITTED));
    }

    private long ends(IsolationLevel level) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            latest.put(new TopicPartition(START, partition), OffsetSpec.latest());
        }
        return admin
                .listOffsets(latest, new ListOffsetsOptions(level))
                .all()
                .get(30, TimeUnit.SECONDS)
                .values()
                .stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    private void publishRaw(Load.Kafka kafka, int number, Random random) throws Exception {
        String key = "line-" + random.nextInt(KEYS);
        String value = "{\"line\":\"" + key + "\",\"number\":" + number + "}";
        kafka.send(RAW, key.getBytes(UTF_8), value.getBytes(UTF_8));
        published.add(number + "-a");
        published.add(number + "-b");
    }

    /** Two start events of each raw event, of two conversations: all or nothing. */
    private static Path phoneMapping() {
        return RawEvents.mapping("""
                ["a", "b"].{
                  "conversation": $$.line & "-" & $, "event_id": $string($$.number) & "-" & $, "action": "start",
                  "character_id": "c", "context_ref": $string($$.number)
                }
                """);
    }
}
