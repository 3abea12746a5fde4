package dev.serai.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connect.gate.Gate;
import dev.serai.conversation.CheckDeadline;
import dev.serai.conversation.ConversationFailure;
import dev.serai.conversation.EventInFlight;
import dev.serai.engine.Delivery;
import dev.serai.observe.KafkaWatch;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.RawServer;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.StartConversation;
import dev.serai.wire.event.SampleRules;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.model.Model;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of a provider that answers what no provider should, byte for byte. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class ConnectRouteTest {
    private static final String ROOM =
            "{\"session_id\":\"s\",\"character_session_id\":\"cs\",\"room_url\":\"wss://rooms.example\","
                    + "\"room_name\":\"r\",\"token\":\"t\",\"speaker_id\":null}";
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(2);

    private static RawServer provider;
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        provider = new RawServer();
        serai = new RunningSerai(
                RunningSerai.withoutSources(Map.of(
                        "serai.connect.max-attempts",
                        "2",
                        "serai.connect.response-timeout",
                        RESPONSE_TIMEOUT.toMillis() + "ms",
                        "serai.connect.total-timeout",
                        RESPONSE_TIMEOUT.toMillis() + "ms",
                        // Each case is to fail by itself.
                        "serai.connect.gate.outage-calls",
                        "1000")),
                backends -> RunningSerai.withProvider(backends, provider.uri(), RunningSerai.API_KEY));
    }

    /** From now on this runs before that step of a route. */
    private static void before(RunningSerai of, String route, String step, Processor processor) throws Exception {
        CamelContext context = of.service().camelContext();
        Model routes = context.getCamelContextExtension().getContextPlugin(Model.class);
        AdviceWith.adviceWith(routes.getRouteDefinition(route), context, new AdviceWithRouteBuilder() {
            @Override
            public void configure() {
                weaveById(step).before().process(processor);
            }
        });
    }

    /** Of events; sessions that these tests leave are ended meanwhile. */
    private static List<String> calls() {
        return provider.requests().stream()
                .filter(request -> request.startsWith("POST /connect "))
                .toList();
    }

    @AfterAll
    static void stop() {
        serai.close();
        provider.close();
    }

    @Test
    void turnThatComesTooLate_leavesTheEventItsOwnFailure() throws Exception {
        AtomicInteger turns = new AtomicInteger();
        try (var late = new RunningSerai(RunningSerai.withoutSources(Map.of()))) {
            // The first event of a process may take longer than this one has time.
            late.publish(null, "{\"event_id\":\"first\",\"character_id\":\"c\"}");
            late.replyTo("first");
            late.standIn().script(FaultScript.always(Fault.status(429, "busy")));
            before(late, "connect", "check-deadline-before-call", exchange -> {
                if (turns.incrementAndGet() == 2) {
                    Instant deadline = EventInFlight.of(exchange).event().expiresAt();
                    Thread.sleep(Duration.between(Instant.now(), deadline.plusMillis(1)));
                }
            });

            late.publish(null, "{\"event_id\":\"late\",\"character_id\":\"c\",\"ttl_ms\":3000}");

            JsonNode reply = late.replyTo("late");
            assertThat(turns).hasValue(2);
            assertThat(reply.at("/error/category").asText()).isEqualTo("provider_busy");
            assertThat(reply.at("/attempts").asInt()).isEqualTo(1);
        }
    }

    /** The delivery of an event that has its turn can be revoked at any moment until the request is sent. */
    @ParameterizedTest
    @ValueSource(strings = {"check-deadline-before-call", "prepare-request"})
    void revokedEventThatHasItsTurn_isNotSent_andGivesTheTurnBack(String step) throws Exception {
        try (var revoked = new RunningSerai(RunningSerai.withoutSources(Map.of()))) {
            CountDownLatch hasItsTurn = new CountDownLatch(1);
            before(revoked, "connect", step, exchange -> {
                hasItsTurn.countDown();
                Delivery delivery = EventInFlight.of(exchange).delivery();
                await().atMost(Duration.ofSeconds(20)).until(delivery::isRevoked);
            });
            Gate gate = revoked.service().gate(StartConversation.DEFAULT_TENANT);
            RecordMetadata position = revoked.publish(null, "{\"event_id\":\"given-back\",\"character_id\":\"c\"}");
            assertThat(hasItsTurn.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(gate.status().underWay()).isEqualTo(1);

            revoked.service().close();

            assertThat(revoked.connectCalls("c")).isEmpty();
            assertThat(gate.status().underWay()).isZero();
            assertThat(revoked.committed(position.partition())).isZero();
        }
    }

    /** What was sent may have opened a room, whatever becomes of the answer. */
    @Test
    void callThatEndsInADefect_isCountedAsUnknown() throws Exception {
        // No call is to be counted that a busy machine was too slow for.
        try (var defect = new RunningSerai(RunningSerai.withoutSources(
                Map.of("serai.connect.response-timeout", "20s", "serai.connect.total-timeout", "20s")))) {
            before(defect, "connect", "read-answer", exchange -> {
                throw new IllegalStateException("a defect");
            });

            defect.publish(null, "{\"event_id\":\"defect\",\"character_id\":\"c\"}");

            JsonNode reply = defect.replyTo("defect");
            assertThat(reply.at("/error/category").asText()).isEqualTo("internal_error");
            assertThat(reply.path("possible_duplicate_session").asBoolean()).isTrue();
            assertThat(defect.meters()
                            .get("serai.possible.duplicate.sessions")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(defect.service()
                            .gate(StartConversation.DEFAULT_TENANT)
                            .status()
                            .underWay())
                    .isZero();
        }
    }

    /** Whoever owns its partition next opens another one. */
    @Test
    void roomOfAnEventThatIsRevoked_isCounted() throws Exception {
        try (var revoked = new RunningSerai(RunningSerai.withoutSources(Map.of()))) {
            CountDownLatch hasItsRoom = new CountDownLatch(1);
            MeterRegistry meters = revoked.meters();
            Counter duplicates = meters.get("serai.possible.duplicate.sessions").counter();
            before(revoked, "conversation", "check-deadline-before-reply", exchange -> {
                hasItsRoom.countDown();
                Delivery delivery = EventInFlight.of(exchange).delivery();
                await().atMost(Duration.ofSeconds(20)).until(delivery::isRevoked);
                delivery.requireKept();
            });
            RecordMetadata position = revoked.publish(null, "{\"event_id\":\"given-back\",\"character_id\":\"c\"}");
            assertThat(hasItsRoom.await(20, TimeUnit.SECONDS)).isTrue();

            revoked.service().close();

            assertThat(revoked.committed(position.partition())).isZero();
            assertThat(duplicates.count()).isEqualTo(1);
        }
    }

    @Test
    void callThatIsCutByAForcedStop_isCounted() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (var silent = new RawServer();
                var cut = new RunningSerai(
                        RunningSerai.withoutSources(
                                Map.of("serai.connect.response-timeout", "60s", "serai.connect.total-timeout", "60s")),
                        backends -> RunningSerai.withProvider(backends, silent.uri(), RunningSerai.API_KEY))) {
            silent.answer(out -> {
                try {
                    over.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            CamelContext context = cut.service().camelContext();
            MeterRegistry meters = cut.meters();
            Counter duplicates = meters.get("serai.possible.duplicate.sessions").counter();
            Gate gate = cut.service().gate(StartConversation.DEFAULT_TENANT);
            context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
            context.getShutdownStrategy().setTimeout(100);
            RecordMetadata position = cut.publish(null, "{\"event_id\":\"cut\",\"character_id\":\"c\"}");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !silent.requests().isEmpty());

            cut.service().close();

            over.countDown();
            assertThat(duplicates.count()).isEqualTo(1);
            assertThat(meters.get("serai.connect.calls")
                            .tag("outcome", "unknown")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(gate.status().underWay()).isZero();
            assertThat(cut.committed(position.partition())).isZero();
        }
    }

    static Stream<Arguments> rooms() {
        return Stream.of(
                Arguments.of("plain", answer(200, "Content-Type: application/json", ROOM)),
                Arguments.of("201", answer(201, "Content-Type: application/json", ROOM)),
                Arguments.of("no content type", answer(200, "X: y", ROOM)),
                Arguments.of("wrong content type", answer(200, "Content-Type: image/png", ROOM)),
                Arguments.of("unknown charset", answer(200, "Content-Type: application/json; charset=bogus", ROOM)),
                Arguments.of("broken charset", answer(200, "Content-Type: application/json; charset=\"", ROOM)),
                Arguments.of("broken content type", answer(200, "Content-Type: ;;/", ROOM)),
                Arguments.of("UTF-16, it says", answer(200, "Content-Type: application/json; charset=utf-16", ROOM)),
                Arguments.of("no length", "HTTP/1.1 200 OK\nConnection: close\n\n" + ROOM),
                Arguments.of(
                        "chunked",
                        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: close\n\n"
                                + Integer.toHexString(ROOM.length()) + "\n" + ROOM + "\n0\n\n"),
                Arguments.of("after a 100", "HTTP/1.1 100 Continue\n\n" + answer(200, "X: y", ROOM)),
                Arguments.of("headers that steer Camel", answer(200, "CamelHttpResponseCode: 500", ROOM)),
                Arguments.of("half a character", answer(200, "X: y", ROOM.replace("null", "\"\\ud800\""))),
                Arguments.of("cookies", answer(200, "Set-Cookie: a=b; Path=/", ROOM)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rooms")
    void answerWithARoom_isTakenWhateverIsAroundIt(String name, String answer) {
        provider.answer(answer);

        Exchange done = connect(event());

        assertThat(done.getException()).isNull();
        assertThat(EventInFlight.of(done).attempts()).isEqualTo(1);
        assertThat(EventInFlight.of(done).failure()).isNull();
    }

    static Stream<Arguments> failures() {
        String redirect = "HTTP/1.1 302 Found\nLocation: " + provider.uri()
                + "/elsewhere\nConnection: close\nContent-Length: 0\n\n";
        return Stream.of(
                Arguments.of("redirect", redirect, ErrorCategory.PROTOCOL_ERROR, 302, 1),
                Arguments.of("empty", answer(200, "X: y", ""), ErrorCategory.PROTOCOL_ERROR, 200, 1),
                Arguments.of(
                        "204", "HTTP/1.1 204 No Content\nConnection: close\n\n", ErrorCategory.PROTOCOL_ERROR, 204, 1),
                Arguments.of(
                        "Java objects, it says",
                        answer(200, "Content-Type: application/x-java-serialized-object", ROOM),
                        ErrorCategory.PROTOCOL_ERROR,
                        200,
                        1),
                Arguments.of("array", answer(200, "X: y", "[" + ROOM + "]"), ErrorCategory.PROTOCOL_ERROR, 200, 1),
                Arguments.of("two", answer(200, "X: y", ROOM + ROOM), ErrorCategory.PROTOCOL_ERROR, 200, 1),
                Arguments.of(
                        "2 MB",
                        answer(200, "X: y", "{\"x\":\"" + "x".repeat(2 << 20) + "\"}"),
                        ErrorCategory.PROTOCOL_ERROR,
                        200,
                        1),
                Arguments.of(
                        "deeply nested",
                        answer(200, "X: y", "[".repeat(100_000)),
                        ErrorCategory.PROTOCOL_ERROR,
                        200,
                        1),
                Arguments.of(
                        "detail that is no Unicode",
                        answer(422, "X: y", "{\"detail\":\"\\udfff\"}"),
                        ErrorCategory.INVALID_REQUEST,
                        422,
                        1),
                Arguments.of(
                        "503 in an unknown charset",
                        answer(503, "Content-Type: text/html; charset=bogus", "<html>"),
                        ErrorCategory.PROVIDER_UNAVAILABLE,
                        503,
                        2),
                Arguments.of(
                        "not gzip, it says",
                        answer(200, "Content-Encoding: gzip", ROOM),
                        ErrorCategory.OUTCOME_UNKNOWN,
                        null,
                        2),
                Arguments.of("no HTTP", "220 mail.example ESMTP\n", ErrorCategory.OUTCOME_UNKNOWN, null, 2),
                Arguments.of("closed", "", ErrorCategory.OUTCOME_UNKNOWN, null, 2),
                Arguments.of(
                        "shorter than it says",
                        "HTTP/1.1 200 OK\nConnection: close\nContent-Length: 1000\n\n" + ROOM,
                        ErrorCategory.OUTCOME_UNKNOWN,
                        null,
                        2),
                Arguments.of(
                        "broken chunks",
                        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: close\n\nzz\n" + ROOM,
                        ErrorCategory.OUTCOME_UNKNOWN,
                        null,
                        2),
                Arguments.of(
                        "status 000",
                        "HTTP/1.1 000 None\nConnection: close\nContent-Length: " + ROOM.length() + "\n\n" + ROOM,
                        ErrorCategory.OUTCOME_UNKNOWN,
                        null,
                        2),
                Arguments.of(
                        "status 099",
                        answer(99, "X: y", ROOM).replace(" 99 ", " 099 "),
                        ErrorCategory.OUTCOME_UNKNOWN,
                        null,
                        2),
                Arguments.of("status 600", answer(600, "X: y", ROOM), ErrorCategory.PROVIDER_UNAVAILABLE, 600, 2),
                Arguments.of(
                        "another answer behind",
                        answer(200, "X: y", ROOM) + answer(200, "X: y", ROOM),
                        ErrorCategory.OUTCOME_UNKNOWN,
                        null,
                        2),
                Arguments.of(
                        "header without end",
                        answer(200, "X: " + "y".repeat(1 << 20), ROOM),
                        ErrorCategory.OUTCOME_UNKNOWN,
                        null,
                        2),
                Arguments.of(
                        "status 999",
                        "HTTP/1.1 999 Odd\nConnection: close\nContent-Length: 0\n\n",
                        ErrorCategory.PROVIDER_UNAVAILABLE,
                        999,
                        2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void answerWithoutARoom_isTheFailureThatItMeans(
            String name, String answer, ErrorCategory category, Integer status, int calls) {
        provider.answer(answer);

        Exchange done = connect(event());

        Failure failure = failure(done);
        assertThat(failure.category()).isEqualTo(category);
        assertThat(failure.httpStatus()).isEqualTo(status);
        assertThat(calls()).hasSize(calls);
        assertThat(EventInFlight.of(done).attempts()).isEqualTo(calls);
    }

    @Test
    void answerThatComesDropByDrop_isGivenUp() {
        CountDownLatch over = new CountDownLatch(1);
        byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Length: " + ROOM.length() + "\r\n\r\n" + ROOM)
                .getBytes(StandardCharsets.ISO_8859_1);
        provider.answer(out -> {
            try {
                for (byte next : answer) {
                    out.write(next);
                    out.flush();
                    if (over.await(RESPONSE_TIMEOUT.toMillis() / 4, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        long begun = System.nanoTime();

        Exchange done = connect(event());

        over.countDown();
        assertThat(failure(done).category()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(RESPONSE_TIMEOUT.multipliedBy(15));
    }

    @Test
    void eventThatIsTooLate_isNotSent() {
        provider.answer(answer(200, "X: y", ROOM));

        Exchange done = connect(Incoming.event("key", "{'character_id':'c','expires_at':'2020-01-01T00:00:00Z'}"));

        assertThat(failure(done).category()).isEqualTo(ErrorCategory.EXPIRED);
        assertThat(calls()).isEmpty();
    }

    /** The reply says that the room came too late, not what an earlier call failed with. */
    @Test
    void roomThatComesTooLateAfterAFailedCall_isExpired() {
        provider.answer(out -> out.write(answer(calls().size() == 1 ? 503 : 200, "X: y", ROOM)
                .replace("\n", "\r\n")
                .getBytes(UTF_8)));
        Exchange done = connect(event());
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
        CheckDeadline deadline =
                new CheckDeadline(new KafkaWatch(Map.of(), Optional::empty), SampleRules.deadlines(), later);

        assertThat(calls()).hasSize(2);
        assertThatThrownBy(() -> deadline.process(done))
                .isInstanceOfSatisfying(
                        ConversationFailure.class,
                        late -> assertThat(late.failure().category()).isEqualTo(ErrorCategory.EXPIRED));
    }

    @Test
    void deadlineBetweenAttempts_endsThem() {
        provider.answer("");

        Exchange done = connect(Incoming.event("key", "{'character_id':'c','ttl_ms':1}"));

        assertThat(failure(done).category()).isIn(ErrorCategory.EXPIRED, ErrorCategory.OUTCOME_UNKNOWN);
        assertThat(calls()).hasSizeLessThan(2);
    }

    private static OriginalRecord event() {
        return Incoming.event("key", "{'character_id':'c','continuity':'fresh'}");
    }

    private static Exchange connect(OriginalRecord event) {
        return serai.send("direct:connect", event, serai.step("decodeEvent"));
    }

    private static Failure failure(Exchange done) {
        assertThat(done.getException()).isInstanceOf(ConversationFailure.class);
        return ((ConversationFailure) done.getException()).failure();
    }

    private static String answer(int status, String header, String body) {
        return "HTTP/1.1 " + status + " Whatever\n" + header + "\nConnection: close\nContent-Length: " + body.length()
                + "\n\n" + body;
    }
}
