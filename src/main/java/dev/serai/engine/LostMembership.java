package dev.serai.engine;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;

/**
 * Finds out that a consumer is no member of its group any more, or never will be one, though its client does not notice: then
 * only another consumer helps. For the consumer's thread.
 */
final class LostMembership {
    /** A member that has been replaced hears of it with its next heartbeat, every few seconds. */
    private static final Duration UNAWARE = Duration.ofSeconds(10);

    /** What the client adds to the poll interval when it waits for the group's answer (JOIN_GROUP_TIMEOUT_LAPSE). */
    private static final Duration JOIN_LAPSE = Duration.ofSeconds(5);

    /** Longer than all that the client waits for by itself. */
    private static final Duration JOIN_SLACK = Duration.ofSeconds(10);

    private final Consumer<?, ?> consumer;
    private final Membership membership;
    private final IntakeState intake;
    private final Duration joinLimit;
    private final long begunAt = System.nanoTime();
    private boolean heartbeatsInDoubt;
    private long refusedAt;
    private boolean found;

    /** @param pollInterval of the consumer */
    LostMembership(Consumer<?, ?> consumer, Membership membership, IntakeState intake, Duration pollInterval) {
        this.consumer = consumer;
        this.membership = membership;
        this.intake = intake;
        joinLimit = pollInterval.plus(JOIN_LAPSE).plus(JOIN_SLACK);
    }

    /** Kafka has refused the consumer, for a credential or for its right to the group. */
    void refused() {
        heartbeatsInDoubt = true;
        refusedAt = System.nanoTime();
    }

    /**
     * To be asked before each poll.
     *
     * @param ownsNothing whether the consumer has no partitions
     * @throws KafkaException if the consumer is to give way to another one
     */
    void require(boolean ownsNothing) {
        requireAnswer(ownsNothing);
        requireHeartbeats();
    }

    /** Whether {@link #require} has said so: then the group's answer need not be waited for any more. */
    boolean isFound() {
        return found;
    }

    /**
     * A client whose heartbeats have ended takes itself for a member for ever: they end with the first that is refused, for
     * a credential or a right, and begin again only with a rebalance that it does not hear of (client 4.3, seen after a
     * password was changed and changed back). Its partitions have other owners by then. One whose heartbeats go on hears of it,
     * or waits until the member that shares out the partitions has done so: until then nothing can be committed, and what was
     * called for must not be dropped.
     */
    private void requireHeartbeats() {
        if (membership.refusedFor().compareTo(UNAWARE) > 0 && !hasHeartbeatWithin(UNAWARE)) {
            throw lost("the group has refused this consumer's membership for more than " + UNAWARE.toSeconds()
                    + " s, and it has not noticed: another consumer joins");
        }
        if (!heartbeatsInDoubt) {
            return;
        }
        Duration refused = Duration.ofNanos(System.nanoTime() - refusedAt);
        if (hasHeartbeatWithin(refused)) {
            heartbeatsInDoubt = false;
        } else if (refused.compareTo(UNAWARE) > 0) {
            throw lost("this consumer's heartbeats have ended since Kafka refused it " + refused.toSeconds()
                    + " s ago: another consumer joins");
        }
    }

    /**
     * A group coordinator can keep a member waiting for ever that it takes for another (seen after a broker and a replica
     * were killed at once); a member that is alive hears of its heartbeats every few seconds.
     */
    private void requireAnswer(boolean ownsNothing) {
        boolean idle = ownsNothing
                && System.nanoTime() - begunAt > joinLimit.toNanos()
                && intake.ownsNothingFor().compareTo(joinLimit) > 0;
        if (idle && !isMember()) {
            throw lost("the group has not answered this consumer's wish to join it for " + joinLimit.toSeconds()
                    + " s: another consumer asks anew");
        }
    }

    private KafkaException lost(String reason) {
        found = true;
        return new KafkaException(reason);
    }

    private boolean isMember() {
        return consumer.groupMetadata().generationId() >= 0 && hasHeartbeatWithin(joinLimit);
    }

    private boolean hasHeartbeatWithin(Duration limit) {
        return consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("last-heartbeat-seconds-ago"))
                .map(metric -> metric.getValue().metricValue())
                .filter(Number.class::isInstance)
                .mapToDouble(value -> ((Number) value).doubleValue())
                .allMatch(seconds -> seconds >= 0 && seconds < limit.toSeconds());
    }
}
