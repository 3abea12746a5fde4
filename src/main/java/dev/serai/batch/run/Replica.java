package dev.serai.batch.run;

import dev.serai.batch.JobTopics;
import dev.serai.kafka.TransactionalWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a replica has to know to run jobs.
 *
 * @param kafka for all clients, {@code bootstrap.servers} among them
 * @param groupId of the service's own group, with which those of its jobs begin
 * @param startTopic the jobs that publish to another one are those of others
 * @param instance which replica it is, for people
 * @param sessionIdle how long a room counts as open that nobody closes
 * @param heldUpBy what the events of a job wait for that this replica holds itself, for people; empty if it holds none that
 *     waits. Must not block
 */
public record Replica(
        Map<String, Object> kafka,
        JobTopics topics,
        String groupId,
        String startTopic,
        String instance,
        Duration sessionIdle,
        Function<String, Optional<String>> heldUpBy,
        InstantSource clock) {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** That a consumer waits for an answer at most. */
    static final int ANSWER_MILLIS = 15_000;

    public Replica {
        kafka = Map.copyOf(kafka);
    }

    /**
     * Of the fleet, for a job: the events that it publishes, and how far it is. Ends those of another replica for the same job.
     */
    TransactionalWriter openTransactions(String job) {
        return TransactionalWriter.open(kafka, groupId + ".job." + job, PATIENCE);
    }

    /** The consumer group that shares the jobs out. */
    String jobsGroup() {
        return JobTopics.group(groupId);
    }
}
