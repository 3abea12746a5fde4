package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Producers;
import dev.serai.testing.TopicReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the log of a process says while its Kafka is away. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class OutageLogTest {
    @TempDir
    private Path directory;

    @Test
    void brokerThatIsAway_isSpokenOfByTheServiceAlone() throws Exception {
        try (var broker = broker("0")) {
            String servers = address(broker);
            Map<String, String> environment = Map.of(
                    "KAFKA_BOOTSTRAP_SERVERS", servers, "SERAI_CONNECT_STAND_IN", "true", "SERAI_HTTP_PORT", "0");
            try (var run = JavaProcess.startSerai(environment, "run", "--config", "/dev/null")) {
                run.awaitErrors("LedgerConsumer Ready: ");
                publish(servers, 1);
                try (var replies = new TopicReader(servers, "conversation.replies")) {
                    replies.await("reply", any -> true);
                }
                slowDown(run.errors());
                publish(servers, 20);
                int before = run.errors().length();

                broker.terminate();
                broker.exitCode();
                // The clients have tried for some ten seconds by then.
                run.awaitErrors("what became of the last transactions is not known", before);
                try (var again = broker(servers.substring(servers.indexOf(':') + 1))) {
                    address(again);
                    run.awaitErrors("Kafka can be worked with again", before);
                    List<String> said = run.errors().substring(before).lines().toList();
                    assertThat(said)
                            .filteredOn(line -> line.contains(" NetworkClient "))
                            .hasSizeBetween(1, 3);
                    assertThat(said)
                            .hasSizeLessThan(16)
                            .anyMatch(line ->
                                    line.contains("KafkaWatch No call is begun until its result can be published"));
                }
            }
        }
    }

    private JavaProcess broker(String port) {
        return JavaProcess.startSerai(
                Map.of(),
                "broker",
                "--port",
                port,
                "--data-dir",
                directory.resolve("broker").toString());
    }

    private static String address(JavaProcess broker) throws Exception {
        return broker.readLine().replace("KAFKA_BOOTSTRAP_SERVERS=", "");
    }

    /** So that events are under way when the broker goes. */
    private static void slowDown(String log) throws Exception {
        Matcher standIn = Pattern.compile("a stand-in at (http://\\S+?),? ").matcher(log);
        assertThat(standIn.find()).as(log).isTrue();
        try (var client = HttpClient.newHttpClient()) {
            client.send(
                    HttpRequest.newBuilder(URI.create(standIn.group(1) + "/_standin/latency"))
                            .PUT(HttpRequest.BodyPublishers.ofString("{\"ms\": 3000}"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
    }

    private static void publish(String servers, int events) throws Exception {
        try (var producer = Producers.plain(servers)) {
            for (int event = 0; event < events; event++) {
                producer.send(new ProducerRecord<>(
                                "conversation.start",
                                ("caller-" + event).getBytes(UTF_8),
                                "{\"character_id\":\"c1\"}".getBytes(UTF_8)))
                        .get();
            }
        }
    }
}
