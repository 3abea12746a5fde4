package dev.serai.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.Topics;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is known of topics when Kafka answers, and when it does not. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class OutgoingTopicsTest {
    private volatile boolean isAway;
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()));
    private final Admin away = Admin.create(Map.of("bootstrap.servers", "localhost:1"));
    private final OutgoingTopics topics = new OutgoingTopics((Admin) Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, arguments) -> method.invoke(isAway ? away : admin, arguments)));
    private final String topic = "replies-" + UUID.randomUUID();

    @BeforeEach
    void create() throws Exception {
        Topics.create(admin, List.of(new NewTopic(topic, 8, (short) 1)));
    }

    @AfterEach
    void close() {
        away.close();
        admin.close();
    }

    @Test
    void topicOfWhichKafkaSaysNothing_hasThePartitionsThatItHad() throws Exception {
        assertThat(topics.partitions(topic, 1)).isEqualTo(8);
        isAway = true;
        assertThat(topics.see(Set.of(topic)).refuses(new TopicPartition(topic, 7)))
                .isFalse();

        assertThat(topics.partitions(topic, 13)).isEqualTo(8);
    }

    @Test
    void topicOfWhichNothingWasEverKnown_refusesNothing() throws Exception {
        isAway = true;

        assertThat(topics.partitions(topic, 13)).isZero();
        topics.requireWritable(List.of(recordFor(12)));
    }

    @Test
    void partition_isRefusedOnlyWhenKafkaHasSaidThatItIsNotThere() throws Exception {
        assertThat(topics.partitions(topic, 1)).isEqualTo(8);
        assertThatThrownBy(() -> topics.requireWritable(List.of(recordFor(12))))
                .isInstanceOfSatisfying(
                        RecordRefusedException.class,
                        refused -> assertThat(refused.isWithoutPartition()).isTrue());

        isAway = true;
        assertThatCode(() -> topics.requireWritable(List.of(recordFor(12)))).doesNotThrowAnyException();
        assertThat(topics.see(Set.of(topic)).refusal(recordFor(12))).isNull();

        isAway = false;
        assertThat(topics.see(Set.of(topic)).refusal(recordFor(12))).isNotNull();
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(13)))
                .all()
                .get();
        // The controller answers before the broker knows.
        await().ignoreException(RecordRefusedException.class).until(() -> {
            topics.requireWritable(List.of(recordFor(12)));
            return true;
        });
    }

    private ProducerRecord<byte[], byte[]> recordFor(int partition) {
        return new ProducerRecord<>(topic, partition, null, "x".getBytes(UTF_8));
    }
}
