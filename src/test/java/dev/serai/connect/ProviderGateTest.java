package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connect.gate.HoldReason;
import dev.serai.http.Credentials;
import dev.serai.service.Backends;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.StartConversation;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of many events when the provider does not take them: they wait, and nobody is flooded. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class ProviderGateTest {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderGateTest.class);

    @TempDir
    Path directory;

    @Test
    void outageOfTheProvider_isWaitedFor() {
        outageIsWaitedFor(Duration.ofSeconds(5), 1_500);
    }

    @Test
    @Tag("chaos-long")
    void outageOfAMinute_isWaitedFor() {
        outageIsWaitedFor(Duration.ofMinutes(1), 5_000);
    }

    private static void outageIsWaitedFor(Duration outage, int events) {
        try (RunningSerai serai = new RunningSerai(RunningSerai.withoutSources(Map.of(
                        "serai.connect.max-concurrent", "64",
                        "serai.connect.initial-backoff", "1s",
                        "serai.connect.max-backoff", "8s",
                        "serai.connect.gate.outage-probe", "2s",
                        "serai.connect.gate.max-outage-probe", Math.max(2, outage.toSeconds() / 6) + "s",
                        "serai.conversation.ttl", "5m")));
                TopicReader replies = repliesOf(serai)) {
            serai.standIn().script(FaultScript.always(Fault.html(503)));
            long begun = System.nanoTime();
            publish(serai, events, Instant.now());
            Awaitility.await("the outage is noticed")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> hold(serai) == HoldReason.OUTAGE);
            Awaitility.await("the outage lasts")
                    .atMost(outage.plusSeconds(60))
                    .until(() -> System.nanoTime() - begun > outage.toNanos());
            int callsInTheOutage = serai.standIn().calls().size();
            assertThat(replies.all()).isEmpty();

            serai.standIn().clearFaults();
            long over = System.nanoTime();
            awaitReplies(replies, events);

            LOG.info(
                    "Outage of {} s: {} calls in it; {} events answered {} ms after it",
                    outage.toSeconds(),
                    callsInTheOutage,
                    events,
                    Duration.ofNanos(System.nanoTime() - over).toMillis());
            assertThat(callsInTheOutage).isLessThan(64 + 40);
            assertThat(serai.deadLetters()).isEmpty();
            assertThat(replies.all()).hasSize(events).allMatch(reply -> "started"
                    .equals(TopicReader.header(reply, "serai-status")));
        }
    }

    @Test
    void eventsThatAreHoursOld_expireWithoutACall() {
        oldEventsExpireWithoutACall(2_000);
    }

    @Test
    @Tag("chaos-long")
    void tenThousandEventsThatAreHoursOld_expireWithoutACall() {
        oldEventsExpireWithoutACall(10_000);
    }

    private static void oldEventsExpireWithoutACall(int events) {
        try (RunningSerai serai = new RunningSerai();
                TopicReader replies = repliesOf(serai)) {
            long begun = System.nanoTime();
            publish(serai, events, Instant.now().minus(Duration.ofHours(5)));

            awaitReplies(replies, events);

            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            LOG.info("{} old events expired in {} ms", events, took.toMillis());
            assertThat(serai.standIn().calls()).isEmpty();
            assertThat(replies.all()).hasSize(events).allMatch(reply -> {
                JsonNode error = RunningSerai.json(reply).path("error");
                return error.path("category").asText().equals("expired")
                        && error.path("detail").asText().matches(".* passed \\d+ (ms|s|min|h) ago.*");
            });
            assertThat(serai.deadLetters()).hasSize(events);
            assertThat(took).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void wrongKey_isWaitedFor_andMendedInItsFile() throws Exception {
        Path keyFile = Files.writeString(directory.resolve("key"), "wrong-key\n");
        try (RunningSerai serai = new RunningSerai(
                Map.of("serai.connect.api-key-file", keyFile.toString()),
                backends -> RunningSerai.withApiKey(backends, "wrong-key"))) {
            for (int i = 0; i < 20; i++) {
                serai.publish("key-" + i, "{\"event_id\":\"e" + i + "\",\"character_id\":\"c\"}");
            }
            Awaitility.await("readiness")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> serai.page("/health").statusCode() == 503);
            long refused = System.nanoTime();
            String reason = serai.page("/health").body().replace("\\/", "/");
            assertThat(reason)
                    .contains("refuses the API key of tenant default: put one that it accepts into " + keyFile)
                    .doesNotContain("wrong-key");
            assertThat(serai.deadLetters()).isEmpty();
            assertThat(serai.replies()).isEmpty();

            long mended = System.nanoTime();
            Files.writeString(keyFile, RunningSerai.API_KEY + "\n");

            for (int i = 0; i < 20; i++) {
                JsonNode reply = serai.replyTo("e" + i);
                assertThat(reply.path("status").asText()).isEqualTo("started");
                assertThat(reply.at("/timings_ms/queued").asLong())
                        .as("the wait is no part of the calls")
                        .isGreaterThanOrEqualTo(TimeUnit.NANOSECONDS.toMillis(mended - refused));
            }
            assertThat(serai.page("/health").statusCode()).isEqualTo(200);
            assertThat(serai.deadLetters()).isEmpty();
        }
    }

    /** Issue 15: as a refused key, but that nobody is to change the key. */
    @Test
    void planThatIsUsedUp_isWaitedFor_andSaidByReadiness() throws Exception {
        try (RunningSerai serai = new RunningSerai(
                RunningSerai.withoutSources(Map.of("serai.connect.gate.credentials-probe", "500ms")))) {
            serai.standIn().script(FaultScript.always(Fault.status(429, "usage limit exceeded for current plan")));
            for (int i = 0; i < 20; i++) {
                serai.publish("key-" + i, "{\"event_id\":\"e" + i + "\",\"character_id\":\"c\"}");
            }
            serai.publish("late", "{\"event_id\":\"late\",\"character_id\":\"c\",\"ttl_ms\":2500}");
            Awaitility.await("readiness")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> serai.page("/health").statusCode() == 503);
            assertThat(serai.page("/health").body())
                    .contains("the provider says that the plan of tenant default is used up: raise it, or wait until")
                    .doesNotContain("API key");
            assertThat(hold(serai)).isEqualTo(HoldReason.QUOTA);

            JsonNode late = serai.replyTo("late");
            assertThat(late.at("/error/category").asText()).isIn("quota_exhausted", "expired");
            assertThat(late.at("/error/detail").asText()).containsAnyOf("until the deadline", "plan is used up");
            assertThat(serai.replies()).hasSize(1);

            serai.standIn().clearFaults();

            for (int i = 0; i < 20; i++) {
                assertThat(serai.replyTo("e" + i).path("status").asText()).isEqualTo("started");
            }
            assertThat(serai.page("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void wrongKey_leavesEventsUntilTheirDeadline() {
        try (RunningSerai serai = new RunningSerai(
                Map.of("serai.connect.gate.credentials-probe", "30s"),
                backends -> RunningSerai.withApiKey(backends, "wrong-key"))) {
            serai.publish("one", "{\"event_id\":\"one\",\"character_id\":\"c\",\"ttl_ms\":2000}");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> hold(serai) == HoldReason.CREDENTIALS);
            serai.publish("two", "{\"event_id\":\"two\",\"character_id\":\"c\",\"ttl_ms\":1000}");

            JsonNode one = serai.replyTo("one");
            JsonNode two = serai.replyTo("two");

            assertThat(one.at("/error/category").asText()).isEqualTo("unauthorized");
            assertThat(one.at("/error/detail").asText()).contains("until the deadline");
            assertThat(two.at("/error/category").asText())
                    .as("never called for")
                    .isEqualTo("expired");
            assertThat(two.at("/error/detail").asText()).contains("the provider refuses the credentials");
            assertThat(two.path("attempts").asInt()).isZero();
            assertThat(serai.connectCalls("c")).hasSize(1);
        }
    }

    /** As of a character that is not this account's: nothing but another event's room shows that the account is good. */
    @Test
    void eventThatIsRefusedForItself_holdsNobodyUp() {
        try (RunningSerai serai = new RunningSerai(
                RunningSerai.withoutSources(Map.of("serai.connect.gate.credentials-probe", "300ms")))) {
            serai.standIn()
                    .script(FaultScript.always(Fault.status(403, "no access")).forCharacter("foreign"));
            serai.publish("a", "{\"event_id\":\"refused\",\"character_id\":\"foreign\",\"ttl_ms\":60000}");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> hold(serai) == HoldReason.CREDENTIALS);

            serai.publish("b", "{\"event_id\":\"other\",\"character_id\":\"c\",\"ttl_ms\":50000}");
            serai.publish("c", "{\"event_id\":\"later\",\"character_id\":\"c\",\"ttl_ms\":3600000}");

            assertThat(serai.replyTo("other").path("status").asText()).isEqualTo("started");
            assertThat(serai.replyTo("later").path("status").asText()).isEqualTo("started");
            assertThat(serai.repliesTo("refused")).isEmpty();
            int before = serai.connectCalls("foreign").size();
            for (int more = 0; serai.repliesTo("refused").isEmpty() && more < 100; more++) {
                serai.publish("d" + more, "{\"event_id\":\"more-" + more + "\",\"character_id\":\"c\"}");
                serai.replyTo("more-" + more);
            }
            JsonNode refused = serai.replyTo("refused");
            assertThat(refused.at("/error/category").asText()).isEqualTo("forbidden");
            assertThat(refused.at("/error/detail").asText()).doesNotContain("deadline");
            assertThat(serai.connectCalls("foreign")).hasSizeGreaterThan(before);
        }
    }

    @Test
    void tenants_haveKeysAndGatesOfTheirOwn() throws Exception {
        String acmesKey = "acme-key";
        Path keyFile = Files.writeString(directory.resolve("acme"), acmesKey);
        try (StandIn acmes = StandIn.start(StandInOptions.defaults().withPort(0).withApiKey(acmesKey));
                RunningSerai serai = new RunningSerai(
                        RunningSerai.withoutSources(Map.of(
                                "serai.tenants.acme.api-key-file",
                                keyFile.toString(),
                                "serai.tenants.acme.max-concurrent",
                                "1")),
                        backends -> withTenant(backends, "acme", acmes.baseUrl(), acmesKey))) {
            acmes.script(FaultScript.always(Fault.status(429, "Concurrency limit reached")));
            serai.publish("a", "{\"event_id\":\"busy\",\"character_id\":\"c\",\"tenant\":\"acme\"}");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !acmes.calls()
                    .isEmpty());

            serai.publish("b", "{\"event_id\":\"other\",\"character_id\":\"c\"}");
            serai.publish("c", Incoming.json("{'event_id':'nobodys','character_id':'c','tenant':'nobody'}"));

            assertThat(serai.replyTo("other").path("status").asText()).isEqualTo("started");
            assertThat(serai.replyTo("nobodys").at("/error/category").asText()).isEqualTo("invalid_event");
            assertThat(serai.repliesTo("busy")).isEmpty();
            acmes.clearFaults();
            assertThat(serai.replyTo("busy").path("status").asText()).isEqualTo("started");
            assertThat(serai.standIn().calls()).as("each at its own").hasSize(1);
        }
    }

    /** Issue 12, A4: a process that works for the others stays in service. */
    @Test
    void refusedKeyOfOneTenant_isThatTenantsDetail() throws Exception {
        Path keyFile = Files.writeString(directory.resolve("acme"), "wrong-key");
        try (RunningSerai serai = new RunningSerai(
                RunningSerai.withoutSources(Map.of("serai.tenants.acme.api-key-file", keyFile.toString())),
                backends -> withTenant(backends, "acme", baseUrl(backends), "wrong-key"))) {
            serai.publish("a", "{\"event_id\":\"refused\",\"character_id\":\"c\",\"tenant\":\"acme\"}");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> serai.service().gate("acme").status().hold() == HoldReason.CREDENTIALS);

            HttpResponse<String> health = serai.page("/health?data=true");
            serai.publish("b", "{\"event_id\":\"other\",\"character_id\":\"c\"}");

            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body().replace("\\/", "/"))
                    .contains("\"acme.gate\"")
                    .contains("acme.problem")
                    .contains("refuses this tenant's API key: put one that it accepts into " + keyFile)
                    .doesNotContain("default.problem")
                    .doesNotContain("wrong-key");
            assertThat(serai.replyTo("other").path("status").asText()).isEqualTo("started");
        }
    }

    private static URI baseUrl(Backends all) {
        return Objects.requireNonNull(all.providers().get(StartConversation.DEFAULT_TENANT))
                .baseUrl();
    }

    private static Backends withTenant(Backends all, String tenant, URI baseUrl, String key) {
        Map<String, ProviderAccount> accounts = new HashMap<>(all.providers());
        accounts.put(tenant, new ProviderAccount(baseUrl, new Credentials(key)));
        return new Backends(all.kafkaProperties(), accounts, null);
    }

    private static TopicReader repliesOf(RunningSerai serai) {
        return serai.reader(serai.settings().kafka().replyTopic());
    }

    private static HoldReason hold(RunningSerai serai) {
        HoldReason hold =
                serai.service().gate(StartConversation.DEFAULT_TENANT).status().hold();
        return hold == null ? HoldReason.CONCURRENCY : hold;
    }

    private static void publish(RunningSerai serai, int events, Instant timestamp) {
        try (KafkaProducer<byte[], byte[]> producer = Producers.plain(serai.bootstrapServers())) {
            for (int i = 0; i < events; i++) {
                Future<RecordMetadata> unused = producer.send(
                        new ProducerRecord<>(
                                serai.settings().kafka().startTopic(),
                                null,
                                timestamp.toEpochMilli(),
                                Incoming.utf8("key-" + i),
                                Incoming.utf8("{\"event_id\":\"e" + i + "\",\"character_id\":\"c\"}")),
                        (sent, failure) -> assertThat(failure).isNull());
            }
        }
    }

    private static void awaitReplies(TopicReader replies, int events) {
        Awaitility.await("replies")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> replies.all().size() >= events);
    }
}
