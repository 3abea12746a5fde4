package dev.serai.cli;

import dev.serai.testing.RouteFiles;
import dev.serai.testing.SharedBroker;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;

/** A deployment on the shared broker, with topics of its own and a stand-in as its provider; and a doctor. For one thread. */
final class DoctorTopics implements AutoCloseable {
    static final String KEY = "key-" + UUID.randomUUID();

    final String suffix = "." + UUID.randomUUID().toString().substring(0, 8);
    final String start = "start" + suffix;
    final String replies = "replies" + suffix;
    final String letters = "letters" + suffix;
    final String sessions = "sessions" + suffix;
    final String group = "doctor" + suffix;
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()));
    final Map<String, String> settings = new LinkedHashMap<>();

    private final Path folder;
    private final List<StandIn> open = new ArrayList<>();

    DoctorTopics(Path folder) throws Exception {
        this.folder = folder;
        settings.put("serai.kafka.bootstrap-servers", SharedBroker.bootstrapServers());
        settings.put("serai.connect.base-url", "http://127.0.0.1:1");
        settings.put("serai.connect.api-key-file", secret("api-key", KEY).toString());
        settings.put("serai.kafka.group-id", group);
        settings.put("serai.instance-id", "one");
        settings.put("serai.kafka.start-topic", start);
        settings.put("serai.kafka.reply-topic", replies);
        settings.put("serai.kafka.dead-letter-topic", letters);
        settings.put("serai.kafka.session-topic", sessions);
        settings.put("serai.kafka.job-topic", "jobs" + suffix);
        settings.put("serai.kafka.job-row-topic", "job-rows" + suffix);
        settings.put("serai.http.port", "0");
        settings.put("serai.routes-dir", RouteFiles.shippedFolder().toString());
    }

    /** As a start makes them, and as they should be. */
    void create() throws Exception {
        create(start, Map.of());
        create(replies, Map.of("retention.ms", "3600000"));
        create(letters, Map.of("retention.ms", "-1"));
        create(sessions, Map.of("cleanup.policy", "compact,delete", "retention.ms", "2592000000"));
    }

    /** As the first job makes them, on a broker that keeps records for a week if nothing else is said. */
    void createJobTopics() throws Exception {
        create("jobs" + suffix, Map.of("cleanup.policy", "compact", "retention.ms", "604800000"));
        create("job-rows" + suffix, Map.of("retention.ms", "2592000000"));
    }

    /** Returns when the broker knows it, with leaders. */
    void create(String topic, Map<String, String> config) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(2), Optional.empty()).configs(config)))
                .all()
                .get(20, TimeUnit.SECONDS);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(() ->
                        admin.describeTopics(List.of(topic)).allTopicNames().get(20, TimeUnit.SECONDS).values().stream()
                                .flatMap(found -> found.partitions().stream())
                                .allMatch(partition -> partition.leader() != null));
        config.forEach((name, value) -> awaitConfig(topic, name, value));
    }

    /** Returns when the broker knows it. */
    void configure(String topic, String name, String value) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        resource(topic),
                        List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all()
                .get(20, TimeUnit.SECONDS);
        awaitConfig(topic, name, value);
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private void awaitConfig(String topic, String name, String value) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(() ->
                        admin
                                .describeConfigs(List.of(resource(topic)))
                                .all()
                                .get(20, TimeUnit.SECONDS)
                                .values()
                                .stream()
                                .allMatch(config -> config.get(name).value().equals(value)));
    }

    /** The provider, which takes {@link #KEY}. */
    StandIn provider(StandInOptions options) {
        StandIn standIn = StandIn.start(options);
        open.add(standIn);
        settings.put("serai.connect.base-url", standIn.baseUrl().toString());
        return standIn;
    }

    /** A file that only this user may read. */
    Path secret(String name, String content) throws Exception {
        Path file = Files.writeString(folder.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /** Runs {@code serai doctor …}; what it says is in {@link #out} and {@link #err}, and nothing else. */
    int execute(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return SeraiCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments(arguments).toArray(String[]::new));
    }

    /** Of the command line. */
    List<String> arguments(String... own) {
        List<String> all = new ArrayList<>(List.of("doctor", "--config", "/dev/null"));
        all.addAll(List.of(own));
        new HashMap<>(settings).forEach((key, value) -> all.addAll(List.of("--set", key + "=" + value)));
        return all;
    }

    /** Those that begin so, as in {@code "error retention"}. */
    List<String> lines(String status, String check) {
        String begin = status + " ".repeat(9 - status.length()) + check;
        return out.toString().lines().filter(line -> line.startsWith(begin)).toList();
    }

    @Override
    public void close() {
        open.forEach(StandIn::close);
        admin.close();
    }
}
