package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.StockTools;
import dev.serai.testing.TopicReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a reader copies, out of the log, the README and the page on events, works: with Kafka's own tools, and with kcat where
 * it is.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class PublishingTest {
    @TempDir
    private static Path directory;

    private static JavaProcess service;
    private static StockTools tools;

    @BeforeAll
    static void startService() throws IOException {
        StockTools.assumeThereAre("bash");
        service = JavaProcess.startSerai(Map.of(), JavaProcess.runOfItsOwn(directory.resolve("data")));
        service.awaitErrors("Or in one, ");
        tools = StockTools.withKafka(directory);
        addLauncher();
    }

    /** As {@code ./serai}, in a shell that names this broker. */
    private static void addLauncher() throws IOException {
        Path launcher = Files.writeString(
                directory.resolve("serai"),
                "#!/bin/sh\nKAFKA_BOOTSTRAP_SERVERS=" + address() + " exec "
                        + Path.of(System.getProperty("java.home"), "bin", "java")
                        + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + JavaProcess.classPath() + "' "
                        + Serai.class.getName() + " \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterAll
    static void stopService() {
        if (service != null) {
            service.close();
        }
    }

    @Test
    void lineAfterReady_sendsAnEventAndReadsItsReply() throws Exception {
        assertThat(tools.run(logged("Send an event and read its reply: ") + " --max-messages 1 --timeout-ms 20000"))
                .contains("\"status\":\"started\"");
    }

    @Test
    void commandsOfTheReadme_sendAnEventAndPrintItsReply() throws Exception {
        List<String> blocks = StockTools.blocks(Path.of("README.md"), "bash").toList();
        assertThat(blocks).hasSize(1);

        assertStarts(tools.run(onThisBroker(blocks.getFirst())));
    }

    @Test
    void lineAfterThat_sendsAnEventAndPrintsItsReply() throws Exception {
        assertThat(tools.run(onThisBroker(logged("Or in one, with this service's environment and settings: "))))
                .contains("started: room ");
    }

    @Test
    void commandsOfTheEventsPage_startAndEndAConversation() throws Exception {
        List<String> blocks =
                StockTools.blocks(Path.of("src/docs/events.md"), "bash").toList();
        assertThat(blocks).hasSize(3);
        for (String block : blocks) {
            if (block.contains("kcat") && !StockTools.has("kcat")) {
                continue;
            }

            String said = tools.run(onThisBroker(block));

            if (!block.contains("\"action\":\"end\"")) {
                assertStarts(said);
            }
        }

        try (TopicReader replies = new TopicReader(address(), "conversation.replies")) {
            ConsumerRecord<byte[], byte[]> reply = replies.await(
                    "the reply to the end event",
                    each -> RunningSerai.json(each).path("event_id").asText().equals("hung-up-1"));
            assertThat(RunningSerai.json(reply).path("status").asText()).isEqualTo("ended");
        }
    }

    private static void assertStarts(String said) {
        assertThat(said).containsPattern("\"status\" ?: ?\"started\"").doesNotContainIgnoringCase("deprecated");
    }

    private static String onThisBroker(String commands) {
        return commands.replace("127.0.0.1:19092", address())
                .replace("--max-messages 1", "--max-messages 1 --timeout-ms 20000")
                .replace("./serai send", "./serai send --wait 30s");
    }

    private static String address() {
        return first("an embedded broker at (127\\.0\\.0\\.1:\\d+)");
    }

    private static String logged(String beginning) {
        return first(Pattern.quote(beginning) + "(.*)");
    }

    private static String first(String pattern) {
        String log = service.errors();
        var found = Pattern.compile(pattern).matcher(log);
        assertThat(found.find()).as(log).isTrue();
        return found.group(1);
    }
}
