package dev.serai.batch.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.run.CancelledJobs.Pauses;
import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.CompactedTopicReader.Gap;
import dev.serai.kafka.ReaderWithoutLeaders;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Producers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(120)
class CancelledJobsTest {
    private static final Pauses OFTEN =
            new Pauses(Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofMillis(500));

    private final JobFixture fixture = new JobFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private void cancel(String job) {
        JobUpload.cancel(JobFixture.KAFKA, fixture.topics(), job, "tests", Instant.now());
    }

    private CancelledJobs jobs(Map<String, Object> kafka) {
        String topic = fixture.topics().jobs();
        return new CancelledJobs(
                () -> new CompactedTopicReader(kafka, topic, Gap.FAIL, Duration.ofSeconds(15)), topic, OFTEN);
    }

    private CancelledJobs follow(BlockingQueue<String> told) throws InterruptedException {
        return follow(job -> told.add(job) ? 1 : 0);
    }

    private CancelledJobs follow(ToIntFunction<String> listener) throws InterruptedException {
        CancelledJobs jobs = jobs(JobFixture.KAFKA);
        jobs.start(listener);
        jobs.awaitLook(JobFixture.PATIENCE);
        return jobs;
    }

    @Test
    void jobsThatWereCancelledBefore_areKnownAfterTheFirstLook_andOthersAreTold() throws Exception {
        String before = fixture.newJob();
        String after = fixture.newJob();
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (CancelledJobs jobs = follow(told)) {
            // Without a topic there are none, and nothing is wrong.
            assertThat(jobs.problem()).isEmpty();
            fixture.createTopics();
            cancel(before);
            assertThat(told.poll(JobFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(before);
            assertThat(jobs.why(before)).get().asString().startsWith("job " + before + " was cancelled at ");
            assertThat(jobs.why(after)).isEmpty();
        }

        try (CancelledJobs jobs = follow(told)) {
            assertThat(jobs.why(before)).isPresent();
            assertThat(told.poll()).isEqualTo(before);
            cancel(after);
            cancel(before);
            assertThat(told.poll(JobFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(after);
        }
    }

    /** A whole fleet that never provisions, for as long as it runs. */
    @Test
    void withoutATopic_oneClientLooksForIt() throws Exception {
        Map<String, Object> watched = new HashMap<>(JobFixture.KAFKA);
        watched.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, List.of(Clients.class.getName()));
        try (CancelledJobs jobs = jobs(watched)) {
            jobs.start(job -> 0);
            await().atMost(JobFixture.PATIENCE)
                    .until(() -> Clients.ADMIN_REQUESTS.stream()
                                    .mapToDouble(requests -> (Double) requests.metricValue())
                                    .sum()
                            >= 20);
            assertThat(Clients.BUILT).hasValueLessThanOrEqualTo(2);
        }
    }

    /** What is reported of clients that are told to; for one test. */
    public static final class Clients implements MetricsReporter {
        static final AtomicInteger BUILT = new AtomicInteger();
        static final Queue<KafkaMetric> ADMIN_REQUESTS = new ConcurrentLinkedQueue<>();

        @Override
        public void configure(Map<String, ?> configs) {
            BUILT.incrementAndGet();
        }

        @Override
        public void init(List<KafkaMetric> metrics) {
            metrics.forEach(this::metricChange);
        }

        @Override
        public void metricChange(KafkaMetric metric) {
            if (metric.metricName().group().equals("admin-client-metrics")
                    && metric.metricName().name().equals("request-total")) {
                ADMIN_REQUESTS.add(metric);
            }
        }

        @Override
        public void metricRemoval(KafkaMetric metric) {}

        @Override
        public void close() {}
    }

    private static KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        Map<String, Object> settings = new HashMap<>(JobFixture.KAFKA);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        return Producers.with(settings);
    }

    private void sendToEachPartition(KafkaProducer<byte[], byte[]> producer, String key, String value)
            throws Exception {
        producer.beginTransaction();
        for (int partition = 0; partition < 2; partition++) {
            producer.send(new ProducerRecord<>(
                            fixture.topics().jobs(), partition, key.getBytes(UTF_8), value.getBytes(UTF_8)))
                    .get();
        }
    }

    @Test
    void recordThatSaysNothing_andListenerThatFails_hideNoOtherJob() throws Exception {
        fixture.createTopics();
        String bad = fixture.newJob();
        String first = fixture.newJob();
        String second = fixture.newJob();
        try (var producer = producer(bad)) {
            producer.initTransactions();
            sendToEachPartition(producer, bad + "/command", "{}");
            producer.commitTransaction();
        }
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        ToIntFunction<String> listener = job -> {
            told.add(job);
            if (job.equals(first)) {
                throw new IllegalStateException("of the test");
            }
            return 1;
        };
        try (CancelledJobs jobs = follow(listener)) {
            for (String job : List.of(first, second, first)) {
                cancel(job);
                assertThat(told.poll(JobFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(job);
                assertThat(jobs.why(job)).isPresent();
            }
            assertThat(jobs.problem()).isEmpty();
            assertThat(jobs.why(bad)).isEmpty();
        }
    }

    @Test
    void transactionThatHangs_isSaid_beforeAndAfterTheFirstLook() throws Exception {
        fixture.createTopics();
        String job = fixture.newJob();
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (CancelledJobs early = follow(told);
                var producer = producer(job);
                CancelledJobs late = jobs(JobFixture.KAFKA)) {
            producer.initTransactions();
            sendToEachPartition(producer, job, "");
            cancel(job);
            late.start(any -> 0);
            for (CancelledJobs jobs : List.of(early, late)) {
                await().atMost(JobFixture.PATIENCE)
                        .until(() -> jobs.problem().orElse("").contains("was not read to its end"));
            }
            assertThat(told).isEmpty();
            producer.abortTransaction();
            for (CancelledJobs jobs : List.of(early, late)) {
                await().atMost(JobFixture.PATIENCE)
                        .until(() -> jobs.why(job).isPresent() && jobs.problem().isEmpty());
            }
        }
    }

    @Test
    void partitionWithoutALeader_hidesNotWhatTheOthersSay_andIsReadOnceItHasOne() throws Exception {
        fixture.createTopics();
        String first = newJobIn(0);
        String second = newJobIn(1);
        cancel(first);
        cancel(second);
        Set<Integer> leaderless = ConcurrentHashMap.newKeySet();
        leaderless.add(1);
        String topic = fixture.topics().jobs();
        try (var jobs =
                new CancelledJobs(() -> ReaderWithoutLeaders.of(JobFixture.KAFKA, topic, leaderless), topic, OFTEN)) {
            jobs.start(job -> 0);
            jobs.awaitLook(JobFixture.PATIENCE);

            assertThat(jobs.why(first)).isPresent();
            assertThat(jobs.why(second)).isEmpty();
            assertThat(jobs.problem()).get().asString().contains("partitions [1] of " + topic + " have no leader");

            leaderless.clear();
            await().atMost(JobFixture.PATIENCE)
                    .until(() -> jobs.why(second).isPresent() && jobs.problem().isEmpty());
        }
    }

    private String newJobIn(int partition) {
        return Stream.generate(fixture::newJob)
                .filter(job -> JobTopics.partition(job, 2) == partition)
                .findFirst()
                .orElseThrow();
    }
}
