package dev.serai.engine;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction commits.
 *
 * @param group null as long as there is nothing to commit offsets for
 * @param revoked events that have another owner by now, and are not part of it
 */
record CommitPlan(
        List<Delivery> deliveries,
        List<Delivery> revoked,
        Map<TopicPartition, OffsetAndMetadata> offsets,
        @Nullable ConsumerGroupMetadata group) {}
