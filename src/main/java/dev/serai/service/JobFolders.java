package dev.serai.service;

import dev.serai.batch.JobTopics;
import dev.serai.batch.folder.JobFolder;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.event.StartEventDecoder;
import java.time.InstantSource;
import java.util.Optional;

/** The folder whose files become jobs, as the settings say. Stateless. */
final class JobFolders {
    private JobFolders() {}

    /** Empty if there is none. */
    static Optional<JobFolder> of(SeraiSettings settings, Backends backends, InstantSource clock) {
        SeraiSettings.Provision provision = settings.provision();
        if (provision.inbox() == null || provision.outbox() == null) {
            return Optional.empty();
        }
        KafkaSettings kafka = settings.kafka();
        var decoder = new StartEventDecoder(
                EventRules.of(
                        settings,
                        EventRules.deadlines(settings),
                        backends.providers().keySet()),
                EventRules.replyTopics(settings));
        return Optional.of(new JobFolder(
                provision.inbox(),
                provision.outbox(),
                backends.kafkaProperties(),
                new JobTopics(kafka.jobTopic(), kafka.jobRowTopic()),
                kafka.partitions(),
                kafka.createTopics(),
                kafka.startTopic(),
                kafka.replyTopic(),
                decoder,
                clock));
    }
}
