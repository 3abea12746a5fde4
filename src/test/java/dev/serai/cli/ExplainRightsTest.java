package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.SecuredBroker;
import dev.serai.testing.SecuredBroker.Right;
import dev.serai.testing.StartEvents;
import dev.serai.testing.Topics;
import dev.serai.testing.TypedCommands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever may read some topics only, as the service's own user may, is told what they say, and which ones were not read. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@LeftToCi
class ExplainRightsTest {

    @TempDir
    private static Path directory;

    @AutoClose
    private static SecuredBroker broker;

    private final TypedCommands commands = new TypedCommands();

    @BeforeAll
    static void start() throws Exception {
        broker = SecuredBroker.start();
        Topics.create(broker.openServers(), 1, "start", "replies", "letters", "sessions");
        publish("start", "{\"event_id\":\"visit-1\",\"character_id\":\"c\"}");
        publish("replies", "{\"event_id\":\"visit-1\",\"status\":\"started\",\"room_name\":\"room-1\"}");
        publish("letters", "{\"event_id\":\"visit-0\"}");
        // As the service has them (README).
        user("service", Right.topic("start", AclOperation.READ), Right.topic("replies", AclOperation.WRITE));
        user("reader", Right.topic("start", AclOperation.DESCRIBE), Right.topic("replies", AclOperation.READ));
        user("reader-of-letters", Right.topic("start", AclOperation.READ), Right.topic("letters", AclOperation.READ));
        broker.addUser("stranger");
    }

    private static void publish(String topic, String value) throws Exception {
        StartEvents.publish(broker.openServers(), topic, "learner-1", value);
    }

    private static void user(String name, Right... own) {
        List<Right> rights = new ArrayList<>(List.of(own));
        rights.add(Right.topic("letters", AclOperation.WRITE));
        rights.add(Right.topic("sessions", AclOperation.READ));
        rights.add(Right.group("serai", AclOperation.READ));
        broker.addUser(name, rights.toArray(Right[]::new));
    }

    private int explain(String user, String... arguments) {
        List<String> settings = new ArrayList<>(broker.settingsOf(user, directory));
        settings.add("serai.kafka.start-topic=start");
        settings.add("serai.kafka.reply-topic=replies");
        settings.add("serai.kafka.dead-letter-topic=letters");
        settings.add("serai.kafka.session-topic=sessions");
        settings.add("serai.http.port=0");
        return commands.run(settings, "explain", arguments);
    }

    @Test
    void serviceThatMayWriteRepliesOnly_isToldTheEvent_andWhatItMayNotRead() {
        assertThat(explain("service", "visit-1")).as(commands.err()).isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .startsWith("Event visit-1 was read by nobody")
                .contains("replies may not be read by this client", "letters may not be read by this client")
                .contains("--operation READ --topic replies")
                .doesNotContain("The time was over", SecuredBroker.PASSWORD);
    }

    @Test
    void roomThatStandsWhereThisClientMayNotRead_isNotSaidToBeNowhere() {
        assertThat(explain("service", "--room", "room-1")).isEqualTo(ExitCode.REFUSED);

        assertThat(commands.out())
                .contains(
                        "What to do: have this client READ letters, replies", "replies may not be read by this client");
    }

    @Test
    void readerOfReplies_isToldTheReply_whenTheStartTopicMayNotBeRead() {
        assertThat(explain("reader", "visit-1")).as(commands.err()).isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .contains("event visit-1 was answered with a room", "start may not be read by this client");
    }

    @Test
    void readerOfLetters_isToldThem_andThatReplaysMayNotBeRead() {
        assertThat(explain("reader-of-letters", "visit-0")).as(commands.err()).isEqualTo(ExitCode.OK);

        assertThat(commands.out()).contains("dead letter", "letters.replayed may not be read by this client");
    }

    @Test
    void whoeverMayReadNothing_isToldSo() {
        assertThat(explain("stranger", "visit-1")).isEqualTo(ExitCode.REFUSED);

        assertThat(commands.out() + commands.err())
                .contains("start may not be read by this client", "replies may not be read", "letters may not be read")
                .doesNotContain("there is no topic", SecuredBroker.PASSWORD);
    }
}
