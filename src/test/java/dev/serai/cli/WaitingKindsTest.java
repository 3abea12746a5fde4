package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.conversation.EventInFlight;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.SilentSource;
import dev.serai.testing.StartEvents;
import dev.serai.testing.Topics;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Issue 13: what is rarely waited for, and then by all: Kafka, a topic, memory. The rest of the kinds is in {@code
 * WaitingTest}.
 */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@LeftToCi
class WaitingKindsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TTL = Duration.ofMinutes(2);
    private static final Pattern ADDRESS = Pattern.compile("who waits: http://(\\S+)/observe/waiting");

    /** A step of a user's own that goes on when it is told to. */
    public static final class SlowStep implements Processor {
        static final CountDownLatch GOES_ON = new CountDownLatch(1);

        @Override
        public void process(Exchange exchange) throws InterruptedException {
            if (EventInFlight.of(exchange).event().characterId().equals("slow")) {
                GOES_ON.await();
            }
        }
    }

    @Test
    void kafkaThatIsAway_isNamed_andWhatIsWrongWithIt() throws Exception {
        Path data = Files.createTempDirectory(Path.of("target"), "broker");
        Path routes =
                RouteFiles.copyWith(Map.of("conversation", RouteFiles.withStep("enrich-conversation", SlowStep.class)));
        EmbeddedBroker broker = EmbeddedBroker.start(data, 0);
        try (RunningSerai serai = new RunningSerai(
                broker.bootstrapServers(), Map.of("serai.routes-dir", routes.toString()), UnaryOperator.identity())) {
            String at = serai.service().observeUri().getAuthority();
            RecordMetadata published =
                    serai.publish("caller-1", "{\"event_id\":\"in-hand\",\"character_id\":\"slow\"}");
            await(at, "in-hand", "step", step -> true);
            broker.close();
            Awaitility.await().atMost(PATIENCE).until(() -> health(serai) == 503);

            SlowStep.GOES_ON.countDown();
            JsonNode event = await(
                    at, "in-hand", "kafka", step -> step.path("text").asText().contains(": "));

            assertThat(event.at("/step/text").asText())
                    .startsWith("waits until Kafka can be worked with: ")
                    .containsAnyOf("no Kafka broker answered within 2 s", "a transaction", "no transaction");
            assertThat(event.at("/step/id").asText()).isEqualTo("await-turn");
            assertSinceAndDeadline(event, published);
            assertThat(table(at)).contains("in-hand", "caller-1", "waits until Kafka can be worked with: ");
            broker = EmbeddedBroker.start(data, broker.port());
            assertThat(serai.replyTo("in-hand").path("status").asText()).isEqualTo("started");
        } finally {
            SlowStep.GOES_ON.countDown();
            broker.close();
        }
    }

    /** A call that hangs says nothing by itself: what the one before came to is what there is to go by. */
    @Test
    void callAfterOneThatFailed_saysWhatThatCameTo() throws Exception {
        try (RunningSerai serai = new RunningSerai()) {
            String at = serai.service().observeUri().getAuthority();
            String host = serai.standIn().baseUrl().getAuthority();
            serai.standIn().script(FaultScript.once(Fault.status(503)));
            serai.standIn().script(FaultScript.always(Fault.hang()));

            serai.publish("caller-1", "{\"event_id\":\"hangs\",\"character_id\":\"c\"}");

            JsonNode event = await(
                    at, "hangs", "call", step -> step.path("text").asText().startsWith("call 2 of"));
            assertThat(event.at("/step/text").asText())
                    .isEqualTo("call 2 of POST /connect is under way, after provider_unavailable, status 503, tenant"
                            + " default at " + host);
            serai.standIn().clearFaults();
        }
    }

    /** It is tried again every five seconds: that is no new wait. */
    @Test
    void topicThatTakesNoRecords_isNamed_sinceItWasMetFirst() throws Exception {
        try (RunningSerai serai = new RunningSerai();
                Admin admin = Admin.create(Map.of("bootstrap.servers", serai.bootstrapServers()))) {
            String at = serai.service().observeUri().getAuthority();
            String deadLetters = serai.settings().kafka().deadLetterTopic();
            Topics.delete(admin, deadLetters);

            RecordMetadata published = serai.publish("caller-1", "{\"event_id\":\"rejected\"}");
            RecordMetadata behind = serai.publish("caller-1", "{\"event_id\":\"behind\",\"character_id\":\"c\"}");
            JsonNode event = await(at, "rejected", "topic", step -> true);
            serai.publish("caller-2", "{\"event_id\":\"other\",\"character_id\":\"c\"}");
            assertThat(await(at, "other", "kafka", step -> step.path("text")
                                    .asText()
                                    .contains("takes no records"))
                            .at("/step/text")
                            .asText())
                    .isEqualTo("waits until Kafka can be worked with: topic " + deadLetters
                            + " takes no records: there is no such topic");
            Instant since = Instant.parse(event.at("/step/since").asText());
            event = await(at, "rejected", "topic", step -> step.path("since_ms").asLong() > 6_000);

            assertThat(Instant.parse(event.at("/step/since").asText()))
                    .isBetween(since.minusMillis(50), since.plusMillis(50));
            assertThat(event.at("/step/text").asText())
                    .startsWith("waits until topic " + deadLetters + " takes its record: topic " + deadLetters
                            + " does not take a record: ");
            assertSinceAndDeadline(event, published);
            assertThat(await(at, "behind", "lane", step -> true)
                            .at("/step/behind/event_id")
                            .asText())
                    .isEqualTo("rejected");
            assertThat(table(at)).contains("rejected", "waits until topic " + deadLetters + " takes its record");
            Topics.create(admin, List.of(new NewTopic(deadLetters, 1, (short) 1)));
            assertThat(serai.replyTo("rejected").path("status").asText()).isEqualTo("failed");
            assertThat(serai.replyTo("behind").path("status").asText()).isEqualTo("started");
            assertThat(serai.replyTo("other").path("status").asText()).isEqualTo("started");
            serai.awaitCommitted(behind);
        }
    }

    /** A service of little memory, in a process of its own; events that have theirs wait for a source that does not answer. */
    @Test
    void memoryThatOthersHave_isNamed() throws Exception {
        String suffix = "." + UUID.randomUUID();
        try (SilentSource silent = new SilentSource();
                JavaProcess run = JavaProcess.startSerai(
                        List.of("-Xmx128m"), Map.of("SERAI_CONNECT_STAND_IN", "true"), arguments(suffix, silent))) {
            String at = address(run);
            RecordMetadata last = null;
            for (int i = 0; i < 6; i++) {
                last = StartEvents.publish(
                        SharedBroker.bootstrapServers(),
                        "start" + suffix,
                        "caller-" + i,
                        "{\"event_id\":\"heavy-" + i + "\",\"character_id\":\"c\",\"scene_ref\":\"hall\",\"more\":["
                                + "{},".repeat(60_000) + "{}]}");
            }
            StartEvents.publish(
                    SharedBroker.bootstrapServers(),
                    "start" + suffix,
                    "caller-light",
                    "{\"event_id\":\"light\",\"character_id\":\"c\"}");

            JsonNode first = await(at, "heavy-", "look_up", step -> true);
            JsonNode event =
                    await(at, "heavy-", "memory", step -> step.path("since_ms").asLong() > 500);

            assertThat(first.path("event_id")).isNotEqualTo(event.path("event_id"));
            assertThat(event.at("/step/text").asText()).isEqualTo("waits for memory to be decoded in");
            assertThat(event.at("/step/id").asText()).isEqualTo("decode-event");
            assertSinceAndDeadline(event, Objects.requireNonNull(last));
            assertThat(table(at)).contains("heavy-", "waits for memory to be decoded in");
            Awaitility.await("a light one waits for none").atMost(PATIENCE).until(() -> !table(at)
                    .contains("light"));
            run.kill();
        }
    }

    private static String[] arguments(String suffix, SilentSource source) {
        Map<String, String> settings = new HashMap<>(source.settings());
        for (String topic : List.of("start", "reply", "dead-letter", "session")) {
            settings.put("serai.kafka." + topic + "-topic", topic + suffix);
        }
        settings.put("serai.kafka.bootstrap-servers", SharedBroker.bootstrapServers());
        settings.put("serai.kafka.group-id", "memory" + suffix);
        settings.put("serai.kafka.partitions", "1");
        settings.put("serai.instance-id", "memory" + suffix);
        settings.put("serai.http.port", "0");
        List<String> arguments = new ArrayList<>(List.of("run"));
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return arguments.toArray(String[]::new);
    }

    private static String address(JavaProcess run) {
        Matcher address = ADDRESS.matcher("");
        Awaitility.await("who waits: ")
                .atMost(PATIENCE)
                .failFast("the process has ended", run::hasEnded)
                .until(() -> address.reset(run.errors()).find());
        return address.group(1);
    }

    /** Not later than its state now, nor before the event was there; and wanted until two minutes after. */
    private static void assertSinceAndDeadline(JsonNode event, RecordMetadata published) {
        Instant there = Instant.ofEpochMilli(published.timestamp());
        assertThat(Instant.parse(event.at("/step/since").asText()))
                .isBetween(there.minus(PATIENCE), Instant.now().plusSeconds(1));
        assertThat(event.at("/step/since_ms").asLong())
                .isBetween(0L, event.path("held_ms").asLong());
        assertThat(Instant.parse(event.path("deadline").asText()))
                .isBetween(there.plus(TTL).minus(PATIENCE), there.plus(TTL));
    }

    private static int health(RunningSerai serai) {
        return serai.page("/health").statusCode();
    }

    /** The first event whose id begins so, once it is at that kind of thing. */
    private static JsonNode await(String at, String id, String kind, Predicate<JsonNode> step) {
        return Awaitility.await(id + " at " + kind)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> {
                            for (JsonNode event : Json.MAPPER
                                    .readTree(execute("waiting", "--at", at, "--json"))
                                    .path("events")) {
                                if (event.path("event_id").asText().startsWith(id)
                                        && event.at("/step/kind").asText().equals(kind)
                                        && step.test(event.path("step"))) {
                                    return event;
                                }
                            }
                            return null;
                        },
                        event -> event != null);
    }

    private static String table(String at) {
        return execute("waiting", "--at", at);
    }

    private static String execute(String... arguments) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        assertThat(SeraiCommand.commandLine().setOut(writer).setErr(writer).execute(arguments))
                .as(out.toString())
                .isEqualTo(ExitCode.OK);
        return out.toString();
    }
}
