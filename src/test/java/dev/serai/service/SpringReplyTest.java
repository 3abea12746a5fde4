package dev.serai.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.requestreply.ReplyingKafkaTemplate;
import org.springframework.kafka.requestreply.RequestReplyFuture;
import org.springframework.kafka.support.TopicPartitionOffset;

/** Spring's own client, as its users have it: each instance listens on one partition, and gives up after its five seconds. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class SpringReplyTest {
    private static final Duration STARTED = Duration.ofSeconds(30);

    private static RunningSerai serai;
    private static final List<Caller> CALLERS = new ArrayList<>();

    /** One instance of a caller's application. */
    private record Caller(
            DefaultKafkaProducerFactory<String, String> producers,
            ReplyingKafkaTemplate<String, String, String> template,
            int partition) {
        RequestReplyFuture<String, String, String> ask(String key, String eventId, String character) {
            String event = "{\"event_id\":\"" + eventId + "\",\"character_id\":\"" + character + "\"}";
            return template.sendAndReceive(
                    new ProducerRecord<>(serai.settings().kafka().startTopic(), key, event));
        }

        void close() throws Exception {
            template.destroy();
            producers.destroy();
        }
    }

    @BeforeAll
    static void start() throws InterruptedException {
        serai = new RunningSerai();
        for (int partition = 0; partition < 4; partition++) {
            CALLERS.add(caller(partition));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (Caller caller : CALLERS) {
            caller.close();
        }
        serai.close();
    }

    private static Caller caller(int partition) throws InterruptedException {
        DefaultKafkaProducerFactory<String, String> producers = new DefaultKafkaProducerFactory<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, serai.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer());
        DefaultKafkaConsumerFactory<String, String> consumers = new DefaultKafkaConsumerFactory<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        serai.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        ContainerProperties listening = new ContainerProperties(
                new TopicPartitionOffset(serai.settings().kafka().replyTopic(), partition));
        listening.setGroupId("callers-" + UUID.randomUUID());
        // A caller counts as assigned once its first poll has ended.
        listening.setPollTimeout(200);
        ReplyingKafkaTemplate<String, String, String> template =
                new ReplyingKafkaTemplate<>(producers, new KafkaMessageListenerContainer<>(consumers, listening));
        template.setSharedReplyTopic(true);
        template.start();
        assertThat(template.waitForAssignment(STARTED)).isTrue();
        return new Caller(producers, template, partition);
    }

    @Test
    void everyRequest_isAnsweredOnItsCallersPartition() throws Exception {
        List<RequestReplyFuture<String, String, String>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(CALLERS.get(i % 4).ask("learner-" + i, "spring-" + i, "guide"));
        }

        List<String> lost = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            try {
                ConsumerRecord<String, String> reply = answers.get(i).get(30, TimeUnit.SECONDS);
                assertThat(reply.partition()).isEqualTo(i % 4);
                assertThat(json(reply).path("event_id").asText()).isEqualTo("spring-" + i);
                assertThat(json(reply).path("status").asText()).isEqualTo("started");
            } catch (ExecutionException | TimeoutException e) {
                lost.add("spring-" + i);
            }
        }
        assertThat(lost).as("requests that Spring gave up").isEmpty();
    }

    @Test
    void failureAndRepetition_areAnswered_too() throws Exception {
        Caller caller = CALLERS.get(2);

        JsonNode unknown = json(
                caller.ask("learner", "unknown", RunningSerai.UNKNOWN_CHARACTER).get());
        JsonNode first = json(caller.ask("learner", "twice", "guide").get());
        JsonNode second = json(caller.ask("learner", "twice", "guide").get());

        assertThat(unknown.at("/error/category").asText()).isEqualTo("character_not_found");
        assertThat(first.path("status").asText()).isEqualTo("started");
        assertThat(second.path("repeated").asBoolean()).isTrue();
        assertThat(second.path("room_name")).isEqualTo(first.path("room_name"));
    }

    private static JsonNode json(ConsumerRecord<String, String> reply) throws Exception {
        return Json.MAPPER.readTree(reply.value());
    }
}
