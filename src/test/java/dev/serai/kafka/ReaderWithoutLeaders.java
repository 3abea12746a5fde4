package dev.serai.kafka;

import dev.serai.kafka.CompactedTopicReader.Gap;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;

/** Makes readers of topics of which the broker says that some partitions have no leader. */
public final class ReaderWithoutLeaders {
    private ReaderWithoutLeaders() {}

    /**
     * Makes a reader that fails over gaps.
     *
     * @param leaderless may change
     */
    public static CompactedTopicReader of(Map<String, Object> kafka, String topic, Set<Integer> leaderless) {
        return new CompactedTopicReader(
                kafka,
                topic,
                Gap.FAIL,
                Duration.ofSeconds(15),
                settings -> without(Admin.create(settings), leaderless));
    }

    private static Admin without(Admin real, Set<Integer> leaderless) {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    Object result;
                    try {
                        result = method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    return result instanceof DescribeTopicsResult described
                            ? new Described(described, leaderless)
                            : result;
                });
    }

    private static final class Described extends DescribeTopicsResult {
        Described(DescribeTopicsResult real, Set<Integer> leaderless) {
            super(null, new HashMap<>(real.topicNameValues()));
            topicNameValues().replaceAll((name, asked) -> asked.thenApply(topic -> without(topic, leaderless)));
        }

        private static TopicDescription without(TopicDescription topic, Set<Integer> leaderless) {
            return new TopicDescription(
                    topic.name(),
                    false,
                    topic.partitions().stream()
                            .map(each -> leaderless.contains(each.partition())
                                    ? new TopicPartitionInfo(
                                            each.partition(), Node.noNode(), each.replicas(), each.isr())
                                    : each)
                            .toList(),
                    null,
                    topic.topicId());
        }
    }
}
