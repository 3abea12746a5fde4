package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.SecuredBroker;
import dev.serai.testing.SecuredBroker.Right;
import dev.serai.testing.StartEvents;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.testing.TypedCommands;
import dev.serai.wire.DeadLetter;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever lacks one of the rights that {@code dead-letters} needs is refused, is told which, and has published nothing. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@LeftToCi
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeadLettersRightsTest {
    private static final String MARKS = "letters.replayed";
    private static final Right READS = Right.topic("letters", AclOperation.READ);
    private static final Right PUBLISHES = Right.topic("start", AclOperation.WRITE);
    private static final Right MARKS_CREATED = Right.topic(MARKS, AclOperation.CREATE);
    private static final Right MARKS_READ = Right.topic(MARKS, AclOperation.READ);
    private static final Right MARKS_WRITTEN = Right.topic(MARKS, AclOperation.WRITE);
    private static final Right TRANSACTIONS = Right.transactions(MARKS, AclOperation.WRITE);

    @TempDir
    private static Path directory;

    @AutoClose
    private static SecuredBroker broker;

    private final TypedCommands commands = new TypedCommands();

    @BeforeAll
    static void start() throws Exception {
        broker = SecuredBroker.start();
        Topics.create(broker.openServers(), 1, "start", "letters");
        byte[] key = "caller-1".getBytes(UTF_8);
        byte[] event = "{\"event_id\":\"e1\",\"character_id\":\"c\"}".getBytes(UTF_8);
        Instant now = Instant.now();
        var letter = new ProducerRecord<>("letters", key, event);
        new DeadLetter(
                        new OriginalRecord("start", 0, 0, now, key, event, List.of()),
                        Failure.of(ErrorCategory.PROVIDER_UNAVAILABLE, "it answers 503"),
                        4,
                        now)
                .headers()
                .forEach(header -> letter.headers().add(header.name(), header.value()));
        StartEvents.publish(broker.openServers(), letter);
        broker.addUser("stranger");
        broker.addUser("reader", READS);
        broker.addUser("no-start", READS, MARKS_CREATED, MARKS_READ, MARKS_WRITTEN, TRANSACTIONS);
        broker.addUser("no-topic-of-marks", READS, PUBLISHES, TRANSACTIONS);
        broker.addUser("no-marks", READS, PUBLISHES, MARKS_CREATED, MARKS_READ, TRANSACTIONS);
        broker.addUser("no-transactions", READS, PUBLISHES, MARKS_CREATED, MARKS_READ, MARKS_WRITTEN);
        broker.addUser("on-call", READS, PUBLISHES, MARKS_CREATED, MARKS_READ, MARKS_WRITTEN, TRANSACTIONS);
    }

    private int execute(String user, String... arguments) {
        List<String> settings = new ArrayList<>(broker.settingsOf(user, directory));
        settings.add("serai.kafka.start-topic=start");
        settings.add("serai.kafka.dead-letter-topic=letters");
        return commands.run(settings, "dead-letters", arguments);
    }

    private static int published() {
        try (TopicReader start = new TopicReader(broker.openServers(), "start")) {
            return start.all().size();
        }
    }

    @Test
    void reader_isToldTheLetters() {
        assertThat(execute("reader", "list")).as(commands.err()).isEqualTo(ExitCode.OK);

        assertThat(commands.out()).contains("provider_unavailable");
        assertThat(commands.err())
                .contains(
                        "which of the letters were replayed is not known: this client has no READ on letters.replayed");
    }

    @Test
    void whoeverMayReadNothing_isToldSo() {
        assertThat(execute("stranger", "list")).isEqualTo(ExitCode.REFUSED);

        assertThat(commands.err()).contains("letters").doesNotContain("\tat ", SecuredBroker.PASSWORD);
    }

    @ParameterizedTest
    @CsvSource({
        "no-start, start",
        "no-topic-of-marks, letters.replayed",
        "no-marks, letters.replayed",
        "no-transactions, transactional id letters.replayed"
    })
    void replayWithoutARight_isRefused_andPublishesNothing(String user, String named) {
        int before = published();

        assertThat(execute(user, "replay", "--yes", "--reason", "outage"))
                .as(commands.err())
                .isEqualTo(ExitCode.REFUSED);

        assertThat(commands.err()).contains(named).doesNotContain("\tat ", SecuredBroker.PASSWORD);
        assertThat(published()).isEqualTo(before);
    }

    /** The last one: after it there is nothing left to be replayed. */
    @Test
    @Order(Integer.MAX_VALUE)
    void whoeverHasThem_replays_andOnce() {
        int before = published();

        assertThat(execute("on-call", "replay", "--yes", "--reason", "outage"))
                .as(commands.err())
                .isEqualTo(ExitCode.OK);
        assertThat(execute("on-call", "replay", "--yes", "--reason", "outage"))
                .as(commands.err())
                .isEqualTo(ExitCode.OK);

        assertThat(published()).isEqualTo(before + 1);
    }
}
