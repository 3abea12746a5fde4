package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.SharedBroker;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of {@code serai send} is the process's own: standard input, and signals. */
@BesideOthers
@Timeout(value = 400, unit = TimeUnit.SECONDS)
@LeftToCi
class SendProcessTest {
    private final String suffix = "." + UUID.randomUUID();

    @BeforeEach
    void createTopics() throws Exception {
        SharedBroker.createTopic("start" + suffix);
        SharedBroker.createTopic("replies" + suffix);
    }

    @Test
    void eventOnStandardInput_isSent() throws Exception {
        try (JavaProcess send = send("-", "--wait", "0s")) {
            send.feed("{\"event_id\":\"from-a-pipe\",\"character_id\":\"guide\"}");

            assertThat(send.exitCode()).as(send.errors()).isEqualTo(ExitCode.NO_REPLY);
            assertThat(send.errors()).contains("sent from-a-pipe, which is start" + suffix + "-0@0;");
        }
    }

    @Test
    void askedToStop_stopsAtOnce_andSaysWhatBecomesOfTheEvent() throws Exception {
        try (JavaProcess send = send("--character-id", "guide", "--wait", "1h")) {
            send.awaitErrors("waiting up to 1h");

            send.terminate();

            assertThat(send.exitCode()).isEqualTo(143);
            assertThat(send.errors()).contains("not waiting any more: the event stays where it is");
        }
    }

    private JavaProcess send(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "send";
        all[1] = "--key";
        all[2] = "caller-1";
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return JavaProcess.startSerai(
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        SharedBroker.bootstrapServers(),
                        "SERAI_KAFKA_START_TOPIC",
                        "start" + suffix,
                        "SERAI_KAFKA_REPLY_TOPIC",
                        "replies" + suffix,
                        "SERAI_KAFKA_GROUP_ID",
                        "serai" + suffix),
                all);
    }
}
