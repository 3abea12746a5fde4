package dev.serai.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.requestreply.ReplyingKafkaTemplate;
import org.springframework.kafka.requestreply.RequestReplyFuture;
import org.springframework.kafka.support.TopicPartitionOffset;

/** One instance of an application that asks by Spring's own client. Its replies are those of a group of its own. */
final class SpringCaller implements AutoCloseable {
    private static final Duration STARTED = Duration.ofSeconds(30);

    private final String bootstrapServers;
    private final DefaultKafkaProducerFactory<String, String> producers;
    private final ReplyingKafkaTemplate<String, String, String> template;

    private SpringCaller(
            String bootstrapServers,
            ContainerProperties replies,
            String isolation,
            Consumer<ReplyingKafkaTemplate<String, String, String>> settings) {
        this.bootstrapServers = bootstrapServers;
        producers = new DefaultKafkaProducerFactory<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new StringSerializer(),
                new StringSerializer());
        replies.setGroupId("callers-" + UUID.randomUUID());
        // A caller counts as assigned once its first poll has ended.
        replies.setPollTimeout(200);
        template = new ReplyingKafkaTemplate<>(
                producers, new KafkaMessageListenerContainer<>(consumers(isolation), replies));
        settings.accept(template);
        template.start();
    }

    private DefaultKafkaConsumerFactory<String, String> consumers(String isolation) {
        return new DefaultKafkaConsumerFactory<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private SpringCaller started() throws InterruptedException {
        assertThat(template.waitForAssignment(STARTED)).isTrue();
        return this;
    }

    /** Listens to all of a topic. */
    static SpringCaller ofTopic(
            String bootstrapServers, String topic, Consumer<ReplyingKafkaTemplate<String, String, String>> settings)
            throws InterruptedException {
        return new SpringCaller(bootstrapServers, new ContainerProperties(topic), "read_committed", settings).started();
    }

    /** Listens to all of a topic as Spring's client does by default. */
    static SpringCaller readingUncommitted(
            String bootstrapServers, String topic, Consumer<ReplyingKafkaTemplate<String, String, String>> settings)
            throws InterruptedException {
        return new SpringCaller(bootstrapServers, new ContainerProperties(topic), "read_uncommitted", settings)
                .started();
    }

    /** Listens to one partition of a topic that others listen to as well. */
    static SpringCaller ofPartition(String bootstrapServers, String topic, int partition) throws InterruptedException {
        return new SpringCaller(
                        bootstrapServers,
                        new ContainerProperties(new TopicPartitionOffset(topic, partition)),
                        "read_committed",
                        template -> template.setSharedReplyTopic(true))
                .started();
    }

    /** Asks, and waits no longer than the template does. */
    RequestReplyFuture<String, String, String> ask(String topic, String key, String event) {
        return template.sendAndReceive(new ProducerRecord<>(topic, key, event));
    }

    @Override
    public void close() {
        template.destroy();
        producers.destroy();
    }
}
