package dev.serai.batch.run;

import dev.serai.batch.Job;
import dev.serai.batch.JobRecords;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobUploaded;
import dev.serai.kafka.Consumers;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that the group has given to this replica, as the topic says: its partitions are read from their beginning, for they
 * are small, and nothing is committed. Every method may throw what Kafka's clients do. For one thread, but for {@link #latest}
 * and {@link #wake}.
 */
final class OwnedJobs implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    /** After that, another replica goes on with the jobs of one that was killed: rows that are due by then come so late. */
    private static final int SESSION_MILLIS = 10_000;

    private final Replica replica;
    private final IntConsumer lost;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<Integer, JobRecords> partitions = new HashMap<>();

    /** Up to where a partition is to be read before anything of it is known. */
    private final Map<Integer, Long> unread = new HashMap<>();

    private final Map<String, Job> jobs = new ConcurrentHashMap<>();

    /** A job, and where it is. */
    record Owned(Job job, int partition) {
        /** How long before its next event is due a job is run. */
        private static final Duration AHEAD = Duration.ofMinutes(1);

        /** Whether nothing of it is to be done soon: no answer is awaited, and its next row has not come or is not due. */
        boolean isIdle(Instant now) {
            JobRun run = job.run();
            if (job.isCancelled() || (run != null && !run.outstanding().isEmpty())) {
                return false;
            }
            JobUploaded uploaded = job.uploaded();
            boolean lacksRows = (uploaded == null || !uploaded.complete())
                    && (uploaded == null ? 0 : uploaded.rows()) <= (run == null ? 0 : run.published());
            return lacksRows
                    || (run != null
                            && run.waitsUntil() != null
                            && run.waitsUntil().isAfter(now.plus(AHEAD)));
        }
    }

    /** @param lost is told of each partition that is another's from now on */
    OwnedJobs(Replica replica, IntConsumer lost) {
        this.replica = replica;
        this.lost = lost;
        consumer = Consumers.of(
                replica.kafka(),
                Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        replica.jobsGroup(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        Replica.ANSWER_MILLIS,
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        "classic",
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        SESSION_MILLIS,
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                        SESSION_MILLIS / 3,
                        // A job goes on while others change hands.
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        CooperativeStickyAssignor.class.getName()));
        consumer.subscribe(List.of(replica.topics().jobs()), new Listener());
    }

    private final class Listener implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            consumer.seekToBeginning(assigned);
            consumer.endOffsets(assigned).forEach((partition, end) -> unread.put(partition.partition(), end));
            assigned.forEach(partition -> partitions.put(partition.partition(), new JobRecords()));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            for (TopicPartition partition : revoked) {
                JobRecords records = partitions.remove(partition.partition());
                unread.remove(partition.partition());
                if (records != null) {
                    records.ids().forEach(jobs::remove);
                }
                lost.accept(partition.partition());
            }
        }
    }

    /** Takes in what has come, or returns when nothing comes within the time. */
    void poll(Duration wait) {
        for (ConsumerRecord<byte[], byte[]> next : consumer.poll(wait)) {
            JobRecords records = partitions.get(next.partition());
            if (records != null) {
                records.take(next.key(), next.value()).ifPresent(id -> records.job(id)
                        .ifPresentOrElse(job -> jobs.put(id, job), () -> jobs.remove(id)));
            }
        }
        unread.entrySet()
                .removeIf(end ->
                        consumer.position(new TopicPartition(replica.topics().jobs(), end.getKey())) >= end.getValue());
    }

    /** What is to be run, the oldest first. */
    List<Owned> unfinished() {
        return mine().filter(owned -> !owned.job().isOver())
                .sorted(Comparator.comparing(owned -> owned.job().spec().createdAt()))
                .toList();
    }

    /** What is over. */
    List<Owned> over() {
        return mine().filter(owned -> owned.job().isOver()).toList();
    }

    private Stream<Owned> mine() {
        return partitions.entrySet().stream()
                .filter(partition -> !unread.containsKey(partition.getKey()))
                .flatMap(partition -> partition.getValue().ids().stream()
                        .map(jobs::get)
                        .filter(job -> job != null && job.spec().startTopic().equals(replica.startTopic()))
                        .map(job -> new Owned(job, partition.getKey())));
    }

    /** What is known of a job; null if it is not this replica's. */
    @Nullable
    Job latest(String id) {
        return jobs.get(id);
    }

    /** Ends a poll, or the next one, with {@link org.apache.kafka.common.errors.WakeupException}; from any thread. */
    void wake() {
        consumer.wakeup();
    }

    /** Leaves the group. */
    @Override
    public void close() {
        jobs.clear();
        Consumers.close(consumer, CLOSE);
    }
}
