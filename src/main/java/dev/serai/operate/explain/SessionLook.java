package dev.serai.operate.explain;

import dev.serai.session.ConversationLookup;
import dev.serai.session.FinalEnd;
import dev.serai.session.SessionRecord;
import dev.serai.session.SessionRestoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Looks for what is remembered of a conversation: in the partitions of its events only. For one thread. */
record SessionLook(Map<String, Object> kafka, Deployment deployment, Instant now, TimeLeft limit) {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** @param key null if it is not known, or there is none */
    SessionsSeen of(byte @Nullable [] key, Set<Integer> partitions) {
        if (key == null || partitions.isEmpty()) {
            return SessionsSeen.NONE;
        }
        try (var lookup = new ConversationLookup(kafka, deployment.sessionTopic(), key, limit.atMost(LONGEST))) {
            List<SessionsSeen.OpenSeen> open = new ArrayList<>();
            SessionsSeen.FinalEndSeen end = null;
            for (SessionRecord.Content content :
                    lookup.find(partitions::contains).values()) {
                content.openSessions().stream()
                        .filter(session -> !session.isForgotten(deployment.sessionIdle(), now))
                        .map(session -> new SessionsSeen.OpenSeen(
                                session.eventId(),
                                session.characterId(),
                                session.openedAt(),
                                session.closeAt(),
                                session.isOver(deployment.sessionIdle(), now)))
                        .forEach(open::add);
                for (FinalEnd each : content.state().ends().values()) {
                    end = new SessionsSeen.FinalEndSeen(each.eventId(), each.at());
                }
            }
            return new SessionsSeen(open, end, null);
        } catch (SessionRestoreException | KafkaException e) {
            return new SessionsSeen(List.of(), null, String.valueOf(e.getMessage()));
        }
    }
}
