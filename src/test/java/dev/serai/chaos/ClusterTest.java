package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.LogTail;
import dev.serai.testing.Producers;
import dev.serai.testing.TopicReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is done to the broker does to its clients what it says. */
@Tag("chaos-long")
@BesideOthers
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClusterTest {
    private static final int HIT = 3;
    private static final int SPARED = 4;

    private Cluster cluster;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        cluster = new Cluster(directory, 2);
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void clientsOfALink_stayWithIt_andAreCutOffAlone() throws Exception {
        Link cut = cluster.links().get(0);
        Link other = cluster.links().get(1);
        try (Admin client = admin("127.0.0.1:" + cut.port());
                Admin neighbour = admin("127.0.0.1:" + other.port())) {
            assertThat(port(client, 20_000)).isEqualTo(cut.port());
            assertThat(port(neighbour, 20_000)).isEqualTo(other.port());
            cut.cut(Link.Cut.HELD_UP);

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> port(client, 1_000))
                    .withCauseInstanceOf(TimeoutException.class);
            assertThat(port(neighbour, 20_000)).isEqualTo(other.port());

            cut.mend();
            assertThat(port(client, 20_000)).isEqualTo(cut.port());
        }
    }

    @Test
    void frozenBroker_answersNobodyUntilItGoesOn() throws Exception {
        Duration time = Duration.ofSeconds(2);
        Queue<Long> answers = new ConcurrentLinkedQueue<>();
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        try (Admin client = admin(cluster.bootstrapServers())) {
            Thread asking = Thread.ofVirtual().start(() -> {
                while (enough.getCount() > 0) {
                    client.describeCluster()
                            .nodes()
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join();
                    answers.add(System.nanoTime());
                    answered.countDown();
                }
            });
            answered.await();

            cluster.freezeBroker(time);

            long thawed = System.nanoTime();
            enough.countDown();
            asking.join();
            long longest = 0;
            long before = answers.peek();
            for (long answer : answers) {
                longest = Math.max(longest, answer - before);
                before = answer;
            }
            assertThat(before).as("the last answer").isGreaterThan(thawed);
            // From the last answer before to the first one after; the signals take their time.
            assertThat(Duration.ofNanos(longest)).isGreaterThan(time.minusMillis(500));
        }
    }

    @Test
    void truncatedLog_endsEarlier_andItsOffsetsAreUsedAgainInAnotherEpoch() throws Exception {
        try (var producer = producer()) {
            for (int i = 0; i < 10; i++) {
                send(producer, HIT, "old-" + i);
                send(producer, SPARED, "spared-" + i);
            }
        }

        var lost = cluster.truncate(new TreeMap<>(Map.of(HIT, 4)));

        assertThat(lost).isEqualTo(Map.of(HIT, new LogTail.Lost(6, 10, 4)));
        try (var producer = producer()) {
            assertThat(send(producer, HIT, "new-6")).isEqualTo(6);
            assertThat(send(producer, SPARED, "new-10")).isEqualTo(10);
        }
        try (var reader = new TopicReader(cluster.bootstrapServers(), Cluster.START_TOPIC)) {
            List<ConsumerRecord<byte[], byte[]>> all = reader.all();
            assertThat(values(all, HIT)).containsExactly("old-0", "old-1", "old-2", "old-3", "old-4", "old-5", "new-6");
            assertThat(values(all, SPARED)).hasSize(11).endsWith("spared-9", "new-10");
            List<Integer> epochs = all.stream()
                    .filter(each -> each.partition() == HIT)
                    .map(each -> each.leaderEpoch().orElseThrow())
                    .toList();
            assertThat(epochs.getLast()).as("leader epoch of new-6").isGreaterThan(epochs.get(5));
        }
    }

    private static List<String> values(List<ConsumerRecord<byte[], byte[]>> all, int partition) {
        return all.stream()
                .filter(each -> each.partition() == partition)
                .map(each -> new String(each.value(), UTF_8))
                .toList();
    }

    private static int port(Admin client, int timeoutMillis) throws ExecutionException, InterruptedException {
        return client.describeCluster(new DescribeClusterOptions().timeoutMs(timeoutMillis)).nodes().get().stream()
                .mapToInt(Node::port)
                .max()
                .orElseThrow();
    }

    private static Admin admin(String bootstrapServers) {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return Producers.plain(cluster.bootstrapServers());
    }

    /** The record's offset. */
    private static long send(KafkaProducer<byte[], byte[]> producer, int partition, String value)
            throws ExecutionException, InterruptedException {
        return producer.send(new ProducerRecord<>(Cluster.START_TOPIC, partition, null, value.getBytes(UTF_8)))
                .get()
                .offset();
    }
}
