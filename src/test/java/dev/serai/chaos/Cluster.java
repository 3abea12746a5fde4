package dev.serai.chaos;

import static java.util.stream.Collectors.partitioningBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.JavaProcess;
import dev.serai.testing.LogTail;
import dev.serai.trial.guarantee.Callers;
import dev.serai.trial.guarantee.Interruption;
import dev.serai.trial.guarantee.Kill;
import dev.serai.trial.guarantee.NoSecretElsewhere;
import dev.serai.trial.guarantee.SecretSearch;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A broker and replicas of the service, each in a process of its own, and the provider's stand-in in this one. Each replica
 * has its own link to the broker, this process reaches it directly. For one thread; what it started ends with it or, if
 * nobody closes it, with this JVM.
 */
final class Cluster implements AutoCloseable {
    /** So that calls are in progress at any time. */
    private static final Duration MIN_LATENCY = Duration.ofMillis(20);

    private static final Duration MAX_LATENCY = Duration.ofMillis(50);

    /** Of the start topic. */
    static final int PARTITIONS = 8;

    static final String START_TOPIC = "conversation.start";

    private static final int LOG_LINES = 60;

    /** Kafka's clients give up a request after {@code request.timeout.ms}, and its connection with it. */
    private static final Duration CLIENTS_NOTICE_WITHIN = Duration.ofSeconds(30);

    private final Path directory;
    private final FreePorts ports = new FreePorts();
    private final int brokerPort = ports.next();
    private final List<ChaosBroker.LinkPorts> linkPorts = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private final StandInOptions options = StandInOptions.defaults();
    private final StandIn provider = StandIn.start(options);
    private final Callers callers = new Callers(provider);
    private final Map<String, JavaProcess> processes = new LinkedHashMap<>();
    private final Map<String, Integer> starts = new HashMap<>();
    private int brokerStarts;
    private final List<Replica> running = new ArrayList<>();
    private final Map<String, Link> linkOf = new HashMap<>();
    private final List<Kill> kills = new ArrayList<>();
    private final List<Interruption> interruptions = new ArrayList<>();
    private final Thread hook = new Thread(this::endProcesses, "end-chaos");
    private JavaProcess broker;

