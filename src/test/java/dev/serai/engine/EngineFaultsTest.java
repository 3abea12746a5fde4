package dev.serai.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.service.Backends;
import dev.serai.service.SeraiService;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Pages;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.wire.Json;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one bad record, partition or transaction does to the others: nothing. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class EngineFaultsTest {
    /** As the test's own service has. */
    private static final int PARTITIONS = 4;

    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());

    private RunningSerai serai;
    private Admin admin;

    @BeforeEach
    void start() {
        admin = Admin.create(KAFKA);
        // With it the session topic would be given more partitions.
        serai = new RunningSerai(Map.of("serai.kafka.create-topics", "false"), all -> {
            Map<String, Object> soon = new HashMap<>(all.kafkaProperties());
            // How soon the clients hear of new partitions.
            soon.put("metadata.max.age.ms", "1000");
            return new Backends(soon, all.providers(), all.sampleData());
        });
    }

    @AfterEach
    void stop() {
        serai.close();
        admin.close();
    }

    @Test
    void partitionWithAHangingTransaction_delaysNoOther_isNamed_andIsReadWhenItEnds() throws Exception {
        serai.service().close();
        try (KafkaProducer<byte[], byte[]> ghost = transactional("ghost-" + UUID.randomUUID(), 100)) {
            ghost.beginTransaction();
            ghost.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(serai.settings().kafka().startTopic(), 2), new OffsetAndMetadata(0)),
                    noMember());
            RecordMetadata held = publishTo(2, "held");

            try (SeraiService replica = serai.startReplica("beside")) {
                await().atMost(Duration.ofSeconds(30)).until(() -> replica.partitions() == PARTITIONS - 1);
                for (int partition : List.of(0, 1, 3)) {
                    long begun = System.nanoTime();
                    publishTo(partition, "beside-" + partition);
                    assertThat(serai.replyTo("beside-" + partition)
                                    .path("status")
                                    .asText())
                            .isEqualTo("started");
                    assertThat(Duration.ofNanos(System.nanoTime() - begun))
                            .as("with the reader's own time; the transaction hangs for 100 s")
                            .isLessThan(Duration.ofSeconds(30));
                }
                assertThat(serai.repliesTo("held")).isEmpty();
                await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                    HttpResponse<String> ready = Pages.get(replica.observeUri() + "/health/ready");
                    assertThat(ready.statusCode()).isEqualTo(503);
                    assertThat(ready.body()).contains("partitions [2]", "ghost-", "kafka-transactions.sh");
                });
                assertThat(Pages.get(replica.observeUri() + "/health/live").statusCode())
                        .isEqualTo(200);
                assertThat(metric(replica, "serai_partitions_arriving")).isEqualTo(1);
                assertThat(metric(replica, "serai_oldest_holding_transaction_seconds"))
                        .isPositive();

                ghost.abortTransaction();
                assertThat(serai.replyTo("held").path("status").asText()).isEqualTo("started");
                serai.awaitCommitted(held);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> Pages.get(replica.observeUri() + "/health/ready")
                                        .statusCode()
                                == 200);
            }
        }
    }

    @Test
    void morePartitions_oldOnesGoOn_newOnesWaitForTheSessionTopic_andAreNamed() throws Exception {
        String start = serai.settings().kafka().startTopic();
        admin.createPartitions(Map.of(start, NewPartitions.increaseTo(PARTITIONS + 2)))
                .all()
                .get();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(serai.page("/health/ready").body())
                        .contains("partitions [4, 5]", serai.settings().kafka().sessionTopic()));
        RecordMetadata waiting = publishTo(5, "new");

        for (int round = 0; round < 3; round++) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                String id = "old-" + round + "-" + partition;
                publishTo(partition, id);
                assertThat(serai.replyTo(id).path("status").asText()).isEqualTo("started");
            }
        }
        assertThat(serai.service().partitions()).isEqualTo(PARTITIONS);
        assertThat(serai.repliesTo("new")).isEmpty();

        admin.createPartitions(
                        Map.of(serai.settings().kafka().sessionTopic(), NewPartitions.increaseTo(PARTITIONS + 2)))
                .all()
                .get();
        assertThat(serai.replyTo("new").path("status").asText()).isEqualTo("started");
        serai.awaitCommitted(waiting);
        assertThat(serai.service().partitions()).isEqualTo(PARTITIONS + 2);
    }

    @Test
    void morePartitions_areReadByThemselves_whereTopicsMayBeCreated() throws Exception {
        serai.restart(Map.of("serai.kafka.create-topics", "true"));
        admin.createPartitions(Map.of(serai.settings().kafka().startTopic(), NewPartitions.increaseTo(PARTITIONS + 2)))
                .all()
                .get();

        await().atMost(Duration.ofSeconds(60)).until(() -> serai.service().partitions() == PARTITIONS + 2);
        publishTo(5, "new");
        assertThat(serai.replyTo("new").path("status").asText()).isEqualTo("started");
    }

    @Test
    void replyTopicThatIsDeleted_isTheFailureOfItsEvents_andOthersGoOn() throws Exception {
        Topics.delete(admin, serai.allowedReplyTopic());
        // What the service knows of the topic from its start.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !admin.listTopics().names().get().contains(serai.allowedReplyTopic()));
        List<RecordMetadata> doomed = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            if (i % 4 == 0) {
                doomed.add(serai.publish(
                        "doomed-" + i,
                        event("doomed-" + i).replace("\"c\"", "\"doomed\""),
                        new RecordHeader(
                                "kafka_replyTopic", serai.allowedReplyTopic().getBytes(UTF_8))));
            }
            serai.publish("other-" + i, event("other-" + i));
        }

        for (int i = 0; i < 20; i++) {
            assertThat(serai.replyTo("other-" + i).path("status").asText()).isEqualTo("started");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        for (RecordMetadata position : doomed) {
            serai.deadLetterOf(position);
            serai.awaitCommitted(position);
        }
        assertThat(serai.connectCalls("doomed"))
                .as("rooms that nobody could be given")
                .isEmpty();
    }

    @Test
    void replyTopicThatIsMadeAnewWithFewerPartitions_isTheFailureOfEventsThatNameOthers_andOthersGoOn()
            throws Exception {
        String topic = serai.allowedReplyTopic();
        Topics.create(admin, List.of(new NewTopic(topic, 2, (short) 1)));
        // What became of its transaction is looked at there, too.
        serai.publish("before", event("before"), addressedTo(topic, 1));
        try (TopicReader reader = new TopicReader(SharedBroker.bootstrapServers(), topic)) {
            assertThat(reader.await("a reply", reply -> true).partition()).isOne();
        }

        Topics.create(admin, List.of(new NewTopic(topic, 1, (short) 1)));
        RecordMetadata position = serai.publish("doomed", event("doomed"), addressedTo(topic, 1));
        serai.publish("other", event("other"));

        assertThat(serai.replyTo("other").path("status").asText()).isEqualTo("started");
        serai.deadLetterOf(position);
        serai.awaitCommitted(position);
        try (TopicReader reader = new TopicReader(SharedBroker.bootstrapServers(), topic)) {
            ConsumerRecord<byte[], byte[]> reply = reader.await("a failure reply", any -> true);
            assertThat(Json.MAPPER
                            .readTree(reply.value())
                            .path("error")
                            .path("category")
                            .asText())
                    .isEqualTo("invalid_event");
        }
    }

    private static Header[] addressedTo(String topic, int partition) {
        return new Header[] {
            new RecordHeader("kafka_replyTopic", topic.getBytes(UTF_8)),
            new RecordHeader("kafka_replyPartition", new byte[] {0, 0, 0, (byte) partition})
        };
    }

    @Test
    void deadLetterOfATimeThatItsTopicDoesNotTake_isWrittenNow() throws Exception {
        serai.configureTopic(
                serai.settings().kafka().deadLetterTopic(),
                TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                "60000");
        long longAgo = System.currentTimeMillis() - 86_400_000;

        RecordMetadata position = serai.publish(new ProducerRecord<>(
                serai.settings().kafka().startTopic(),
                1,
                longAgo,
                "old".getBytes(UTF_8),
                event("old").getBytes(UTF_8)));

        assertThat(serai.replyTo("old").path("error").path("category").asText()).isEqualTo("expired");
        assertThat(serai.deadLetterOf(position).timestamp()).isGreaterThan(longAgo + 60_000);
        serai.awaitCommitted(position);
    }

    private static String event(String id) {
        JsonNode event = Json.MAPPER.createObjectNode().put("event_id", id).put("character_id", "c");
        return event.toString();
    }

    private RecordMetadata publishTo(int partition, String id) {
        return serai.publish(new ProducerRecord<>(
                serai.settings().kafka().startTopic(),
                partition,
                id.getBytes(UTF_8),
                event(id).getBytes(UTF_8)));
    }

    private static KafkaProducer<byte[], byte[]> transactional(String id, int seconds) {
        Map<String, Object> properties = new HashMap<>(KAFKA);
        properties.put("transactional.id", id);
        properties.put("transaction.timeout.ms", seconds * 1_000);
        KafkaProducer<byte[], byte[]> producer = Producers.with(properties);
        producer.initTransactions();
        return producer;
    }

    @SuppressWarnings("removal") // Kafka's other way to such an object is a consumer of the group
    private ConsumerGroupMetadata noMember() {
        return new ConsumerGroupMetadata(serai.settings().kafka().groupId());
    }

    private static double metric(SeraiService service, String name) {
        return Pages.metric(Pages.get(service.observeUri() + "/metrics").body(), name)
                .orElse(0);
    }
}
