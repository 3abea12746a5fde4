package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.Pace;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider that worked fails as a whole and comes back, while events come at an even pace: none that has time left
 * becomes a dead letter, and the provider is left alone meanwhile. {@code OutageSimulationTest} plays the same cells in a
 * time of their own.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class ProviderOutageTest {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderOutageTest.class);

    /** As provider.md says. */
    private static final int BEFORE_THE_GATE_CLOSES = 35;

    private static final int PROBES_OF_THE_FIRST_MINUTE = 7;

    /** The product's defaults, which tests shorten as a rule. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "serai.connect.initial-backoff", "1s",
            "serai.connect.max-backoff", "8s",
            "serai.connect.max-retry-after", "30s",
            "serai.connect.response-timeout", "10s",
            "serai.connect.gate.cool-down", "4700ms",
            "serai.connect.gate.outage-probe", "2s",
            "serai.connect.gate.max-outage-probe", "15s",
            "serai.conversation.ttl", "10m");

    private enum Failing {
        UNAVAILABLE(false) {
            @Override
            void begin(Provider provider) {
                provider.standIn.script(FaultScript.always(Fault.html(503)));
            }
        },
        REFUSED(false) {
            @Override
            void begin(Provider provider) {
                provider.standIn.close();
            }

            @Override
            void end(Provider provider) {
                provider.restart();
            }
        },
        RESET(true) {
            @Override
            void begin(Provider provider) {
                provider.standIn.script(FaultScript.always(Fault.resetBefore()));
            }
        },
        HANGING(true) {
            @Override
            void begin(Provider provider) {
                provider.standIn.script(FaultScript.always(Fault.hang()));
            }
        };

        private final boolean losesAnswers;

        Failing(boolean losesAnswers) {
            this.losesAnswers = losesAnswers;
        }

        abstract void begin(Provider provider);

        void end(Provider provider) {
            provider.standIn.clearFaults();
        }
    }

    /** A stand-in that can go and come back at the same address. */
    private static final class Provider implements AutoCloseable {
        private final StandInOptions options = StandInOptions.defaults().withApiKey(RunningSerai.API_KEY);
        private StandIn standIn = StandIn.start(options.withPort(0));

        void restart() {
            standIn = StandIn.start(options.withPort(standIn.baseUrl().getPort()));
        }

        @Override
        public void close() {
            standIn.close();
        }
    }

    /** What a cell came to. */
    private record Result(
            long failedCalls, int events, int rooms, int possibleDuplicates, int deadLetters, Duration afterwards) {}

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, 1", "UNAVAILABLE, 10", "UNAVAILABLE, 100",
        "REFUSED, 1", "REFUSED, 10", "REFUSED, 100",
        "RESET, 1", "RESET, 10", "RESET, 100",
        "HANGING, 1", "HANGING, 10", "HANGING, 100"
    })
    @Tag("chaos-long")
    void outageOfAMinute_eatsNoEvent(Failing failing, int perSecond) throws Exception {
        Result result = play(failing, perSecond, Duration.ofSeconds(20), Duration.ofMinutes(1), DEFAULTS);

        assertNothingIsEaten(failing, result);
        assertThat(result.failedCalls()).isLessThanOrEqualTo(BEFORE_THE_GATE_CLOSES + PROBES_OF_THE_FIRST_MINUTE);
    }

    /** The others are played with all defaults only, and in {@code ProviderGateTest}. */
    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "RESET"})
    void outage_eatsNoEvent(Failing failing) throws Exception {
        Map<String, String> settings = new HashMap<>(DEFAULTS);
        // Without the last pauses, and without the long wait for an answer.
        settings.put("serai.connect.response-timeout", "1s");
        settings.put("serai.connect.gate.max-outage-probe", "2s");

        Result result = play(failing, 30, Duration.ofSeconds(2), Duration.ofSeconds(4), settings);

        assertNothingIsEaten(failing, result);
        assertThat(result.failedCalls()).isLessThanOrEqualTo(BEFORE_THE_GATE_CLOSES + 2);
    }

    private static void assertNothingIsEaten(Failing failing, Result result) {
        assertThat(result.deadLetters()).isZero();
        assertThat(result.rooms()).isEqualTo(result.events());
        assertThat(result.possibleDuplicates())
                .as("said where answers are lost, or were under way")
                .isBetween(
                        failing.losesAnswers ? 1 : 0, failing == Failing.UNAVAILABLE ? 0 : (int) result.failedCalls());
    }

    private static Result play(
            Failing failing, int perSecond, Duration before, Duration outage, Map<String, String> settings)
            throws IOException, InterruptedException {
        try (Provider provider = new Provider();
                RunningSerai serai = new RunningSerai(
                        RunningSerai.withoutSources(settings),
                        backends ->
                                RunningSerai.withProvider(backends, provider.standIn.baseUrl(), RunningSerai.API_KEY));
                TopicReader replies = serai.reader(serai.settings().kafka().replyTopic());
                TopicReader deadLetters = serai.reader(serai.settings().kafka().deadLetterTopic());
                Load load = new Load(serai, perSecond)) {
            load.publishFor(before);
            failing.begin(provider);
            load.publishFor(outage);
            assertThat(health(serai))
                    .as("no reason to restart")
                    .startsWith("200")
                    .contains("\"default.gate\":\"outage\"");
            failing.end(provider);
            long over = System.nanoTime();
            load.publishFor(Duration.ofSeconds(2));
            Awaitility.await("an answer to every event")
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> replies.all().size() >= load.events());
            List<JsonNode> answers =
                    replies.all().stream().map(RunningSerai::json).toList();
            Result result = new Result(
                    failedCalls(serai),
                    load.events(),
                    (int) answers.stream()
                            .filter(reply -> reply.path("status").asText().equals("started"))
                            .count(),
                    (int) answers.stream()
                            .filter(reply ->
                                    reply.path("possible_duplicate_session").asBoolean())
                            .count(),
                    deadLetters.all().size(),
                    Duration.ofNanos(System.nanoTime() - over));
            LOG.info("{} at {}/s for {} s: {}", failing, perSecond, outage.toSeconds(), result);
            return result;
        }
    }

    private static String health(RunningSerai serai) {
        HttpResponse<String> response = serai.page("/health?data=true");
        return response.statusCode() + " " + response.body().replaceAll("\\s", "");
    }

    private static long failedCalls(RunningSerai serai) {
        MeterRegistry meters = serai.meters();
        return meters.find("serai.connect.calls").timers().stream()
                .filter(calls -> !"connected".equals(calls.getId().getTag("outcome")))
                .mapToLong(Timer::count)
                .sum();
    }

    /** Events of conversations of their own, at an even pace. */
    private static final class Load implements AutoCloseable {
        private final KafkaProducer<byte[], byte[]> producer;
        private final String topic;
        private final Pace pace;
        private final int perSecond;
        private final List<Future<?>> sent = new ArrayList<>();

        Load(RunningSerai serai, int perSecond) {
            this.perSecond = perSecond;
            topic = serai.settings().kafka().startTopic();
            producer = Producers.atOnce(serai.bootstrapServers());
            pace = Pace.perSecond(perSecond);
        }

        void publishFor(Duration time) {
            for (long left = time.toSeconds() * perSecond; left > 0; left--) {
                pace.awaitTurn();
                String id = "e" + sent.size();
                sent.add(producer.send(new ProducerRecord<>(
                        topic,
                        Incoming.utf8(id),
                        Incoming.utf8("{\"event_id\":\"" + id + "\",\"character_id\":\"c\"}"))));
            }
        }

        int events() {
            return sent.size();
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