    /**
     * Starts a broker and a stand-in, and returns when the topics are there.
     *
     * @param replicas at most, those included that have left
     */
    Cluster(Path directory, int replicas) throws IOException {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(hook);
        provider.latency(MIN_LATENCY, MAX_LATENCY);
        try {
            for (int i = 0; i < replicas; i++) {
                ChaosBroker.LinkPorts link = new ChaosBroker.LinkPorts(ports.next(), ports.next());
                linkPorts.add(link);
                links.add(Link.open(link.advertised(), link.listener()));
            }
            broker = startBroker();
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** For this process; replicas have {@link #links} instead. */
    String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    /** The first belongs to the first replica, and so on. */
    List<Link> links() {
        return List.copyOf(links);
    }

    private Link link(String instanceId) {
        return linkOf.computeIfAbsent(instanceId, id -> links.get(linkOf.size()));
    }

    StandIn provider() {
        return provider;
    }

    List<Kill> kills() {
        return List.copyOf(kills);
    }

    List<Interruption> interruptions() {
        return List.copyOf(interruptions);
    }

    /** The replicas that were not stopped, each in its latest process; never changed by the caller. */
    List<Replica> running() throws IOException {
        for (Replica replica : List.copyOf(running)) {
            if (replica.hasGivenUpItsStart()) {
                running.remove(replica);
                start(replica.instanceId());
            }
        }
        return List.copyOf(running);
    }

    /** Adds a replica and does not wait until it is ready. */
    Replica join() throws IOException {
        return start("replica-" + (starts.size() + 1));
    }

    private Replica start(String instanceId) throws IOException {
        // With it open sessions are kept in the session topic, sealed.
        Path keys = Files.writeString(
                directory.resolve("sessions.key"), Base64.getEncoder().encodeToString(new byte[32]));
        int number = starts.merge(instanceId, 1, Integer::sum);
        String processId = instanceId + "-" + number;
        Replica replica = Replica.start(
                instanceId,
                processId,
                "127.0.0.1:" + link(instanceId).port(),
                callers.admit(processId),
                options.apiKey(),
                List.of("serai.sessions.key-file=" + keys));
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

    /** Keeps a replica's process from running for some time, and returns when it runs again. */
    void freeze(Replica victim, Duration time) throws IOException, InterruptedException {
        Instant from = Instant.now();
        freeze(victim.process(), time);
        interruptions.add(new Interruption(victim.processId(), from, Instant.now()));
    }

    void freezeBroker(Duration time) throws IOException, InterruptedException {
        freeze(broker, time);
    }

    private static void freeze(JavaProcess process, Duration time) throws IOException, InterruptedException {
        process.freeze();
        try {
            Thread.sleep(time);
        } finally {
            process.thaw();
        }
    }

    /** Cuts a replica off from the broker for some time, and returns when it has a way again. */
    void cutOff(Replica victim, Link.Cut how, Duration time) throws IOException, InterruptedException {
        Link link = link(victim.instanceId());
        Instant from = Instant.now();
        link.cut(how);
        try {
            Thread.sleep(time);
        } finally {
            link.mend();
        }
        Instant until = how == Link.Cut.FORGOTTEN ? Instant.now().plus(CLIENTS_NOTICE_WITHIN) : Instant.now();
        interruptions.add(new Interruption(victim.processId(), from, until));
    }

    /** Stops a replica, and returns when it has ended. */
    void leave(Replica leaver) throws InterruptedException {
        running.remove(leaver);
        leaver.stop();
    }

    Replica any(Random random) throws IOException {
        List<Replica> all = running();
        return all.get(random.nextInt(all.size()));
    }

    Callers callers() {
        return callers;
    }

    /** Where tokens and session ids of rooms are, besides the reply topic: files of the broker, logs of processes. */
    NoSecretElsewhere secrets() throws IOException {
        SecretSearch search = SecretSearch.forAnswers(provider.calls());
        Map<Boolean, List<String>> found = search.inFiles(directory).stream()
                .collect(partitioningBy(file -> file.contains("conversation.replies-")));
        List<String> leaks = new ArrayList<>(found.get(false));
        processes.forEach((name, process) -> {
            long there = search.in(process.errors());
            if (there > 0) {
                leaks.add("log of " + name + ": " + there);
            }
        });
        System.out.println(
                search.secrets() + " tokens' signatures and session ids looked for; files of the reply topic: "
                        + found.get(true).size() + ", elsewhere: " + leaks);
        return new NoSecretElsewhere(search.secrets(), found.get(true).size(), leaks);
    }

    void stopBroker() throws InterruptedException {
        broker.terminate();
        assertThat(broker.exitCode()).as("exit code of the broker").isEqualTo(143);
    }

    /** Starts the broker again, on its port and its data. */
    void restartBroker() throws IOException {
        broker = startBroker();
    }

    /**
     * Kills the broker, cuts off the ends of logs of the start topic, and starts the broker again.
     *
     * @param records to be cut off at least, by partition
     * @return what is gone, by partition
     */
    SortedMap<Integer, LogTail.Lost> truncate(SortedMap<Integer, Integer> records)
            throws IOException, InterruptedException {
        broker.kill();
        broker.exitCode();
        SortedMap<Integer, LogTail.Lost> lost = new TreeMap<>();
        for (var partition : records.entrySet()) {
            Path log = brokerDirectory().resolve(START_TOPIC + "-" + partition.getKey());
            lost.put(partition.getKey(), LogTail.cut(log, partition.getValue()));
        }
        restartBroker();
        return lost;
    }

    private Path brokerDirectory() {
        return directory.resolve("broker");
    }

    private JavaProcess startBroker() throws IOException {
        JavaProcess process = JavaProcess.start(
                JavaProcess.classPath(),
                ChaosBroker.class,
                ChaosBroker.arguments(brokerPort, PARTITIONS, brokerDirectory(), linkPorts));
        synchronized (processes) {
            processes.put("broker-" + ++brokerStarts, process);
        }
        assertThat(process.readLine()).isEqualTo("KAFKA_BOOTSTRAP_SERVERS=" + bootstrapServers());
        return process;
    }

    /** The whole log of every process, each as a file of its own. */
    void copyLogs(Path target) throws IOException {
        for (var process : processes.entrySet()) {
            process.getValue().copyErrors(target.resolve(process.getKey() + ".log"));
        }
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
        links.forEach(Link::close);
        provider.close();
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
