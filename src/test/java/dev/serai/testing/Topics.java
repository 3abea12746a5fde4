package dev.serai.testing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;

/** Makes topics. */
public final class Topics {
    private Topics() {}

    /** With the broker's defaults; returns when the broker knows them, which is a little later than the controller does. */
    public static void create(String bootstrapServers, int partitions, String... names) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(Stream.of(names)
                            .map(name -> new NewTopic(name, Optional.of(partitions), Optional.empty()))
                            .toList())
                    .all()
                    .get(20, TimeUnit.SECONDS);
            Awaitility.await(String.join(", ", names))
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptionsInstanceOf(ExecutionException.class)
                    .until(() ->
                            admin
                                    .describeTopics(List.of(names))
                                    .allTopicNames()
                                    .get(20, TimeUnit.SECONDS)
                                    .values()
                                    .stream()
                                    .flatMap(topic -> topic.partitions().stream())
                                    .allMatch(partition -> partition.leader() != null));
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("Kafka has not made " + String.join(", ", names), e);
        }
    }
}
