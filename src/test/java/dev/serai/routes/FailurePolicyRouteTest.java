package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.event.OriginalRecord;
import dev.serai.event.WireSchemas;
import dev.serai.testing.FailingStep;
import dev.serai.testing.Incoming;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps that fail in ways that nobody expected. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FailurePolicyRouteTest {
    private static final String SECRET = "SECRET-in-an-exceptions-text";

    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai(Map.of(
                "serai.routes-dir",
                RouteFiles.copyWithFailingStep("connect-to-provider").toString()));
    }

    @AfterAll
    static void stop() {
        serai.close();
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                defect("IllegalStateException", () -> new IllegalStateException(SECRET)),
                defect("NullPointerException", () -> new NullPointerException(SECRET)),
                defect("IOException", () -> new IOException(SECRET, new IllegalArgumentException(SECRET))),
                defect("RuntimeCamelException", () -> new RuntimeCamelException(SECRET)),
                defect("AssertionError", () -> new AssertionError(SECRET)),
                defect("StackOverflowError", () -> new StackOverflowError(SECRET)),
                defect("NoClassDefFoundError", () -> new NoClassDefFoundError(SECRET)));
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

    static List<Arguments> stops() {
        return List.of(
                defect("interrupted", () -> new InterruptedException("stop")),
                defect("rejected", () -> new RejectedExecutionException("stop")),
                defect("wrapped", () -> new RuntimeCamelException(new InterruptedException("stop"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stops")
    void stopOfTheService_isNoAnswer(String name, Supplier<Throwable> failure) {
        FailingStep.failFor(name, failure);
        OriginalRecord event = Incoming.event("key", "{'event_id':'" + name + "','character_id':'c'}");

        serai.converse(event);

        assertThat(serai.repliesTo(name)).isEmpty();
        assertThat(serai.deadLettersOf(event)).isEmpty();
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
