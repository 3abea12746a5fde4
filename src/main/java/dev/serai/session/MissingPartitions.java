package dev.serai.session;

import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.SessionTopicGrowth;
import dev.serai.kafka.TopicSetupException;
import dev.serai.loop.Counted;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that the session topic lacks: it needs as many as the start topic has. Immutable.
 *
 * @param why null if there are none
 */
record MissingPartitions(Set<Integer> partitions, @Nullable SessionRestoreException why) {
    /**
     * Finds out which are missing, and has them added where that is allowed.
     *
     * @param growth what gives the session topic the partitions that it lacks; null if nobody may but an administrator
     */
    record Look(
            String sessionTopic,
            String startTopic,
            String bootstrapServers,
            @Nullable SessionTopicGrowth growth) {
        /**
         * @param partitions that are to be restored
         * @throws InterruptException if the thread is interrupted
         */
        MissingPartitions of(CompactedTopicReader reader, Set<Integer> partitions) {
            int sessions = reader.partitionCount(sessionTopic);
            Set<Integer> without = partitions.stream()
                    .filter(partition -> partition >= sessions)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (without.isEmpty()) {
                return new MissingPartitions(without, null);
            }
            if (sessions == 0) {
                return new MissingPartitions(without, SessionRestoreException.noTopic(sessionTopic));
            }
            int wanted = Math.max(Collections.max(without) + 1, reader.partitionCount(startTopic));
            try {
                if (growth != null) {
                    growth.growTo(wanted);
                    return new MissingPartitions(Set.of(), null);
                }
            } catch (TopicSetupException e) {
                return new MissingPartitions(
                        without,
                        new SessionRestoreException(
                                "sessions of new partitions can be neither read nor kept: " + e.getMessage(), e));
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
            return new MissingPartitions(
                    without,
                    new SessionRestoreException(
                            sessionTopic + " has " + Counted.text(sessions, "partition") + " and " + startTopic
                                    + " has "
                                    + wanted
                                    + ": sessions of the others can be neither read nor kept. Give it as many with: "
                                    + SessionTopicGrowth.command(bootstrapServers, sessionTopic, wanted),
                            null));
        }
    }
}
