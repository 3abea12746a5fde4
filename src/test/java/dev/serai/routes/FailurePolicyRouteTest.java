package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.FailingStep;
import dev.serai.testing.Incoming;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.WireSchemas;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps that fail in ways that nobody expected. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class FailurePolicyRouteTest {
    private static final String SECRET = "SECRET-in-an-exceptions-text";

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai(Map.of(
                "serai.routes-dir",
                RouteFiles.copyWithFailingStep("connect-to-provider").toString()));
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                defect("IllegalStateException", () -> new IllegalStateException(SECRET)),
                defect("NullPointerException", () -> new NullPointerException(SECRET)),
                defect("IOException", () -> new IOException(SECRET, new IllegalArgumentException(SECRET))),
                defect("RuntimeCamelException", () -> new RuntimeCamelException(SECRET)),
                defect("AssertionError", () -> new AssertionError(SECRET)),
                defect("StackOverflowError", () -> new StackOverflowError(SECRET)),
                defect("NoClassDefFoundError", () -> new NoClassDefFoundError(SECRET)),
                // Of a pool or a thread of the step's own: the service does not stop.
                defect("RejectedExecutionException", () -> new RejectedExecutionException(SECRET)),
                defect("InterruptedException", () -> new InterruptedException(SECRET)),
                defect("wrapped interrupt", () -> new RuntimeCamelException(new InterruptedException(SECRET))),
                defect("interrupt that is left behind", () -> {
                    Thread.currentThread().interrupt();
                    return new IllegalStateException(SECRET);
                }));
    }

    private static Arguments defect(String name, Supplier<Throwable> failure) {
        return Arguments.of(name, failure);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void defectOfAStep_isAnInternalError_andItsTextStaysInTheLog(String name, Supplier<Throwable> failure) {
        FailingStep.failFor(name, failure);
        RecordMetadata position =
                serai.publish(name, "{\"event_id\":\"" + name + "\",\"character_id\":\"c\",\"speaker_id\":\"s\"}");

        JsonNode reply = serai.replyTo(name);
        ConsumerRecord<byte[], byte[]> letter = serai.deadLetterOf(position);

        WireSchemas.assertReply(reply);
        assertThat(reply.path("error").path("category").asText()).isEqualTo("internal_error");
        assertThat(reply.path("error").path("http_status").isNull()).isTrue();
        assertThat(reply.path("character_id").asText()).isEqualTo("c");
        ObjectNode added = WireSchemas.assertDeadLetterHeaders(letter.headers());
        assertThat(added.path("serai-error-category").asText()).isEqualTo("internal_error");
        assertThat(reply.toString() + added).doesNotContain(SECRET);
        serai.awaitCommitted(position);
    }

    /** What a step may make of the interrupt that a stop ends it with. */
    static List<Arguments> interrupts() {
        return List.of(
                interrupt("interrupted", interrupt -> interrupt),
                interrupt("rejected", interrupt -> new RejectedExecutionException("the pool is closed", interrupt)),
                interrupt("wrapped", RuntimeCamelException::new),
                interrupt("of a socket", interrupt -> new InterruptedIOException("interrupted")),
                interrupt("of a library", interrupt -> new IllegalStateException("cancelled")));
    }

    private static Arguments interrupt(String name, Function<InterruptedException, Throwable> thrown) {
        return Arguments.of(name, thrown);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("interrupts")
    void forcedStop_leavesTheEventUncommitted_andItRunsAgain(
            String name, Function<InterruptedException, Throwable> thrown) throws Exception {
        try (var stopped = new RunningSerai(Map.of(
                "serai.routes-dir",
                RouteFiles.copyWithFailingStep("connect-to-provider").toString()))) {
            CountDownLatch begun = new CountDownLatch(1);
            FailingStep.failFor("cut " + name, () -> {
                begun.countDown();
                try {
                    Thread.sleep(Duration.ofMinutes(1));
                    return new AssertionError("nobody has interrupted the step");
                } catch (InterruptedException e) {
                    return thrown.apply(e);
                }
            });
            RecordMetadata position =
                    stopped.publish("key", "{\"event_id\":\"cut " + name + "\",\"character_id\":\"c\"}");
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            stopped.service().camelContext().getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
            stopped.service().camelContext().getShutdownStrategy().setTimeout(100);

            stopped.restart(
                    Map.of("serai.routes-dir", RouteFiles.shippedFolder().toString()));

            assertThat(stopped.replyTo("cut " + name).path("status").asText()).isEqualTo("started");
            stopped.awaitCommitted(position);
            assertThat(stopped.repliesTo("cut " + name)).hasSize(1);
            assertThat(stopped.deadLetters()).isEmpty();
        }
    }

    /** Nobody has revoked the event then: the interrupt is the route's end all the same, and no failure of the event. */
    @Test
    void stopOfTheLanesRoute_leavesTheEventUncommitted() throws Exception {
        try (var stopped = new RunningSerai(Map.of(
                "serai.routes-dir",
                RouteFiles.copyWithFailingStep("connect-to-provider").toString()))) {
            CountDownLatch begun = new CountDownLatch(1);
            FailingStep.failFor("lane", () -> {
                begun.countDown();
                try {
                    Thread.sleep(Duration.ofMinutes(1));
                    return new AssertionError("nobody has interrupted the step");
                } catch (InterruptedException e) {
                    return new IllegalStateException("cancelled");
                }
            });
            RecordMetadata position = stopped.publish("key", "{\"event_id\":\"lane\",\"character_id\":\"c\"}");
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

            stopped.service()
                    .camelContext()
                    .getRouteController()
                    .stopRoute("conversation-turn", 100, TimeUnit.MILLISECONDS);
            stopped.restart(
                    Map.of("serai.routes-dir", RouteFiles.shippedFolder().toString()));

            assertThat(stopped.replyTo("lane").path("status").asText()).isEqualTo("started");
            stopped.awaitCommitted(position);
            assertThat(stopped.repliesTo("lane")).hasSize(1);
            assertThat(stopped.deadLetters()).isEmpty();
        }
    }

    @Test
    void expectedFailure_saysWhatItIs() {
        OriginalRecord event = Incoming.event(
                "key", "{'event_id':'expected','character_id':'" + RunningSerai.UNKNOWN_CHARACTER + "'}");

        Exchange done = serai.converse(event);

        assertThat(done.getException()).isNull();
        assertThat(serai.replyTo("expected").path("error").path("category").asText())
                .isEqualTo("character_not_found");
        assertThat(serai.deadLettersOf(event)).hasSize(1);
    }
}
