package dev.serai.bench;

import dev.serai.Serai;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * The broker and the provider's stand-in that all contenders share.
 *
 * @param bootstrapServers of the broker
 */
record Servers(ChildProcess broker, String bootstrapServers, ChildProcess standIn, Provider provider)
        implements AutoCloseable {

    static final String API_KEY = "bench-api-key";

    /** What {@code ./serai} starts commands with. */
    static final String SERAI_CLASS_PATH = String.join(
            System.getProperty("path.separator"), "target/serai.jar", "target/lib/*", "target/lib-embedded/*");

    static Servers start(Workplace workplace) throws IOException {
        ChildProcess broker = startBroker(workplace);
        ChildProcess standIn = workplace.start(
                "standin",
                SERAI_CLASS_PATH,
                Serai.class,
                List.of("standin", "--port", "0"),
                Map.of("CONVAI_API_KEY", API_KEY));
        return new Servers(
                broker,
                awaitBootstrapServers(broker),
                standIn,
                new Provider(URI.create(standIn.awaitValue("CONVAI_BASE_URL"))));
    }

    static ChildProcess startBroker(Workplace workplace) throws IOException {
        return workplace.start(
                "broker",
                SERAI_CLASS_PATH,
                Serai.class,
                List.of(
                        "broker",
                        "--port",
                        "0",
                        "--data-dir",
                        workplace.folder().resolve("broker").toString()),
                Map.of());
    }

    /** Returns when the broker is ready. */
    static String awaitBootstrapServers(ChildProcess broker) throws IOException {
        return broker.awaitValue("KAFKA_BOOTSTRAP_SERVERS");
    }

    /** Starts a contender on its task. */
    ChildProcess startContender(Workplace workplace, Contender contender, ContenderTask task, Events events)
            throws IOException {
        return workplace.start(
                contender.label(),
                contender.isSerai() ? SERAI_CLASS_PATH : System.getProperty("java.class.path"),
                contender.mainClass(),
                contender.arguments(task, SourceFiles.write(workplace.folder(), events)),
                Map.of("CONVAI_API_KEY", API_KEY));
    }

    /**
     * Makes topics, and returns when the broker leads all their partitions. Until it does it refuses records; if it
     * refuses a producer's first batch and takes the second, it never takes the first one again.
     */
    void createTopics(int partitions, String... names) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            List<NewTopic> topics = new ArrayList<>();
            for (String name : names) {
                topics.add(new NewTopic(name, partitions, (short) 1));
                for (int partition = 0; partition < partitions; partition++) {
                    ends.put(new TopicPartition(name, partition), OffsetSpec.latest());
                }
            }
            admin.createTopics(topics).all().get();
            // Only a leader answers this; until then the client asks again.
            admin.listOffsets(ends).all().get();
        } catch (ExecutionException e) {
            throw new BenchFailure("the topics could not be made", e);
        }
    }

    @Override
    public void close() {
        provider.close();
        standIn.close();
        broker.close();
    }
}
