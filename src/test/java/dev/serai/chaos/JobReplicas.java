package dev.serai.chaos;

import dev.serai.Serai;
import dev.serai.batch.Job;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobsReader;
import dev.serai.testing.JavaProcess;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Replicas of the service as processes that run jobs, with a Kafka and a stand-in of their own. For one thread. */
final class JobReplicas implements AutoCloseable {
    static final JobTopics TOPICS = new JobTopics("conversation.jobs", "conversation.job-rows");

    private final StandInOptions options = StandInOptions.defaults().withPort(0);
    private final Map<String, JavaProcess> replicas = new HashMap<>();
    private final EmbeddedBroker broker;
    private final StandIn provider;

    JobReplicas(Path directory) {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        provider = StandIn.start(options);
        provider.latency(Duration.ofMillis(1), Duration.ofMillis(5));
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
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(
                ServiceSettings.of(name, bootstrapServers(), provider.baseUrl().toString()));
        JavaProcess replica = JavaProcess.start(
                JavaProcess.classPath(),
                Map.of("CONVAI_API_KEY", options.apiKey()),
                Serai.class,
                arguments.toArray(String[]::new));
        JavaProcess before = replicas.put(name, replica);
        if (before != null) {
            before.close();
        }
        replica.awaitErrors("Ready: ");
    }

    /** Kills the replica that has the job, as it is known, and starts it again. */
    void killOwner(JobRun run) throws Exception {
        JavaProcess owner = replicas.get(run.by());
        owner.kill();
        owner.exitCode();
        start(run.by());
    }

    /** What the fleet has said of a job; null if it has said nothing yet. */
    @Nullable
    JobRun run(String job) {
        return JobsReader.find(kafka(), TOPICS.jobs(), job).map(Job::run).orElse(null);
    }

    /** Ends all of them in order. */
    List<Integer> exitCodes() throws Exception {
        List<Integer> codes = new ArrayList<>();
        for (JavaProcess replica : replicas.values()) {
            replica.terminate();
            codes.add(replica.exitCode());
        }
        return codes;
    }

    @Override
    public void close() {
        replicas.values().forEach(JavaProcess::close);
        provider.close();
        broker.close();
    }
}
