package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.connect.gate.Gate;
import dev.serai.connect.gate.GateRules;
import dev.serai.http.BoundedHttpClient;
import dev.serai.http.HttpClientWatch;
import dev.serai.http.Transport;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.ConnectionServer.Connection;
import dev.serai.testing.LogLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Issue 15: how sessions are ended, by what the provider answers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class DisconnectsTest {
    private static final String OVER = "HTTP/1.1 200 OK\nContent-Length: 20\n\n{\"status\":\"success\"}";
    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final String session = UUID.randomUUID().toString();
    private EndingRules rules = rules(4, 100, Duration.ofSeconds(10));
    private @Nullable ConnectionServer provider;
    private @Nullable Disconnects ender;

    private static EndingRules rules(int atOnce, int waiting, Duration longestTries) {
        Backoff pauses = new Backoff(Duration.ofMillis(10), Duration.ofMillis(20), new Random(5));
        return new EndingRules(atOnce, waiting, PATIENT, longestTries, pauses, Duration.ofMillis(200));
    }

    @AfterEach
    void stop() {
        if (ender != null) {
            ender.close();
        }
        if (provider != null) {
            provider.close();
        }
    }

    /** Of each connection there is one request. */
    private Disconnects ender(ConnectionServer.Script script) {
        provider = new ConnectionServer(connection -> {
            if (connection.readRequest()) {
                script.play(connection);
            }
        });
        Gate gate = new Gate(
                tenant + " at rooms.example",
                new GateRules(1, 0, 1, PATIENT, PATIENT, 10, PATIENT, PATIENT),
                System::nanoTime,
                new Random(3));
        BoundedHttpClient client = new BoundedHttpClient(
                new HttpClientWatch("test", meters),
                new Transport(PATIENT, PATIENT, PATIENT, PATIENT, null, null),
                rules.atOnce(),
                Disconnects.MAX_ANSWER_BYTES,
                Map.of());
        ender = new Disconnects(
                Map.of(
                        tenant,
                        new Disconnects.Account(
                                URI.create("http://127.0.0.1:" + provider.port() + "/base"), client, gate)),
                new EndingMetrics(meters),
                rules);
        return ender;
    }

    private boolean end(Disconnects disconnects, String... sessions) {
        return disconnects
                .end(tenant, List.of(sessions), EndCause.END_EVENT)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private double count(String name, EndCause cause) {
        return meters.get(name)
                .tags("tenant", tenant, "cause", cause.label())
                .counter()
                .count();
    }

    private List<String> requests() {
        return provider == null ? List.of() : provider.requests();
    }

    private static void reset(Connection connection) throws IOException {
        connection.socket().setSoLinger(true, 0);
        connection.socket().close();
    }

    @Test
    void session_isEndedWithoutBodyAndKey_atTheAccountsAddress() {
        assertThat(end(ender(connection -> connection.write(OVER)), "a&b=c/ü " + session))
                .isTrue();

        assertThat(requests())
                .singleElement()
                .asString()
                .startsWith("POST /base/disconnect?session_id=a%26b%3Dc%2F%C3%BC+" + session + " HTTP/1.1")
                .doesNotContainIgnoringCase("api-key")
                .doesNotContainIgnoringCase("content-type")
                .doesNotContainPattern("(?i)content-length: [1-9]");
        assertThat(count("serai.sessions.ended", EndCause.END_EVENT)).isEqualTo(1);
        assertThat(count("serai.sessions.left", EndCause.END_EVENT)).isZero();
    }

    @Test
    void roomOfSeveralCharacters_isOverWhenAllOfItsSessionsAre_eachOnce() {
        Disconnects disconnects = ender(connection -> connection.write(
                connection.request().contains("three") ? "HTTP/1.1 400 No\nContent-Length: 0\n\n" : OVER));

        assertThat(end(disconnects, "one", "two", "one")).isTrue();
        assertThat(requests()).hasSize(2);
        assertThat(end(disconnects, "one", "three")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"500 Error", "503 Away", "429 Busy", "reset", "nothing"})
    void whatMayPass_isTriedAgain(String first) {
        AtomicInteger calls = new AtomicInteger();
        Disconnects disconnects = ender(connection -> {
            if (calls.incrementAndGet() > 2) {
                connection.write(OVER);
            } else if (first.equals("reset")) {
                reset(connection);
            } else if (!first.equals("nothing")) {
                connection.write("HTTP/1.1 " + first + "\nContent-Length: 0\n\n");
            }
        });

        assertThat(end(disconnects, session)).isTrue();
        assertThat(requests()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "403", "404", "204", "302"})
    void whatIsRefused_isLeft_andNotTriedAgain(int status) {
        try (LogLines log = new LogLines(TenantEnder.class)) {
            assertThat(end(
                            ender(connection -> connection.write("HTTP/1.1 " + status + " No\nContent-Length: 0\n\n")),
                            session))
                    .isFalse();

            assertThat(requests()).hasSize(1);
            assertThat(count("serai.sessions.left", EndCause.END_EVENT)).isEqualTo(1);
            assertThat(log.with(tenant))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "WARN A session of tenant " + tenant + " at rooms.example could not be ended (end_event): ")
                    .contains("it answers " + status)
                    .doesNotContain(session);
        }
    }

    @Test
    void providerThatFailsForLong_isLeftAlone_andTheOperatorIsTold() {
        rules = rules(4, 100, Duration.ofMillis(300));
        try (LogLines log = new LogLines(TenantEnder.class)) {
            Disconnects disconnects =
                    ender(connection -> connection.write("HTTP/1.1 503 " + session + "\nContent-Length: 0\n\n"));
            assertThat(end(disconnects, session)).isFalse();

            assertThat(requests()).hasSizeBetween(2, 40);
            assertThat(log.with(tenant)).singleElement().asString().contains("it answers 503");
            assertThat(log.with(session)).isEmpty();
        }
    }

    @Test
    void callsAtOnce_areBounded_andWhatWaitsIs() {
        rules = rules(2, 10, PATIENT);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Disconnects disconnects = ender(connection -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            go.await();
            underWay.decrementAndGet();
            connection.write(OVER);
        });
        List<CompletableFuture<Boolean>> ends = IntStream.range(0, 12)
                .mapToObj(i -> disconnects.end(tenant, List.of("s-" + i), EndCause.NOT_PUBLISHED))
                .toList();

        assertThat(ends.get(10)).as("no place to wait").isCompletedWithValue(false);
        assertThat(ends.get(11)).isCompletedWithValue(false);
        await().atMost(PATIENT).until(() -> underWay.get() == 2);
        go.countDown();

        assertThat(ends.subList(0, 10))
                .allMatch(end -> end.orTimeout(30, TimeUnit.SECONDS).join());
        assertThat(most).hasValue(2);
        assertThat(count("serai.sessions.ended", EndCause.NOT_PUBLISHED)).isEqualTo(10);
        assertThat(count("serai.sessions.left", EndCause.NOT_PUBLISHED)).isEqualTo(2);
        assertThat(meters.get("serai.disconnect.waiting").gauge().value()).isZero();
    }

    @Test
    void close_waitsForWhatIsUnderWay_forALittle_andLeavesTheRest() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Disconnects disconnects = ender(connection -> never.await());
        CompletableFuture<Boolean> hangs = disconnects.end(tenant, List.of(session), EndCause.NOT_PUBLISHED);
        await().atMost(PATIENT).until(() -> requests().size() == 1);

        disconnects.close();

        assertThat(hangs.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(disconnects.end(tenant, List.of("later"), EndCause.NOT_PUBLISHED))
                .isCompletedWithValue(false);
        assertThat(count("serai.sessions.left", EndCause.NOT_PUBLISHED)).isEqualTo(2);
    }

    @Test
    void tenantThatIsNoneAnyMore_leavesItsSessions() {
        Disconnects disconnects = ender(connection -> connection.write(OVER));

        assertThat(disconnects.end("gone-" + tenant, List.of("one", "two"), EndCause.CLOSE_AFTER))
                .isCompletedWithValue(false);
        assertThat(meters.get("serai.sessions.left")
                        .tags("tenant", "gone-" + tenant, "cause", "close_after")
                        .counter()
                        .count())
                .isEqualTo(2);
    }
}
