package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.conversation.EventInFlight;
import dev.serai.loop.OutOfMemory;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.StartEvents;
import dev.serai.testing.TopicReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that runs out of memory ends, whoever meets it first: it must not stay alive half dead. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class MemoryRunsOutTest {
    private final String suffix = "." + UUID.randomUUID().toString().substring(0, 8);

    @TempDir
    private Path directory;

    /** A step of a user's own that wants more memory than there is, where the event's id says so. */
    public static final class Hungry implements Processor {
        @Override
        public void process(Exchange exchange) throws Exception {
            switch (EventInFlight.of(exchange).eventId()) {
                case "step" -> throw new IllegalStateException("there was room for " + eat());
                case "thread" -> {
                    Thread.ofVirtual().start(() -> LENGTHS.add(eat())).join();
                    // Its event is not to be answered before the process ends.
                    Thread.sleep(Duration.ofMinutes(1));
                }
                default -> {}
            }
        }
    }

    /** A bean of a user's own: Camel puts what it throws on the exchange. */
    public static final class HungryBean {
        public void eat(Exchange exchange) {
            if (EventInFlight.of(exchange).eventId().equals("bean")) {
                throw new IllegalStateException("there was room for " + MemoryRunsOutTest.eat());
            }
        }
    }

    private static final List<Integer> LENGTHS = new ArrayList<>();

    private static int eat() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(new byte[100 << 20]);
        }
        return all.size();
    }

    private static String hungryRoutes() {
        UnaryOperator<String> step = RouteFiles.withStep("connect-to-provider", Hungry.class);
        return RouteFiles.copyWith(Map.of("conversation", yaml -> withBean(step.apply(yaml))))
                .toString();
    }

    private static String withBean(String yaml) {
        int begin = yaml.lastIndexOf("        - ", yaml.indexOf("id: connect-to-provider\n"));
        return yaml.substring(0, begin) + """
                        - bean:
                            id: hungry-bean
                            beanType: "%s"
                            method: eat
                """.formatted(HungryBean.class.getName()) + yaml.substring(begin);
    }

    private JavaProcess run(List<String> options, String routes) {
        List<String> all = new ArrayList<>(List.of("-Xmx200m"));
        all.addAll(options);
        return JavaProcess.startSerai(
                all,
                Map.of("KAFKA_BOOTSTRAP_SERVERS", SharedBroker.bootstrapServers(), "SERAI_CONNECT_STAND_IN", "true"),
                "run",
                "--set",
                "serai.routes-dir=" + routes,
                "--set",
                "serai.http.port=0",
                "--set",
                "serai.data-dir=" + directory,
                "--set",
                "serai.instance-id=hungry" + suffix,
                "--set",
                "serai.kafka.group-id=hungry" + suffix,
                "--set",
                "serai.kafka.start-topic=hungry.start" + suffix,
                "--set",
                "serai.kafka.reply-topic=hungry.replies" + suffix,
                "--set",
                "serai.kafka.dead-letter-topic=hungry.dead-letters" + suffix,
                "--set",
                "serai.kafka.session-topic=hungry.sessions" + suffix);
    }

    private void publish(String eventId) throws Exception {
        StartEvents.publish(
                SharedBroker.bootstrapServers(),
                "hungry.start" + suffix,
                "key",
                "{\"event_id\":\"" + eventId + "\",\"character_id\":\"c\",\"ttl_ms\":600000}");
    }

    /** As {@code java -jar} without the option: Serai itself sees to it. */
    @ParameterizedTest
    @ValueSource(strings = {"step", "bean", "thread"})
    void processThatRunsOutOfMemory_endsByItself(String where) throws Exception {
        try (var run = run(List.of("-XX:-ExitOnOutOfMemoryError"), hungryRoutes())) {
            run.awaitErrors("Ready: ");
            publish(where);

            assertThat(run.exitCode()).as(run.lastErrors(20)).isEqualTo(OutOfMemory.EXIT_CODE);
            assertThat(run.errors()).contains("Memory has run out, and the process ends");
        }
    }

    /** As the launcher starts it: the JVM sees to it, whatever the code does with the error. */
    @Test
    void eventThatNeedsMoreMemoryThanThereIs_endsTheProcessAtEveryStart_andIsAnsweredWhenItNeedsLess()
            throws Exception {
        String routes = hungryRoutes();
        List<String> option = List.of("-XX:+ExitOnOutOfMemoryError");
        try (var first = run(option, routes)) {
            first.awaitErrors("Ready: ");
            publish("step");
            assertThat(first.exitCode()).isEqualTo(OutOfMemory.EXIT_CODE);
        }
        try (var second = run(option, routes)) {
            assertThat(second.exitCode()).isEqualTo(OutOfMemory.EXIT_CODE);
        }
        try (var mended = run(option, RouteFiles.shippedFolder().toString());
                var replies = new TopicReader(SharedBroker.bootstrapServers(), "hungry.replies" + suffix)) {
            mended.awaitErrors("Ready: ");

            var reply = RunningSerai.json(replies.await("reply", any -> true));

            assertThat(reply.path("event_id").asText()).isEqualTo("step");
            assertThat(reply.path("status").asText()).isEqualTo("started");
        }
    }
}
