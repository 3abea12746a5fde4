package dev.serai.operate.doctor;

import dev.serai.batch.JobTopics;
import dev.serai.loop.Elapsed;
import dev.serai.settings.SeraiSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What the topics keep and for how long: a reply topic must forget the credentials of rooms, a session topic must keep what is
 * remembered, the start topic must drop no event for a later one.
 */
record RetentionCheck(KafkaAccess kafka, List<OwnTopic> topics, SeraiSettings settings) implements Check {
    private static final String FOR_EVER = "for ever";

    @Override
    public List<Found> look() throws InterruptedException {
        TopicConfigs configs = TopicConfigs.ask(kafka, topics);
        List<Found> found = new ArrayList<>();
        for (OwnTopic topic : topics) {
            TopicConfigs.Answer answer = configs.of(topic.name());
            if (answer instanceof TopicConfigs.Missing && topic.comesWithTheFirstJob()) {
                continue;
            }
            found.add(
                    switch (answer) {
                        case TopicConfigs.Known known -> of(topic, known);
                        case TopicConfigs.Missing missing -> Found.skipped(topic.name() + " is not there: see topics");
                        case TopicConfigs.Forbidden forbidden ->
                            Found.warning(
                                    "what " + topic.name() + " keeps may not be read",
                                    "allow it with: " + kafka.command("kafka-acls.sh")
                                            + "--add --allow-principal User:NAME --operation DESCRIBE_CONFIGS --topic "
                                            + topic.name());
                    });
        }
        return found;
    }

    private Found of(OwnTopic topic, TopicConfigs.Known config) {
        String policy = config.text(TopicConfig.CLEANUP_POLICY_CONFIG).orElse(TopicConfig.CLEANUP_POLICY_DELETE);
        boolean isCompacted = policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        boolean deletes = policy.contains(TopicConfig.CLEANUP_POLICY_DELETE);
        long retention =
                deletes ? config.number(TopicConfig.RETENTION_MS_CONFIG).orElse(-1) : -1;
        String is = topic.name() + " has cleanup.policy=" + policy + " and keeps records "
                + (retention < 0 ? FOR_EVER : "for " + Elapsed.text(Duration.ofMillis(retention)));
        return switch (topic.use()) {
            case REPLIES -> ofReplies(topic, is, isCompacted, retention);
            case START, RAW ->
                isCompacted
                        ? Found.error(
                                is + ": of two events with one key the earlier one is dropped, and never answered",
                                alter(topic, "cleanup.policy=delete"))
                        : Found.ok(is);
            case DEAD_LETTERS -> ofDeadLetters(topic, is, isCompacted, retention);
            case SESSIONS -> ofSessions(topic, is, isCompacted, retention);
            case JOBS ->
                isCompacted && !deletes
                        ? Found.ok(is)
                        : Found.error(
                                is
                                        + (retention < 0
                                                ? ": it grows with each step of a job, and all of it is read when a"
                                                        + " partition is taken over"
                                                : ": a job of which nothing was written for so long is forgotten, and"
                                                        + " its rows are never published"),
                                alter(topic, "cleanup.policy=compact"));
            case JOB_ROWS -> ofJobRows(topic, is, isCompacted, retention);
        };
    }

    private Found ofJobRows(OwnTopic topic, String is, boolean isCompacted, long retention) {
        Duration wanted = JobTopics.RETENTION;
        if (isCompacted) {
            return Found.error(
                    is + ": of two rows with one key the earlier one is dropped, and never published",
                    alter(topic, "cleanup.policy=delete,retention.ms=" + wanted.toMillis()));
        }
        return retention >= 0 && retention < wanted.toMillis()
                ? Found.error(
                        is + ", less than the " + Elapsed.text(wanted)
                                + " that a row may wait for its time: rows that are later are lost",
                        alter(topic, "retention.ms=" + wanted.toMillis()))
                : Found.ok(is);
    }

    private Found ofReplies(OwnTopic topic, String is, boolean isCompacted, long retention) {
        Duration bound = settings.kafka().replyRetention();
        if (isCompacted) {
            return Found.error(
                    is + ": the credentials of the last room of each key stay there",
                    alter(topic, "cleanup.policy=delete,retention.ms=" + bound.toMillis()));
        }
        return retention < 0 || retention > bound.toMillis()
                ? Found.error(
                        is + ", more than serai.kafka.reply-retention=" + Elapsed.text(bound)
                                + ": the credentials of rooms lie about so long",
                        alter(topic, "retention.ms=" + bound.toMillis())
                                + "; or set serai.kafka.reply-retention if it is to be so")
                : Found.ok(is + ", at most serai.kafka.reply-retention=" + Elapsed.text(bound));
    }

    private Found ofDeadLetters(OwnTopic topic, String is, boolean isCompacted, long retention) {
        if (isCompacted) {
            return Found.error(
                    is + ": of two letters with one key the earlier one is dropped",
                    alter(topic, "cleanup.policy=delete,retention.ms=-1"));
        }
        return retention < 0
                ? Found.ok(is)
                : Found.warning(
                        is + ": a letter has its event's time, and is gone so long after that, replayed or not",
                        alter(topic, "retention.ms=-1"));
    }

    private Found ofSessions(OwnTopic topic, String is, boolean isCompacted, long retention) {
        Duration wanted = settings.sessions().retention();
        if (!isCompacted) {
            return Found.error(
                    is + ": it grows with each event, and all of it is read when a partition is taken over",
                    alter(topic, "cleanup.policy=[compact,delete],retention.ms=" + wanted.toMillis()));
        }
        if (retention >= 0 && retention < wanted.toMillis()) {
            return Found.error(
                    is + ", less than serai.sessions.retention=" + Elapsed.text(wanted)
                            + ": conversations are forgotten before their time",
                    alter(topic, "retention.ms=" + wanted.toMillis()));
        }
        return retention < 0
                ? Found.warning(
                        is + ": every conversation that there ever was is read when a partition is taken over",
                        alter(topic, "cleanup.policy=[compact,delete],retention.ms=" + wanted.toMillis()))
                : Found.ok(is);
    }

    private String alter(OwnTopic topic, String config) {
        return kafka.command("kafka-configs.sh") + "--alter --entity-type topics --entity-name " + topic.name()
                + " --add-config " + config;
    }
}
