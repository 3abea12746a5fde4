package dev.serai.service;

import dev.serai.engine.TransactionsCheck;
import dev.serai.kafka.AccessCheck.Lack;
import dev.serai.kafka.AccessCheck.Need;
import dev.serai.kafka.ConversationTopicSetup;
import dev.serai.kafka.ConversationTopics;
import dev.serai.kafka.TopicSetupException;
import dev.serai.route.KafkaEndpointRules.TopicUse;
import dev.serai.service.Finding.Subject;
import dev.serai.service.Finding.Verdict;
import dev.serai.settings.SeraiSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;

/**
 * Looks at what a start finds of Kafka: brokers, topics, rights and transactions. Creates no topic, opens no transaction and
 * joins no group. For one thread.
 */
final class KafkaCheck {
    /** For each answer. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final SeraiSettings values;
    private final Backends backends;
    private final StartCheck.Routes routes;
    private final Map<String, String> sourceTopics;
    private final List<Finding> findings;

    /** @param findings gets what is found */
    KafkaCheck(
            SeraiSettings values,
            Backends backends,
            StartCheck.Routes routes,
            Map<String, String> sourceTopics,
            List<Finding> findings) {
        this.values = values;
        this.backends = backends;
        this.routes = routes;
        this.sourceTopics = sourceTopics;
        this.findings = findings;
    }

    private void add(Subject subject, Verdict verdict, String text) {
        findings.add(new Finding(subject, verdict, text));
    }

    void look(ConversationTopics topics) throws InterruptedException {
        if (values.kafka().bootstrapServers() == null && !backends.ownBroker()) {
            add(
                    Subject.KAFKA,
                    Verdict.NOT_CHECKED,
                    "topics and rights: no Kafka is named, and a check does not start the embedded broker. Name one by"
                            + " KAFKA_BOOTSTRAP_SERVERS");
            sourceTopics.forEach((source, topic) -> add(
                    Subject.SOURCES,
                    Verdict.NOT_CHECKED,
                    "source " + source + ": topic " + topic + " was not looked for"));
            return;
        }
        Map<String, String> plan = Map.of();
        try {
            plan = new ConversationTopicSetup(
                            backends.kafkaProperties(), values.kafka().createTopics(), ANSWER_LIMIT)
                    .plan(topics);
        } catch (TopicSetupException e) {
            if (!e.isOfTopics()) {
                add(Subject.KAFKA, Verdict.REFUSED, String.valueOf(e.getMessage()));
                add(Subject.TOPICS, Verdict.NOT_CHECKED, "topics and rights, as Kafka cannot be asked");
                return;
            }
            add(Subject.TOPICS, Verdict.REFUSED, String.valueOf(e.getMessage()));
        }
        add(Subject.KAFKA, Verdict.OK, "Kafka at " + backends.bootstrapServers() + " answers this client");
        plan.values().forEach(text -> add(Subject.TOPICS, Verdict.OK, text));
        lookAtRights(plan.keySet());
    }

    /** @param unborn topics that a start creates, and that cannot be asked for */
    private void lookAtRights(Set<String> unborn) throws InterruptedException {
        RightsCheck.Rights rights;
        try {
            rights = new RightsCheck(values, backends.kafkaProperties(), ANSWER_LIMIT)
                    .look(routes, sourceTopics, unborn);
        } catch (KafkaException e) {
            add(Subject.RIGHTS, Verdict.REFUSED, "Kafka does not tell this client's rights: " + e.getMessage());
            return;
        }
        for (Need need : rights.met()) {
            add(
                    Subject.RIGHTS,
                    Verdict.OK,
                    need.operation() + " " + need.resource().name().toLowerCase(Locale.ROOT) + " " + need.name());
        }
        rights.waitedFor().forEach(lack -> add(subject(lack), Verdict.REFUSED, lack.text()));
        rights.ofOutbox().forEach(lack -> add(subject(lack), Verdict.REFUSED, lack.text()));
        routes.otherTopics().stream()
                .filter(TopicUse::isElsewhere)
                .forEach(use -> add(
                        Subject.TOPICS,
                        Verdict.NOT_CHECKED,
                        "topic " + use.topic() + " of " + use.place()
                                + ": its endpoint names brokers or credentials of its own"));
        lookAtTransactions();
    }

    private static Subject subject(Lack lack) {
        return lack.isMissing() ? Subject.TOPICS : Subject.RIGHTS;
    }

    private void lookAtTransactions() throws InterruptedException {
        String group = values.kafka().groupId();
        TransactionsCheck check =
                new TransactionsCheck(backends.kafkaProperties(), group, EngineSetup.instanceId(values), ANSWER_LIMIT);
        switch (check.look()) {
            case TransactionsCheck.Allowed allowed ->
                add(Subject.RIGHTS, Verdict.OK, "WRITE transactional ids that begin with " + group);
            case TransactionsCheck.Forbidden forbidden -> add(Subject.RIGHTS, Verdict.REFUSED, forbidden.text());
            case TransactionsCheck.Unknown unknown ->
                add(Subject.RIGHTS, Verdict.NOT_CHECKED, "transactions: " + unknown.reason());
        }
    }
}
