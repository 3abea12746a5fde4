package dev.serai.cli;

import dev.serai.kafka.ClientProperties;
import dev.serai.loop.Counted;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Why a published event was not answered in time, as far as the service's consumer group tells.
 *
 * @param kafka properties of clients
 * @param groupId the service's
 */
record WhyNoReply(Map<String, Object> kafka, String groupId) {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    /**
     * What is probably the reason, and what to look at.
     *
     * @param offset of the event in its partition
     */
    String of(TopicPartition partition, long offset) throws InterruptedException {
        String group = "the group " + groupId + " (serai.kafka.group-id)";
        try (Admin admin = Admin.create(ClientProperties.within(kafka, ANSWER_LIMIT))) {
            Collection<MemberDescription> members = members(admin);
            if (members.isEmpty()) {
                return "no service runs in " + group
                        + ": start one with ./serai run, which then answers the event, or says"
                        + " that its deadline has passed";
            }
            if (members.stream()
                    .noneMatch(member -> member.assignment().topicPartitions().contains(partition))) {
                return "no service of " + group + " has the partition " + partition + ", though it has "
                        + Counted.text(members.size(), "member")
                        + ": do they read that topic (serai.kafka.start-topic)? If they have only just begun, wait";
            }
            OffsetAndMetadata committed = committed(admin, partition);
            if (committed != null && committed.offset() > offset) {
                return "a service of " + group + " is done with it, and its reply is not where it was looked for: are"
                        + " serai.kafka.reply-topic and serai.reply.correlation-headers the service's own here?";
            }
            return "a service of " + group + " has its partition and is not done with it, nor with "
                    + (committed == null ? "any" : "at most " + (offset - committed.offset()))
                    + " before it: ./serai waiting says what each waits for";
        } catch (ExecutionException | KafkaException e) {
            return "whether a service runs in " + group + " cannot be seen: " + RunningKafka.reason(e);
        }
    }

    private Collection<MemberDescription> members(Admin admin) throws ExecutionException, InterruptedException {
        try {
            return admin.describeConsumerGroups(List.of(groupId)).all().get().values().stream()
                    .flatMap(group -> group.members().stream())
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw e;
        }
    }

    private @Nullable OffsetAndMetadata committed(Admin admin, TopicPartition partition)
            throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(groupId)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition);
    }

    /** The group: the properties hold passwords. */
    @Override
    public String toString() {
        return "WhyNoReply[" + groupId + "]";
    }
}
