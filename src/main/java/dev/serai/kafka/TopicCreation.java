package dev.serai.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.StringJoiner;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates topics that are missing, or says how an administrator does. Its methods throw, besides what they say, what Kafka
 * answers. Immutable.
 *
 * @param bootstrapServers for messages
 * @param mayCreate false to fail over missing topics instead of creating them
 * @param timeout for a new topic to get leaders
 * @param takes by a topic's name, others whose records it must take, with headers: it is created with the largest of their
 *     effective {@code max.message.bytes} plus 64 KiB. Where that limit cannot be read, the broker's default applies
 * @param partitionsAs by a topic's name, another: it is created with as many partitions as that has
 */
record TopicCreation(
        TopicAdmin admin,
        String bootstrapServers,
        boolean mayCreate,
        Duration timeout,
        Map<String, List<String>> takes,
        Map<String, String> partitionsAs) {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCreation.class);

    /** Room for the headers of a dead letter, or of a row of a job. */
    private static final int HEADER_BYTES = 64 * 1024;

    /** @throws TopicSetupException if this client may not see a topic */
    List<TopicSpec> missing(List<TopicSpec> topics) throws InterruptedException {
        List<TopicSpec> missing = new ArrayList<>();
        for (TopicSpec topic : topics) {
            try {
                admin.describe(topic.name());
            } catch (UnknownTopicOrPartitionException e) {
                missing.add(topic);
            } catch (AuthorizationException e) {
                throw TopicSetupException.ofTopics(
                        "Kafka at " + bootstrapServers + " does not let this client see topic " + topic.name()
                                + ": allow it to describe the topic, and to create it if it is missing",
                        e);
            }
        }
        return missing;
    }

    /**
     * Returns once all exist, with a leader for every partition.
     *
     * @param onlyAsk whether Kafka would let this client
     * @return those that this call created, or would create, in the order of their creation
     * @throws TopicSetupException if they may not be created, or get no leader; in place of the first it names all that are
     *     still missing, and the commands that create them
     */
    List<TopicSpec> create(List<TopicSpec> missing, boolean onlyAsk) throws InterruptedException {
        if (!missing.isEmpty() && !mayCreate) {
            throw refusal(missing, "serai.kafka.create-topics is false", null);
        }
        List<TopicSpec> created = new ArrayList<>();
        for (int next = 0; next < missing.size(); next++) {
            TopicSpec topic = fitted(missing.get(next));
            try {
                if (admin.create(topic, onlyAsk)) {
                    created.add(topic);
                }
                if (!onlyAsk) {
                    awaitLeaders(topic, created.contains(topic));
                }
            } catch (RetriableException | AuthenticationException e) {
                throw e;
            } catch (ApiException e) {
                throw refusal(
                        missing.subList(next, missing.size()),
                        "creating " + topic.name() + " was refused: " + e.getMessage(),
                        e);
            }
        }
        return created;
    }

    private void awaitLeaders(TopicSpec topic, boolean isOurs) throws InterruptedException {
        if (isOurs) {
            LOG.info("created topic {}", topic);
        }
        if (!admin.awaitLeaders(topic.name(), 0, 1)) {
            throw new TopicSetupException(
                    "topic " + topic.name() + " exists, but not all of its partitions have a leader after "
                            + timeout.toMillis() / 1000.0 + " s: check the brokers of " + bootstrapServers,
                    null);
        }
    }

    /** With what depends on other topics, as far as that is known. */
    private TopicSpec fitted(TopicSpec topic) throws InterruptedException {
        String like = partitionsAs.get(topic.name());
        TopicSpec fitted =
                like == null ? topic : topic.with(admin.partitions(like).orElse(topic.partitions()));
        int largest = 0;
        for (String from : takes.getOrDefault(topic.name(), List.of())) {
            OptionalInt limit = maxMessageBytes(from, topic.name());
            if (limit.isEmpty()) {
                return fitted;
            }
            largest = Math.max(largest, limit.getAsInt());
        }
        return largest == 0
                ? fitted
                : fitted.with(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Long.toString(Math.min(Integer.MAX_VALUE, (long) largest + HEADER_BYTES)));
    }

    private OptionalInt maxMessageBytes(String topic, String created) throws InterruptedException {
        try {
            return admin.maxMessageBytes(topic);
        } catch (AuthorizationException e) {
            LOG.warn(
                    "the size limit of topic {} may not be read: {} gets the broker's default limit, and the largest"
                            + " events may not fit with the headers that are added",
                    topic,
                    created);
            return OptionalInt.empty();
        }
    }

    private TopicSetupException refusal(List<TopicSpec> missing, String reason, @Nullable ApiException cause)
            throws InterruptedException {
        var message = new StringJoiner(System.lineSeparator());
        message.add("topics are missing and were not created (" + reason + "):");
        List<TopicSpec> complete = new ArrayList<>();
        for (TopicSpec topic : missing) {
            complete.add(fitted(topic));
        }
        complete.forEach(topic -> message.add("  " + topic));
        message.add("Create them with:");
        complete.forEach(topic -> message.add("  " + topic.createCommand(bootstrapServers)));
        for (TopicSpec topic : complete) {
            List<String> others = takes.get(topic.name());
            if (others != null && !topic.configuration().containsKey(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)) {
                message.add("If " + String.join(" or ", others) + " is to have a max.message.bytes, give "
                        + topic.name() + " " + HEADER_BYTES + " more.");
            }
        }
        return TopicSetupException.ofTopics(message.toString(), cause);
    }
}
