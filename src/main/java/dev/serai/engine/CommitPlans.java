package dev.serai.engine;

import dev.serai.engine.ledger.CommitPoint;
import dev.serai.engine.ledger.LeaderEpochs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Which offsets go with which events into a transaction, and what that makes of the ledgers once it is committed.
 *
 * <p>A plan is made from the ledgers and the group's generation as of one moment; if the group has moved on when it gets to
 * the broker, the broker refuses it (KIP-447), so a plan that is late does no harm.
 *
 * <p>Thread-safe, by the {@link AssignmentsLock}.
 */
final class CommitPlans {
    /** How long what was read may lie above what is committed before it is committed for its own sake. */
    static final Duration BEHIND = Duration.ofSeconds(1);

    private final AssignmentsLock lock;
    private final Map<TopicPartition, Assignment> current;
    private final Membership membership;

    /** @param current the partitions of this process, as they are under the lock; not changed here */
    CommitPlans(AssignmentsLock lock, Map<TopicPartition, Assignment> current, Membership membership) {
        this.lock = lock;
        this.current = current;
        this.membership = membership;
    }

    /**
     * What to commit so that these events are complete; nothing changes yet. With them go the offsets of partitions that
     * were read beyond what is committed for a while, so that markers of publishers' transactions do not look like lag.
     */
    CommitPlan plan(List<Delivery> finished) {
        return lock.get(() -> {
            List<Delivery> planned = new ArrayList<>(finished.size());
            List<Delivery> revoked = new ArrayList<>();
            Map<Assignment, Set<Long>> complete = new LinkedHashMap<>();
            for (Delivery delivery : finished) {
                Assignment assignment = delivery.assignment();
                if (!delivery.completesOffset()) {
                    planned.add(delivery);
                } else if (isRevoked(delivery)) {
                    revoked.add(delivery);
                } else {
                    planned.add(delivery);
                    Set<Long> completed = complete.computeIfAbsent(assignment, ignored -> new HashSet<>());
                    if (!delivery.isAgain()) {
                        completed.add(delivery.offset());
                    }
                }
            }
            current.values().stream()
                    .filter(assignment -> assignment.isBehind(BEHIND))
                    .forEach(assignment -> complete.putIfAbsent(assignment, Set.of()));
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            complete.forEach((assignment, done) ->
                    offsets.put(assignment.partition, committable(assignment.ledger.committableWith(done))));
            return new CommitPlan(planned, revoked, offsets, membership.current());
        });
    }

    /** Those of the events that have another owner by now. */
    Set<Delivery> revoked(List<Delivery> finished) {
        return finished.isEmpty()
                ? Set.of()
                : lock.get(() -> finished.stream()
                        .filter(delivery -> delivery.completesOffset() && isRevoked(delivery))
                        .collect(Collectors.toSet()));
    }

    private static boolean isRevoked(Delivery delivery) {
        return delivery.assignment().isForgotten() || delivery.isDropped();
    }

    private static OffsetAndMetadata committable(CommitPoint point) {
        return new OffsetAndMetadata(
                point.offset(),
                point.epoch() == LeaderEpochs.UNKNOWN ? Optional.empty() : Optional.of(point.epoch()),
                point.metadata());
    }

    /** The plan was committed. */
    void completed(CommitPlan plan) {
        lock.run(() -> {
            membership.accepted();
            for (Delivery delivery : plan.deliveries()) {
                Assignment assignment = delivery.assignment();
                if (!assignment.isForgotten() && !delivery.isDropped() && !delivery.isAgain()) {
                    assignment.ledger.completed(delivery.offset());
                }
            }
            plan.offsets().forEach((partition, offset) -> {
                Assignment assignment = current.get(partition);
                if (assignment != null) {
                    assignment.committed(offset.offset());
                }
            });
            lock.signal();
        });
    }

    /** Those of the partitions that this process still owns and reads. */
    Set<TopicPartition> stillOwned(Collection<TopicPartition> partitions) {
        return lock.get(() -> {
            Set<TopicPartition> owned = new HashSet<>(partitions);
            owned.retainAll(current.keySet());
            return owned;
        });
    }
}
