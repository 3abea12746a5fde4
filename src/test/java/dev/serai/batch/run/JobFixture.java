package dev.serai.batch.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.serai.batch.Job;
import dev.serai.batch.JobId;
import dev.serai.batch.JobPartitions;
import dev.serai.batch.JobRow;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.JobsReader;
import dev.serai.batch.SampleJobs;
import dev.serai.kafka.TopicSetup;
import dev.serai.kafka.TopicSpec;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.wire.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Jobs on the shared broker with topics of their own, and somebody who answers their events in place of the service's engine.
 * For one test; its owner closes it.
 */
final class JobFixture implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(40);
    static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());

    private final Map<String, Object> kafka;

    private final String suffix = "." + UUID.randomUUID().toString().substring(0, 8);
    private final JobTopics topics = new JobTopics("jobs" + suffix, "rows" + suffix);
    private final String start = "start" + suffix;
    private final String replies = "replies" + suffix;
    private final String group = "group" + suffix;
    private final List<Jobs> started = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> answering = new ArrayList<>();

    JobFixture() {
        this(SharedBroker.bootstrapServers());
    }

    /** On a broker of the test's own. */
    JobFixture(String bootstrapServers) {
        kafka = Map.of("bootstrap.servers", bootstrapServers);
        setUp(List.of(
                new TopicSpec(start, 2, Map.of("max.message.bytes", "100000")), new TopicSpec(replies, 2, Map.of())));
    }

    void createTopics() {
        setUp(topics.specs(2));
    }

    /** To both topics of jobs. */
    void givePartitions(int partitions) throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            NewPartitions more = NewPartitions.increaseTo(partitions);
            admin.createPartitions(Map.of(topics.jobs(), more, topics.rows(), more))
                    .all()
                    .get();
            org.awaitility.Awaitility.await("partitions")
                    .atMost(PATIENCE)
                    .until(
                            () -> admin
                                            .describeTopics(List.of(topics.jobs(), topics.rows()))
                                            .allTopicNames()
                                            .get()
                                            .values()
                                            .stream()
                                            .flatMap(topic -> topic.partitions().stream())
                                            .filter(partition -> partition.leader() != null)
                                            .count()
                                    == 2L * partitions);
        }
    }

    private void setUp(List<TopicSpec> specs) {
        try {
            new TopicSetup(kafka, true, Duration.ofSeconds(20)).ensure(specs);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String servers() {
        return String.valueOf(kafka.get("bootstrap.servers"));
    }

    JobTopics topics() {
        return topics;
    }

    String group() {
        return group;
    }

    String replyTopic() {
        return replies;
    }

    String startTopic() {
        return start;
    }

    String newJob() {
        return JobId.create(Instant.now());
    }

    SampleJobs.Spec spec(String job, long rows) {
        return SampleJobs.spec(job).rows(rows).topics(start, replies, JobPartitions.ends(kafka, replies));
    }

    /** A replica that runs jobs. */
    Jobs startJobs() {
        return startJobs(Clock.systemUTC());
    }

    Jobs startJobs(Clock clock) {
        return startJobs(clock, JobThreads.MOST_AT_ONCE);
    }

    Jobs startJobs(Clock clock, int mostAtOnce) {
        Replica replica = new Replica(
                kafka,
                topics,
                group,
                start,
                "replica-" + started.size(),
                Duration.ofSeconds(3),
                job -> Optional.empty(),
                clock);
        Jobs jobs = new Jobs(replica, new JobsMetrics(new SimpleMeterRegistry()), mostAtOnce, Duration.ofMillis(200));
        started.add(jobs);
        jobs.start();
        return jobs;
    }

    /** Writes a whole job. */
    void upload(JobSpec spec, List<JobRow> rows) {
        try (JobUpload upload = JobUpload.open(kafka, topics, spec.job())) {
            upload.begin(spec);
            upload.add(rows, true, Clock.systemUTC());
        }
    }

    void uploadRows(JobSpec spec) {
        upload(spec, SampleJobs.rows(spec.job(), 1, spec.rows()));
    }

    /** Answers every event from now on; an empty category opens a room, null leaves it without an answer. */
    void answer(Function<Long, @Nullable String> categoryOfRow) {
        Thread thread = Thread.ofPlatform().daemon().start(() -> answerAll(categoryOfRow));
        answering.add(thread);
    }

    private void answerAll(Function<Long, @Nullable String> categoryOfRow) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                servers(),
                "group.id",
                "answers" + suffix,
                "auto.offset.reset",
                "earliest",
                "isolation.level",
                "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var producer = Producers.with(kafka)) {
            consumer.subscribe(List.of(start));
            while (closing.getCount() > 0) {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                consumer.poll(Duration.ofMillis(50)).forEach(event -> {
                    String id = eventId(event.value());
                    String category = categoryOfRow.apply(Long.parseLong(id.substring(id.indexOf('/') + 1)));
                    if (category == null) {
                        return;
                    }
                    String reply = category.isEmpty()
                            ? "{\"status\":\"started\",\"event_id\":\"" + id + "\",\"issued_at\":\"" + Instant.now()
                                    + "\"}"
                            : "{\"status\":\"failed\",\"event_id\":\"" + id + "\",\"error\":{\"category\":\"" + category
                                    + "\"}}";
                    sent.add(producer.send(new ProducerRecord<>(replies, event.key(), reply.getBytes(UTF_8))));
                });
                producer.flush();
                if (!sent.stream().allMatch(Future::isDone)) {
                    throw new AssertionError("answers were not sent");
                }
            }
        }
    }

    private static String eventId(byte[] event) {
        try {
            return Json.MAPPER.readTree(event).path("event_id").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often each event of the job is on the start topic, by its row. */
    Map<Long, Long> published(String job) {
        try (TopicReader reader = new TopicReader(servers(), start)) {
            return reader.all().stream()
                    .flatMap(event -> JobId.rowNumber(job, eventId(event.value())).stream())
                    .collect(groupingBy(row -> row, TreeMap::new, counting()));
        }
    }

    /** How many answers there are to whichever job. */
    int answers() {
        try (TopicReader reader = new TopicReader(servers(), replies)) {
            return reader.all().size();
        }
    }

    /** All that was written of how far the job is. */
    List<byte[]> runRecords(String job) {
        try (TopicReader reader = new TopicReader(servers(), topics.jobs())) {
            return reader.all().stream()
                    .filter(read -> new String(read.key(), UTF_8).equals(job + "/run"))
                    .map(ConsumerRecord::value)
                    .toList();
        }
    }

    Job job(String id) {
        return JobsReader.find(kafka, topics.jobs(), id).orElseThrow();
    }

    /** How far a job is once it is as far as that. */
    JobRun await(String id, Predicate<JobRun> condition) {
        return Objects.requireNonNull(org.awaitility.Awaitility.await("job " + id)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> job(id).run(), run -> run != null && condition.test(run)));
    }

    JobRun awaitOver(String id) {
        return await(id, JobRun::isOver);
    }

    @Override
    public void close() {
        started.forEach(Jobs::close);
        closing.countDown();
        for (Thread thread : answering) {
            try {
                thread.join(Duration.ofSeconds(20));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
