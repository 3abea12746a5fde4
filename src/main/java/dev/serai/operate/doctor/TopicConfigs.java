package dev.serai.operate.doctor;

import dev.serai.kafka.KafkaAnswers;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What holds for topics, asked for all of them at once. */
final class TopicConfigs {
    private final Map<ConfigResource, KafkaFuture<Config>> asked;

    /** What Kafka says of one topic. */
    sealed interface Answer {}

    record Known(Config config) implements Answer {
        /** By the setting's own name; empty if this Kafka has no such setting. */
        Optional<String> text(String name) {
            return Optional.ofNullable(config.get(name)).map(ConfigEntry::value);
        }

        /** The same of a number. */
        OptionalLong number(String name) {
            Optional<String> text = text(name);
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.get()));
        }
    }

    /** There is no such topic. */
    record Missing() implements Answer {}

    /** This client may not ask. */
    record Forbidden() implements Answer {}

    private TopicConfigs(Map<ConfigResource, KafkaFuture<Config>> asked) {
        this.asked = asked;
    }

    static TopicConfigs ask(KafkaAccess kafka, Collection<OwnTopic> topics) {
        List<ConfigResource> resources =
                topics.stream().map(OwnTopic::name).map(TopicConfigs::resource).collect(Collectors.toList());
        return new TopicConfigs(kafka.admin().describeConfigs(resources).values());
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** @throws org.apache.kafka.common.KafkaException if Kafka does not answer */
    Answer of(String topic) throws InterruptedException {
        KafkaFuture<Config> future = asked.get(resource(topic));
        if (future == null) {
            return new Missing();
        }
        try {
            return new Known(KafkaAnswers.await(future));
        } catch (UnknownTopicOrPartitionException | InvalidTopicException e) {
            return new Missing();
        } catch (AuthorizationException e) {
            return new Forbidden();
        }
    }
}
