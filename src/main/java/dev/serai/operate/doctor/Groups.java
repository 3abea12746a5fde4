package dev.serai.operate.doctor;

import dev.serai.batch.JobTopics;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The consumer groups of the service. Stateless. */
final class Groups {
    private Groups() {}

    static Set<String> of(SeraiSettings settings) {
        return topics(settings).keySet();
    }

    /** Each with the topic that it reads. */
    static Map<String, String> topics(SeraiSettings settings) {
        KafkaSettings kafka = settings.kafka();
        Map<String, String> topics = new LinkedHashMap<>();
        topics.put(kafka.groupId(), kafka.startTopic());
        settings.intake().forEach((name, intake) -> topics.put(kafka.groupIdOfIntake(name), intake.topic()));
        if (settings.provision().enabled()) {
            topics.put(JobTopics.group(kafka.groupId()), kafka.jobTopic());
        }
        return topics;
    }
}
