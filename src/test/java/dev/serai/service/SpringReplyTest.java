package dev.serai.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.kafka.requestreply.CorrelationKey;
import org.springframework.kafka.requestreply.KafkaReplyTimeoutException;
import org.springframework.kafka.requestreply.ReplyingKafkaTemplate;
import org.springframework.kafka.requestreply.RequestReplyFuture;

/** Spring's own client, as its users have it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class SpringReplyTest {
    /** For tests that are not about Spring's five seconds, with other work beside them. */
    private static final Duration PATIENT = Duration.ofSeconds(60);

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai(RunningSerai.withoutSources(Map.of()));
    }

    private static String event(String id, String character) {
        return "{\"event_id\":\"" + id + "\",\"character_id\":\"" + character + "\"}";
    }

    private static RequestReplyFuture<String, String, String> ask(SpringCaller caller, String id, String character) {
        return caller.ask(serai.settings().kafka().startTopic(), "learner-" + id, event(id, character));
    }

    private static String replyTopic() {
        return serai.settings().kafka().replyTopic();
    }

    private static JsonNode json(ConsumerRecord<String, String> reply) throws Exception {
        return Json.MAPPER.readTree(reply.value());
    }

    private static void assertStarted(ConsumerRecord<String, String> reply, String eventId) throws Exception {
        assertThat(json(reply).path("event_id").asText()).isEqualTo(eventId);
        assertThat(json(reply).path("status").asText()).isEqualTo("started");
    }

    @Test
    void ownPartition_ofATopicThatOthersListenTo() throws Exception {
        List<SpringCaller> callers = new ArrayList<>();
        try {
            for (int partition = 0; partition < 4; partition++) {
                callers.add(SpringCaller.ofPartition(serai.bootstrapServers(), replyTopic(), partition));
            }
            List<RequestReplyFuture<String, String, String>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(ask(callers.get(i % 4), "partition-" + i, "guide"));
            }

            for (int i = 0; i < 20; i++) {
                ConsumerRecord<String, String> reply = answers.get(i).get(30, TimeUnit.SECONDS);
                assertThat(reply.partition()).isEqualTo(i % 4);
                assertStarted(reply, "partition-" + i);
            }
        } finally {
            for (SpringCaller caller : callers) {
                caller.close();
            }
        }
    }

    @Test
    void topicOfOneCaller_hasItsRepliesAndNoOthers() throws Exception {
        try (SpringCaller caller = SpringCaller.ofTopic(
                serai.bootstrapServers(),
                serai.allowedReplyTopic(),
                template -> template.setDefaultReplyTimeout(PATIENT))) {
            JsonNode unknown =
                    json(ask(caller, "unknown", RunningSerai.UNKNOWN_CHARACTER).get());
            JsonNode first = json(ask(caller, "twice", "guide").get());
            JsonNode second = json(ask(caller, "twice", "guide").get());

            assertThat(unknown.at("/error/category").asText()).isEqualTo("character_not_found");
            assertThat(first.path("status").asText()).isEqualTo("started");
            assertThat(second.path("repeated").asBoolean()).isTrue();
            assertThat(second.path("room_name")).isEqualTo(first.path("room_name"));
        }
        assertThat(serai.repliesTo("twice")).isEmpty();
    }

    /** One of the two callers sends the id as raw bytes, as is the default, and the other its text. */
    @Test
    void sharedTopic_twoHundredRequestsAtOnce_areEachAnsweredToTheirCaller() throws Exception {
        try (SpringCaller one = SpringCaller.ofTopic(serai.bootstrapServers(), replyTopic(), sharing(true));
                SpringCaller other = SpringCaller.ofTopic(serai.bootstrapServers(), replyTopic(), sharing(false))) {
            List<RequestReplyFuture<String, String, String>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(ask(i % 2 == 0 ? one : other, "shared-" + i, "guide"));
            }

            for (int i = 0; i < 200; i++) {
                assertStarted(answers.get(i).get(), "shared-" + i);
            }
        }
    }

    private static Consumer<ReplyingKafkaTemplate<String, String, String>> sharing(boolean binary) {
        return template -> {
            template.setSharedReplyTopic(true);
            template.setBinaryCorrelation(binary);
            template.setDefaultReplyTimeout(PATIENT);
        };
    }

    @Test
    void failure_isAnExceptionToACheckerThatLooksAtHeadersOnly() throws Exception {
        try (SpringCaller caller = SpringCaller.ofTopic(serai.bootstrapServers(), replyTopic(), template -> {
            template.setSharedReplyTopic(true);
            template.setDefaultReplyTimeout(PATIENT);
            template.setReplyErrorChecker(reply -> {
                Header category = reply.headers().lastHeader("serai-error-category");
                return category == null ? null : new IllegalStateException(new String(category.value(), UTF_8));
            });
        })) {
            assertThatThrownBy(() -> ask(caller, "checked", RunningSerai.UNKNOWN_CHARACTER)
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .rootCause()
                    .hasMessage("character_not_found");
            assertStarted(ask(caller, "passed", "guide").get(), "passed");
        }
    }

    /** Its headers have other names, too. */
    @Test
    void requestOfACallerWhoHasGivenUp_opensNoRoom() throws Exception {
        try (RunningSerai late = new RunningSerai(RunningSerai.withoutSources(Map.of(
                        "serai.reply.default-ttl", "5s",
                        "serai.reply.correlation-headers", "caller",
                        "serai.reply.topic-headers", "caller_topic",
                        "serai.reply.partition-headers", "caller_partition")));
                SpringCaller caller =
                        SpringCaller.ofTopic(late.bootstrapServers(), late.allowedReplyTopic(), template -> {
                            template.setCorrelationHeaderName("caller");
                            template.setReplyTopicHeaderName("caller_topic");
                            template.setReplyPartitionHeaderName("caller_partition");
                        })) {
            String topic = late.settings().kafka().startTopic();
            late.service().close();
            RequestReplyFuture<String, String, String> given = caller.ask(topic, "k", event("given-up", "given-up"));
            RequestReplyFuture<String, String, String> named =
                    caller.ask(topic, "k", event("named", "named").replace("}", ",\"ttl_ms\":600000}"));
            assertThatThrownBy(given::get).hasCauseInstanceOf(KafkaReplyTimeoutException.class);
            assertThatThrownBy(named::get).hasCauseInstanceOf(KafkaReplyTimeoutException.class);

            late.restart(Map.of());

            try (TopicReader replies = new TopicReader(late.bootstrapServers(), late.allowedReplyTopic())) {
                ConsumerRecord<byte[], byte[]> expired = replies.await("reply", reply -> isTo("given-up", reply));
                assertThat(TopicReader.header(expired, "serai-error-category")).isEqualTo("expired");
                assertThat(RunningSerai.json(expired).at("/error/detail").asText())
                        .contains("by its header caller a client waits, for 5000 ms (serai.reply.default-ttl)");
                ConsumerRecord<byte[], byte[]> started = replies.await("reply", reply -> isTo("named", reply));
                assertThat(TopicReader.header(started, "serai-status")).isEqualTo("started");
            }
            assertThat(late.connectCalls("given-up")).isEmpty();
            assertThat(late.connectCalls("named")).hasSize(1);
        }
    }

    private static boolean isTo(String eventId, ConsumerRecord<byte[], byte[]> reply) {
        return RunningSerai.json(reply).path("event_id").asText().equals(eventId);
    }

    /** Why the documents ask for {@code read_committed}: what is taken back ends the waiting of who reads without. */
    @Test
    void abortedReply_isSeenByWhoReadsUncommittedOnly() throws Exception {
        String name = "test.aborted." + UUID.randomUUID();
        serai.createTopic(name);
        serai.createTopic(name + ".requests");
        Consumer<ReplyingKafkaTemplate<String, String, String>> sameId = template -> {
            template.setCorrelationIdStrategy(request -> new CorrelationKey(name.getBytes(UTF_8)));
            template.setDefaultReplyTimeout(PATIENT);
        };
        try (SpringCaller committed = SpringCaller.ofTopic(serai.bootstrapServers(), name, sameId);
                SpringCaller uncommitted = SpringCaller.readingUncommitted(serai.bootstrapServers(), name, sameId);
                KafkaProducer<String, String> replies = transactions(name)) {
            RequestReplyFuture<String, String, String> waits = committed.ask(name + ".requests", "k", "event");
            RequestReplyFuture<String, String, String> fooled = uncommitted.ask(name + ".requests", "k", "event");

            replies.beginTransaction();
            replies.send(reply(name, "taken back")).get();
            assertThat(fooled.get().value()).isEqualTo("taken back");
            replies.abortTransaction();
            replies.beginTransaction();
            replies.send(reply(name, "stays")).get();
            replies.commitTransaction();

            assertThat(waits.get().value()).isEqualTo("stays");
        }
    }

    private static ProducerRecord<String, String> reply(String topic, String value) {
        ProducerRecord<String, String> reply = new ProducerRecord<>(topic, "k", value);
        reply.headers().add("kafka_correlationId", topic.getBytes(UTF_8));
        return reply;
    }

    private static KafkaProducer<String, String> transactions(String name) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        serai.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        name),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }
}
