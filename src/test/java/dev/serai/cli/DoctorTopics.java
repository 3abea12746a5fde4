package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.RouteFiles;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.Topics;
import dev.serai.testing.TypedCommands;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A deployment on the shared broker, with topics of its own and a stand-in as its provider; and a doctor. For one thread. */
final class DoctorTopics implements AutoCloseable {
    static final String KEY = "key-" + UUID.randomUUID();

    final String suffix = "." + UUID.randomUUID().toString().substring(0, 8);
    final String start = "start" + suffix;
    final String replies = "replies" + suffix;
    final String letters = "letters" + suffix;
    final String sessions = "sessions" + suffix;
    final String group = "doctor" + suffix;
    final TypedCommands commands = new TypedCommands();
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
        // The retention is Kafka's default, which is not that of the embedded broker.
        create("jobs" + suffix, Map.of("cleanup.policy", "compact", "retention.ms", "604800000"));
        create("job-rows" + suffix, Map.of("retention.ms", "2592000000"));
    }

    /** Returns when the broker knows it, with leaders. */
    void create(String topic, Map<String, String> config) throws Exception {
        Topics.create(admin, List.of(new NewTopic(topic, Optional.of(2), Optional.empty()).configs(config)));
    }

    /** Returns when the broker knows it. */
    void configure(String topic, String name, String value) throws Exception {
        Topics.configure(admin, topic, name, value);
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

    /** Runs {@code serai doctor …}; what it says is all that {@link #commands} keep. */
    int execute(String... arguments) {
        commands.forget();
        return commands.run(arguments(arguments));
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
        return commands.out().lines().filter(line -> line.startsWith(begin)).toList();
    }

    /** The only one that begins so. */
    String line(String status, String check) {
        assertThat(lines(status, check)).as("%s %s", status, check).hasSize(1);
        return lines(status, check).getFirst();
    }

    @Override
    public void close() {
        open.forEach(StandIn::close);
        admin.close();
    }
}
