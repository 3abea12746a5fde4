package dev.serai.operate.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.Topics;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic of three partitions, of which the broker's answers leave some out as those of a cluster that has lost a broker do. */
@BesideOthers
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BrokerLookTest {
    private final String topic = "look." + UUID.randomUUID();
    private final Admin real = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()));
    private final List<TopicPartition> asked = new ArrayList<>();

    @BeforeEach
    void create() throws Exception {
        Topics.create(real, List.of(new NewTopic(topic, 3, (short) 1)));
    }

    @AfterEach
    void close() throws Exception {
        real.deleteTopics(List.of(topic)).all().get(20, TimeUnit.SECONDS);
        real.close();
    }

    private static <T> KafkaFuture<T> failed(Exception failure) {
        KafkaFutureImpl<T> future = new KafkaFutureImpl<>();
        future.completeExceptionally(failure);
        return future;
    }

    private static final class Described extends DescribeTopicsResult {
        Described(Map<String, KafkaFuture<TopicDescription>> byName) {
            super(null, byName);
        }
    }

    /** @param headless which the brokers say has no leader; -1: none, and likewise for the one whose leader does not answer */
    private Admin admin(int headless, List<Integer> silent, boolean answersAtAll) {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    if (method.getName().equals("describeCluster") && !answersAtAll) {
                        throw new TimeoutException("no broker answers");
                    }
                    Object result;
                    try {
                        result = method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (result instanceof DescribeTopicsResult described) {
                        Map<String, KafkaFuture<TopicDescription>> byName = new HashMap<>();
                        described
                                .topicNameValues()
                                .forEach((name, future) -> byName.put(
                                        name, future.thenApply(description -> without(description, headless))));
                        return new Described(byName);
                    }
                    if (result instanceof ListOffsetsResult offsets && arguments[0] instanceof Map<?, ?> wanted) {
                        Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> answers = new HashMap<>();
                        for (Object each : wanted.keySet()) {
                            TopicPartition partition = (TopicPartition) each;
                            asked.add(partition);
                            answers.put(
                                    partition,
                                    silent.contains(partition.partition())
                                            ? failed(new TimeoutException("Timed out waiting for a node assignment."))
                                            : offsets.partitionResult(partition));
                        }
                        return new ListOffsetsResult(answers);
                    }
                    return result;
                });
    }

    private static TopicDescription without(TopicDescription description, int headless) {
        return new TopicDescription(
                description.name(),
                false,
                description.partitions().stream()
                        .map(each -> each.partition() == headless
                                ? new TopicPartitionInfo(each.partition(), Node.noNode(), each.replicas(), List.of())
                                : each)
                        .toList());
    }

    @Test
    void partitionsThatCannotBeLookedAt_areLeftOut_named_andNotAskedForAgain() throws Exception {
        try (BrokerLook look = new BrokerLook(admin(1, List.of(2), true))) {
            for (int times = 0; times < 2; times++) {
                assertThat(look.extents(topic, Instant.EPOCH))
                        .singleElement()
                        .satisfies(extent -> assertThat(extent.partition()).isEqualTo(new TopicPartition(topic, 0)));
            }
            assertThat(look.partitions(topic)).isEqualTo(3);
            assertThat(look.unseen())
                    .containsEntry(topic + "-1", "has no leader")
                    .containsEntry(topic + "-2", "is not answered for: Timed out waiting for a node assignment.")
                    .hasSize(2);
        }
        assertThat(asked).doesNotContain(new TopicPartition(topic, 1));
        assertThat(asked.stream().filter(new TopicPartition(topic, 2)::equals)).hasSize(1);
    }

    @Test
    void noPartitionThatCanBeLookedAt_isNoFailure_asLongAsKafkaAnswers() throws Exception {
        try (BrokerLook look = new BrokerLook(admin(1, List.of(0, 2), true))) {
            assertThat(look.extents(topic, Instant.EPOCH)).isEmpty();
            assertThat(look.unseen()).hasSize(3);
        }
        try (BrokerLook look = new BrokerLook(admin(-1, List.of(0, 1, 2), false))) {
            assertThatThrownBy(() -> look.extents(topic, Instant.EPOCH)).isInstanceOf(TimeoutException.class);
        }
    }
}
