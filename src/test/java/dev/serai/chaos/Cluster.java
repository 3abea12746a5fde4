package dev.serai.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.guarantee.Kill;
import dev.serai.guarantee.SeenCall;
import dev.serai.standin.RecordedCall;
import dev.serai.standin.StandIn;
import dev.serai.standin.StandInOptions;
import dev.serai.testing.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A broker and replicas of the service, each in a process of its own, and the provider's stand-in in this one. For one
 * thread; what it started ends with it or, if nobody closes it, with this JVM.
 */
final class Cluster implements AutoCloseable {
    /** So that calls are in progress at any time. */
    private static final Duration MIN_LATENCY = Duration.ofMillis(20);

    private static final Duration MAX_LATENCY = Duration.ofMillis(50);

    private static final int PARTITIONS = 8;

    private static final int LOG_LINES = 60;

    private final Path directory;
    private final int brokerPort = freePort();
    private final StandInOptions options = StandInOptions.defaults();
    private final StandIn provider = StandIn.start(options);
    private final Map<String, JavaProcess> processes = new LinkedHashMap<>();
    private final Map<String, Integer> starts = new HashMap<>();
    private int brokerStarts;
    private final List<Replica> running = new ArrayList<>();
    private final List<Kill> kills = new ArrayList<>();
    private final Thread hook = new Thread(this::endProcesses, "end-chaos");
    private JavaProcess broker;

    /** Starts a broker and a stand-in, and returns when the topics are there. */
    Cluster(Path directory) throws IOException {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(hook);
        provider.latency(MIN_LATENCY, MAX_LATENCY);
        try {
            broker = startBroker();
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    StandIn provider() {
        return provider;
    }

    List<Kill> kills() {
        return List.copyOf(kills);
    }

    /** The replicas that were not stopped; never changed by the caller. */
    List<Replica> running() {
        return List.copyOf(running);
    }

    /** Adds a replica and does not wait until it is ready. */
    Replica join() throws IOException {
        return start("replica-" + (starts.size() + 1));
    }

    private Replica start(String instanceId) throws IOException {
        int number = starts.merge(instanceId, 1, Integer::sum);
        Replica replica =
                Replica.start(instanceId, number, bootstrapServers(), provider.port(), options.apiKey(), directory);
        synchronized (processes) {
            processes.put(replica.processId(), replica.process());
        }
        running.add(replica);
        return replica;
    }

    /** Ends a replica's process without any warning, and starts its next one. */
    Replica killAndRestart(Replica victim) throws IOException, InterruptedException {
        running.remove(victim);
        victim.kill();
        kills.add(new Kill(victim.processId(), Instant.now()));
        return start(victim.instanceId());
    }

    /** Stops a replica, and returns when it has ended. */
    void leave(Replica leaver) throws InterruptedException {
        running.remove(leaver);
        leaver.stop();
    }

    Replica any(Random random) {
        return running.get(random.nextInt(running.size()));
    }

    /** How many calls of that process are in progress at the stand-in. */
    long callsInProgress(Replica replica) {
        return provider.calls().stream()
                .filter(call -> call.endedAt() == null && SeenCall.process(call).equals(replica.processId()))
                .count();
    }

    /** Whether that process has called the stand-in at least once: it has partitions, and works. */
    boolean hasCalled(Replica replica) {
        return provider.calls().stream().anyMatch(call -> SeenCall.process(call).equals(replica.processId()));
    }

    /**
     * Every call so far, oldest first.
     *
     * @throws IllegalStateException if there were more than the stand-in keeps
     */
    List<SeenCall> calls() {
        List<RecordedCall> calls = provider.calls();
        if (!calls.isEmpty() && calls.getFirst().number() > 1) {
            throw new IllegalStateException("the stand-in has dropped calls up to number "
                    + (calls.getFirst().number() - 1));
        }
        return calls.stream().map(SeenCall::of).toList();
    }

    void stopBroker() throws InterruptedException {
        broker.terminate();
        assertThat(broker.exitCode()).as("exit code of the broker").isEqualTo(143);
    }

    /** Starts the broker again, on its port and its data. */
    void restartBroker() throws IOException {
        broker = startBroker();
    }

    private JavaProcess startBroker() throws IOException {
        JavaProcess process = JavaProcess.start(
                JavaProcess.classPath(),
                Serai.class,
                "broker",
                "--port",
                Integer.toString(brokerPort),
                "--set",
                "serai.kafka.partitions=" + PARTITIONS,
                "--data-dir",
                directory.resolve("broker").toString());
        synchronized (processes) {
            processes.put("broker-" + ++brokerStarts, process);
        }
        assertThat(process.readLine()).isEqualTo("KAFKA_BOOTSTRAP_SERVERS=" + bootstrapServers());
        return process;
    }

    /** The end of every process's log. */
    String logs() {
        StringBuilder logs = new StringBuilder();
        processes.forEach((name, process) -> logs.append("--- ")
                .append(name)
                .append(process.hasEnded() ? " (ended)" : "")
                .append(System.lineSeparator())
                .append(process.lastErrors(LOG_LINES))
                .append(System.lineSeparator()));
        return logs.toString();
    }

    private void endProcesses() {
        synchronized (processes) {
            processes.values().forEach(JavaProcess::close);
        }
    }

    @Override
    public void close() {
        endProcesses();
        provider.close();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
