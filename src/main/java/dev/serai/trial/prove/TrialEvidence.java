package dev.serai.trial.prove;

import dev.serai.trial.guarantee.CommittedToTheEnd;
import dev.serai.trial.guarantee.History;
import dev.serai.trial.guarantee.NoSecretElsewhere;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that was seen of a run.
 *
 * @param acknowledged when Kafka had each event
 * @param answered when each event was first seen to be answered
 * @param calm ids of the events that were published while nothing was done to a replica
 * @param troubled ids of those that were published while something was
 * @param time from the start of the replicas to the last commit
 * @param timeUp what had not come when the limit had; null if all was done in time
 */
record TrialEvidence(
        History history,
        CommittedToTheEnd committed,
        NoSecretElsewhere secrets,
        Map<String, Instant> acknowledged,
        Map<String, Instant> answered,
        List<String> calm,
        List<String> troubled,
        Duration time,
        @Nullable String timeUp) {
    TrialEvidence {
        acknowledged = Map.copyOf(acknowledged);
        answered = Map.copyOf(answered);
        calm = List.copyOf(calm);
        troubled = List.copyOf(troubled);
    }
}
