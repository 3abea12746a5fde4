package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.operate.doctor.Found;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.Topics;
import dev.serai.wire.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What runs of {@code serai prove} leave behind that were killed themselves. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ProveLeftoversTest {
    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
    private static final Duration OLD = Duration.ofHours(5);

    private final String prefix = "proved." + UUID.randomUUID().toString().substring(0, 8);
    private final Admin admin = Admin.create(KAFKA);
    private final KafkaProducer<byte[], byte[]> producer = Producers.with(KAFKA);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void close() throws Exception {
        admin.deleteTopics(topics()).all().get(20, TimeUnit.SECONDS);
        producer.close();
        admin.close();
    }

    private int prove(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("prove", "--config", "/dev/null", "--prefix", prefix));
        all.addAll(List.of("--set", "serai.kafka.bootstrap-servers=" + SharedBroker.bootstrapServers()));
        all.addAll(List.of(arguments));
        return SeraiCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    /** The broker knows it somewhat later than whoever was answered. */
    private void awaitTopics(String... names) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(topics())
                .containsExactlyInAnyOrder(names));
    }

    private Set<String> topics() throws Exception {
        Set<String> own = new TreeSet<>(admin.listTopics().names().get(20, TimeUnit.SECONDS));
        own.removeIf(name -> !name.startsWith(prefix));
        return own;
    }

    private void create(String... names) throws Exception {
        for (String name : names) {
            Topics.create(admin, List.of(new NewTopic(prefix + name, 2, (short) 1)));
        }
        Set<String> created = Arrays.stream(names).map(name -> prefix + name).collect(Collectors.toSet());
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> topics().containsAll(created));
    }

    private void write(String name, Duration ago) throws Exception {
        long at = Instant.now().minus(ago).toEpochMilli();
        producer.send(new ProducerRecord<>(prefix + name, 0, at, null, new byte[] {1}))
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void clean_removesWhatOldRunsHaveLeft_andNothingElse() throws Exception {
        create("-00000a.start", "-00000a.replies", "-00000a.dead-letters", "-00000a.sessions");
        write("-00000a.start", OLD);
        write("-00000a.replies", OLD.plusHours(1));
        create("-00000b.start", "-00000b.replies");
        write("-00000b.start", OLD);
        write("-00000b.replies", Duration.ofHours(4));
        create("-00000c.start");
        create("-mine.start", "-00000a.mine", "x-00000a.start", "-00000A.start");
        write("-mine.start", OLD);

        assertThat(prove("--clean")).as(err.toString()).isEqualTo(ExitCode.FAILED);

        awaitTopics(
                prefix + "-00000b.start",
                prefix + "-00000b.replies",
                prefix + "-00000c.start",
                prefix + "-mine.start",
                prefix + "-00000a.mine",
                prefix + "x-00000a.start",
                prefix + "-00000A.start");
        assertThat(out.toString())
                .contains(
                        "removed   " + prefix + "-00000a",
                        "left      " + prefix + "-00000b (it was written to at ",
                        "left      " + prefix + "-00000c (its topics have no records");
        assertThat(prove("--clean", "--json")).isEqualTo(ExitCode.FAILED);
        JsonNode json = Json.MAPPER.readTree(out.toString());
        assertThat(json.path("removed")).isEmpty();
        assertThat(json.path("left")).hasSize(2);
    }

    @Test
    void runWhoseReplicasRunOn_isLeft() throws Exception {
        create("-00000d.start");
        write("-00000d.start", OLD);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", SharedBroker.bootstrapServers(), "group.id", prefix + "-00000d");
        try (var replica = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            replica.subscribe(List.of(prefix + "-00000d.start"));
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                replica.poll(Duration.ofMillis(100));
                return !replica.assignment().isEmpty();
            });

            assertThat(prove("--clean")).isEqualTo(ExitCode.FAILED);

            assertThat(out.toString()).contains("1 of its replicas run on: end them, pgrep -f " + prefix + "-00000d");
            assertThat(topics()).containsExactly(prefix + "-00000d.start");
        }
        assertThat(prove("--clean")).as(out.toString()).isEqualTo(ExitCode.OK);
        awaitTopics();
        assertThat(prove("--clean")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("nothing is left of runs of " + prefix);
    }

    /** It says so before it begins; what it begins with here is refused. */
    @Test
    void nextRun_namesWhatIsThere(@TempDir Path withoutRoutes) throws Exception {
        create("-00000e.start");
        write("-00000e.start", OLD);

        prove("--set", "serai.routes-dir=" + withoutRoutes);

        assertThat(err.toString())
                .contains(
                        "topics of 1 other run of ./serai prove are there: " + prefix + "-00000e",
                        "./serai prove --clean --prefix " + prefix);
    }

    @Test
    void doctor_isToldOfThoseThatAreOver() throws Exception {
        create("-00000f.start", "-000010.start");
        write("-00000f.start", OLD);
        write("-000010.start", Duration.ZERO);

        assertThat(new ProveLeftovers(KAFKA, prefix).found()).get().satisfies(found -> {
            assertThat(found.status()).isEqualTo(Found.Status.WARNING);
            assertThat(found.text()).contains(prefix + "-00000f;");
        });
    }

    @Test
    void clean_doesNothingElse() {
        assertThat(prove("--clean", "--keep")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("--clean");
    }
}
