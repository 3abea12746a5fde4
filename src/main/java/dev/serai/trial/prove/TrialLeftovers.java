package dev.serai.trial.prove;

import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.KafkaAnswers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * What runs of one prefix have in Kafka: those that were killed themselves, those that were to keep it, and those that run now.
 * They are known by their names, which nobody else gives: prefix, a dash, six hexadecimal digits and one of four endings.
 * Every method may throw a {@link KafkaException}. For one thread.
 */
public final class TrialLeftovers implements AutoCloseable {
    /**
     * A run takes four hours at most, and writes nothing for longer only when it is over; half an hour for what comes before
     * and after.
     */
    public static final Duration LONGEST_RUN = Duration.ofMinutes(270);

    /** Of runs for which no other was asked for. */
    public static final String PREFIX = "serai-prove";

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final Map<String, Object> properties;
    private final String prefix;
    private final Admin admin;

    /**
     * A run, of which there are topics.
     *
     * @param topics those that are there
     * @param lastWritten when the newest of their records was written; null if they have none, or not all can be looked at
     */
    public record Run(
            TrialNames names, List<String> topics, @Nullable Instant lastWritten) {
        /** Whether it is over, however long it was to take. */
        public boolean isOver(Instant now) {
            return lastWritten != null && lastWritten.isBefore(now.minus(LONGEST_RUN));
        }
    }

    /** @param prefix within {@link TrialNames#PREFIX} */
    public TrialLeftovers(Map<String, Object> properties, String prefix) {
        this.properties = properties;
        this.prefix = prefix;
        admin = Admin.create(ClientProperties.within(properties, ANSWER_LIMIT));
    }

    /** All runs of which this client can see topics. */
    public List<Run> find() throws InterruptedException {
        Pattern name =
                Pattern.compile(Pattern.quote(prefix) + "-([0-9a-f]{6})\\.(?:start|replies|dead-letters|sessions)");
        SortedMap<String, List<String>> byRun = new TreeMap<>();
        for (String topic : KafkaAnswers.await(admin.listTopics().names())) {
            Matcher parts = name.matcher(topic);
            if (parts.matches()) {
                byRun.computeIfAbsent(parts.group(1), run -> new ArrayList<>()).add(topic);
            }
        }
        List<Run> runs = new ArrayList<>();
        for (Map.Entry<String, List<String>> each : byRun.entrySet()) {
            List<String> topics = each.getValue().stream().sorted().toList();
            runs.add(new Run(new TrialNames(prefix, each.getKey()), topics, lastWritten(topics)));
        }
        return runs;
    }

    private @Nullable Instant lastWritten(List<String> topics) throws InterruptedException {
        try {
            Map<TopicPartition, OffsetSpec> partitions =
                    KafkaAnswers.await(admin.describeTopics(topics).allTopicNames()).values().stream()
                            .flatMap(TrialLeftovers::partitions)
                            .collect(Collectors.toMap(each -> each, each -> OffsetSpec.maxTimestamp()));
            return KafkaAnswers.await(admin.listOffsets(partitions).all()).values().stream()
                    .map(ListOffsetsResult.ListOffsetsResultInfo::timestamp)
                    .filter(timestamp -> timestamp >= 0)
                    .max(Long::compare)
                    .map(Instant::ofEpochMilli)
                    .orElse(null);
        } catch (KafkaException e) {
            // Gone by now, or not to be seen: nothing is known of it.
            return null;
        }
    }

    private static Stream<TopicPartition> partitions(TopicDescription topic) {
        return topic.partitions().stream().map(each -> new TopicPartition(topic.name(), each.partition()));
    }

    /**
     * Deletes what is left of a run, if it is over and none of its replicas runs on.
     *
     * @return what was not deleted, each with the reason; empty if all is gone
     */
    public List<String> delete(Run run, Instant now) throws InterruptedException {
        if (!run.isOver(now)) {
            return List.of(run.names().group()
                    + (run.lastWritten() == null
                            ? " (its topics have no records that tell how old it is)"
                            : " (it was written to at " + run.lastWritten() + ": it may be a run that is not over)"));
        }
        int members = members(run.names().group());
        if (members > 0) {
            return List.of(run.names().group() + " (" + members + " of its replicas run on: end them, pgrep -f "
                    + run.names().group() + " finds them)");
        }
        try (TrialKafka kafka = TrialKafka.ofLeftover(properties, run.names())) {
            return kafka.delete();
        }
    }

    private int members(String group) throws InterruptedException {
        try {
            return KafkaAnswers.await(
                            admin.describeConsumerGroups(List.of(group)).all())
                    .values()
                    .iterator()
                    .next()
                    .members()
                    .size();
        } catch (GroupIdNotFoundException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
