package dev.serai.operate.explain;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What is to be known of the service that is asked about.
 *
 * @param replyTopics all that events may have their replies on, the standard one included
 * @param intakes the topic of each, by name
 * @param sessionIdle how long a session counts as open that nobody has ended
 * @param replyRetention how long replies are kept, where the service has made the topic
 */
public record Deployment(
        String startTopic,
        String replyTopic,
        String deadLetterTopic,
        String sessionTopic,
        String groupId,
        Set<String> replyTopics,
        Map<String, String> intakes,
        Duration sessionIdle,
        Duration replyRetention,
        EventReader events) {
    public Deployment {
        replyTopics = Set.copyOf(replyTopics);
        intakes = Map.copyOf(intakes);
    }

    String intakeGroup(String intake) {
        return groupId + ".intake." + intake;
    }
}
