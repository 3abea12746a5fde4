package dev.serai.chaos;

import static org.awaitility.Awaitility.await;

import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * Replicas of the service as processes that are killed and started again, with a Kafka and a stand-in of their own. The moments
 * come from a seed, which is printed: {@code -Dserai.chaos.seed=N} draws the same. For one thread.
 */
final class Replicas implements AutoCloseable {
    /** A killed process is a member of its groups for 45 s. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final long seed = Long.getLong("serai.chaos.seed", new Random().nextInt(1_000_000));
    private final StandInOptions options = StandInOptions.defaults().withPort(0);
    private final Map<String, Replica> running = new LinkedHashMap<>();
    private final List<String> settings;
    private final EmbeddedBroker broker;
    private final StandIn provider;

    /** Starts none yet; each will have these settings beside those of {@link ServiceSettings}. */
    Replicas(Path directory, String... settings) {
        System.out.println("serai.chaos.seed=" + seed);
        this.settings = List.of(settings);
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        provider = StandIn.start(options);
        provider.latency(Duration.ofMillis(1), Duration.ofMillis(5));
    }

    long seed() {
        return seed;
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", bootstrapServers());
    }

    StandIn provider() {
        return provider;
    }

    /** Starts a replica, also in place of one that has ended, and waits until it is ready. */
    void start(String name) throws IOException {
        Replica replica = Replica.start(name, name, bootstrapServers(), provider.baseUrl(), options.apiKey(), settings);
        Replica before = running.put(name, replica);
        if (before != null) {
            before.process().close();
        }
        replica.process().awaitErrors("Ready: ");
    }

    /** SIGKILL; returns when its next process is ready. */
    void killAndRestart(String name) throws IOException, InterruptedException {
        running.get(name).kill();
        start(name);
    }

    /** Kills it so often, each time when there is more progress than after the last start by a number that is drawn. */
    void killAtDrawnMoments(String name, int kills, IntSupplier progress, int mostBetween)
            throws IOException, InterruptedException {
        Random random = new Random(seed);
        for (int kill = 0; kill < kills; kill++) {
            int moment = progress.getAsInt() + 1 + random.nextInt(mostBetween);
            await("progress before a kill").atMost(PATIENCE).until(() -> progress.getAsInt() >= moment);
            killAndRestart(name);
        }
    }

    /** Ends all of them in order. */
    void stop() throws InterruptedException {
        for (Replica replica : running.values()) {
            replica.stop();
        }
    }

    @Override
    public void close() {
        running.values().forEach(replica -> replica.process().close());
        provider.close();
        broker.close();
    }
}
