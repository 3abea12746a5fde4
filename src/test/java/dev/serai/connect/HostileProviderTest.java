package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.conversation.ConversationFailure;
import dev.serai.conversation.EventInFlight;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.HostileAnswer;
import dev.serai.testing.Incoming;
import dev.serai.testing.LogLines;
import dev.serai.testing.RunningSerai;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Hundreds of answers that no provider should give, byte for byte through the service's own route and client: each comes to
 * what it means, none stalls, none is a defect, none gives a secret away, and after each the next event gets its room.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class HostileProviderTest {
    private static final int ANSWERS = 240;

    /** Of answers that come, none takes so long, on whatever machine; the one that does not come is waited for twice. */
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(3);

    /** For an event that waits until its deadline; another one has a minute. */
    private static final Duration LITTLE_TIME = Duration.ofMillis(400);

    /** For one whose answer did not come in as little time. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The longest that an event waits for, and what the machine takes. */
    private static final Duration PROMPT = PATIENCE.plusSeconds(5);

    private volatile HostileAnswer answer = HostileAnswer.room();

    @Test
    void everyAnswer_hasItsCategory() throws Exception {
        long seed = Long.getLong("serai.test.seed", 12);
        System.out.println("seed " + seed + " (-Dserai.test.seed=" + seed + ")");
        SplittableRandom random = new SplittableRandom(seed);
        Map<ErrorCategory, Integer> seen = new EnumMap<>(ErrorCategory.class);
        List<String> wrong = new ArrayList<>();
        try (LogLines log = LogLines.ofAll();
                ConnectionServer provider = new ConnectionServer(connection -> {
                    if (connection.readRequest()) {
                        answer.writeTo(connection.socket());
                    }
                });
                RunningSerai serai = new RunningSerai(
                        settings(),
                        backends -> RunningSerai.withProvider(
                                backends, URI.create("http://127.0.0.1:" + provider.port()), RunningSerai.API_KEY))) {
            List<HostileAnswer> answers = new ArrayList<>(HostileAnswer.single());
            while (answers.size() < ANSWERS) {
                answers.add(HostileAnswer.any(random));
            }
            for (HostileAnswer hostile : answers) {
                String problem = problemOf(serai, hostile, LITTLE_TIME);
                if (problem != null && isTooLate(problem)) {
                    problem = problemOf(serai, hostile, PATIENCE);
                }
                if (problem != null) {
                    wrong.add(hostile + ": " + problem);
                }
                ErrorCategory category = hostile.category();
                if (category != null) {
                    seen.merge(category, 1, Integer::sum);
                }
            }
            assertThat(secrets().flatMap(secret -> log.with(secret).stream()))
                    .as("log lines with secrets")
                    .isEmpty();
        }
        System.out.println(ANSWERS + " answers: " + seen);
        assertThat(wrong).as("seed " + seed).isEmpty();
        assertThat(seen).as("what was tried").hasSizeGreaterThan(6);
    }

    /**
     * Of a call that is answered so, and of the next, which is answered with a room; null if there is none.
     *
     * @param waits how long an event may wait whose answer holds all others back
     */
    private @Nullable String problemOf(RunningSerai serai, HostileAnswer hostile, Duration waits) {
        answer = hostile;
        long begun = System.nanoTime();
        Exchange done = connect(serai, event(hostile.isWaitedFor() ? waits.toMillis() : 60_000));
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        answer = HostileAnswer.room();
        Exchange next = connect(serai, event(60_000));
        String problem = problem(hostile, done, took);
        return problem == null && next.getException() != null ? "the next call: " + next.getException() : problem;
    }

    /** What an answer comes to on a machine that stood still: it is given once more, with patience. */
    private static boolean isTooLate(String problem) {
        return problem.contains("SocketTimeoutException") || problem.startsWith(ErrorCategory.EXPIRED.name());
    }

    private static Map<String, String> settings() {
        return RunningSerai.withoutSources(Map.of(
                "serai.connect.max-attempts",
                "2",
                "serai.connect.response-timeout",
                RESPONSE_TIMEOUT.toMillis() + "ms",
                "serai.connect.total-timeout",
                2 * RESPONSE_TIMEOUT.toSeconds() + "s",
                // Each answer is to fail by itself.
                "serai.connect.gate.outage-calls",
                "1000"));
    }

    private static OriginalRecord event(long ttlMillis) {
        return Incoming.event("key", "{'character_id':'c','continuity':'fresh','ttl_ms':" + ttlMillis + "}");
    }

    private static Exchange connect(RunningSerai serai, OriginalRecord event) {
        return serai.send("direct:connect", event, serai.step("decodeEvent"));
    }

    private static Stream<String> secrets() {
        return Stream.concat(HostileAnswer.SECRETS.stream(), Stream.of(RunningSerai.API_KEY));
    }

    private static @Nullable String problem(HostileAnswer hostile, Exchange done, Duration took) {
        if (took.compareTo(PROMPT) > 0) {
            return "took " + took;
        }
        ErrorCategory expected = hostile.category();
        Exception thrown = done.getException();
        if (thrown == null) {
            return expected == null && EventInFlight.of(done).failure() == null ? null : "a room, not " + expected;
        }
        if (!(thrown instanceof ConversationFailure conversationFailure)) {
            return "a defect: " + thrown;
        }
        Failure failure = conversationFailure.failure();
        String text = failure.detail() + " " + thrown;
        if (secrets().anyMatch(text::contains)) {
            return "a secret in " + text;
        }
        return failure.category() == expected ? null : failure.category() + ", not " + expected + ": " + text;
    }
}
