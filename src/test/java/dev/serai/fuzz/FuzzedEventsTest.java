package dev.serai.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.LogLines;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.wire.Json;
import dev.serai.wire.WireSchemas;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Events of a seeded generator through the whole service: each is answered exactly once, under a category of its own that
 * is never {@code internal_error}, a failure leaves exactly one dead letter, nothing stalls, and no secret comes out.
 *
 * <p>The schemas are checked of every hundredth answer: to check all would take longer than to make them.
 */
@BesideOthers
@LeftToCi
class FuzzedEventsTest {
    private static final int WAVE = 5_000;
    private static final int CHECKED = 100;
    private static final String NUMBER_HEADER = "correlation_id";
    private static final String CHARACTER = "fuzzed";

    /** What tokens, here those of rooms and the planted one, all begin with. */
    private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{8}");

    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void fuzzedEvents_areAnsweredOnceEach() throws Exception {
        run(5_000);
    }

    @Test
    @Tag("chaos-long")
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void millionFuzzedEvents_areAnsweredOnceEach() throws Exception {
        run(1_000_000);
    }

    private static void run(int events) throws Exception {
        long seed = Long.getLong("serai.test.seed", new Random().nextLong());
        System.out.println("FuzzedEventsTest: serai.test.seed=" + seed);
        Map<String, String> settings = RunningSerai.withoutSources(Map.of(
                "serai.conversation.default-character-id",
                CHARACTER,
                "serai.conversation.max-event-bytes",
                EventFuzzer.MAX_EVENT_BYTES + "",
                "serai.reply.default-ttl",
                "10m",
                "serai.connect.max-concurrent",
                "32"));
        try (LogLines log = LogLines.ofAll();
                RunningSerai serai = new RunningSerai(settings);
                Answers answers = new Answers(serai)) {
            EventFuzzer fuzzer = new EventFuzzer(seed, CHARACTER);
            long slowest = 0;
            for (int from = 0; from < events; from += WAVE) {
                long begun = System.nanoTime();
                publish(fuzzer, from, WAVE, serai);
                answers.await(from + WAVE);
                slowest = Math.max(slowest, System.nanoTime() - begun);
                if (from % (10 * WAVE) == 0) {
                    System.out.printf("%d events: %s%n", from + WAVE, answers.categories);
                }
            }
            System.out.printf(
                    "%d events: %s; slowest %d in %d ms%n",
                    events, answers.categories, WAVE, TimeUnit.NANOSECONDS.toMillis(slowest));
            assertThat(answers.categories).doesNotContainKey("internal_error").containsKeys("started", "invalid_event");
            assertThat(answers.deadLetters.cardinality())
                    .isEqualTo(events
                            - answers.categories.getOrDefault("started", 0)
                            - answers.categories.getOrDefault("ended", 0));
            for (String secret : List.of(RunningSerai.API_KEY, EventFuzzer.SECRET)) {
                assertThat(log.with(secret)).isEmpty();
            }
            String metrics = serai.service()
                    .camelContext()
                    .getRegistry()
                    .findSingleByType(PrometheusMeterRegistry.class)
                    .scrape();
            assertThat(metrics).doesNotContain(RunningSerai.API_KEY).doesNotContainPattern(TOKEN);
        }
    }

    /** Each event has a key of its own, or none: one that is answered twice would show. */
    private static void publish(EventFuzzer fuzzer, int from, int count, RunningSerai serai)
            throws InterruptedException, ExecutionException {
        try (KafkaProducer<byte[], byte[]> producer = Producers.with(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                serai.bootstrapServers(),
                ProducerConfig.LINGER_MS_CONFIG,
                5))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = from; i < from + count; i++) {
                ProducerRecord<byte[], byte[]> event = new ProducerRecord<>(
                        serai.settings().kafka().startTopic(),
                        null,
                        i % 7 == 0 ? null : EventFuzzer.utf8("key-" + i),
                        fuzzer.value(),
                        fuzzer.headers());
                event.headers().add(NUMBER_HEADER, EventFuzzer.utf8(Integer.toString(i)));
                sent.add(producer.send(event));
            }
            for (Future<RecordMetadata> position : sent) {
                position.get();
            }
        }
    }

    /** What comes out, looked at and not kept. For one thread. */
    private static final class Answers implements AutoCloseable {
        private static final Duration PATIENCE = Duration.ofMinutes(2);

        private final String replyTopic;
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final BitSet replies = new BitSet();
        private final BitSet failures = new BitSet();
        private final BitSet deadLetters = new BitSet();
        private final Map<String, Integer> categories = new TreeMap<>();
        private long seen;

        Answers(RunningSerai serai) {
            replyTopic = serai.settings().kafka().replyTopic();
            Map<String, Object> properties = new HashMap<>();
            properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, serai.bootstrapServers());
            properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            List<TopicPartition> partitions = List.of(
                            replyTopic, serai.settings().kafka().deadLetterTopic())
                    .stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        void await(int events) {
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (replies.cardinality() < events || deadLetters.cardinality() < failures.cardinality()) {
                assertThat(System.nanoTime())
                        .as("events without an answer: %s", missing(events))
                        .isLessThan(until);
                consumer.poll(Duration.ofMillis(100)).forEach(this::look);
            }
        }

        private String missing(int events) {
            BitSet missing = new BitSet();
            missing.set(0, events);
            missing.andNot(replies);
            return missing.cardinality() + " from " + missing.nextSetBit(0);
        }

        private void look(ConsumerRecord<byte[], byte[]> answer) {
            seen++;
            int number = Integer.parseInt(text(answer.headers().lastHeader(NUMBER_HEADER)));
            if (answer.topic().equals(replyTopic)) {
                assertThat(replies.get(number)).as("second reply to %s", number).isFalse();
                replies.set(number);
                lookAtReply(reply(answer), number);
            } else {
                assertThat(deadLetters.get(number))
                        .as("second dead letter of %s", number)
                        .isFalse();
                deadLetters.set(number);
                lookAtDeadLetter(answer, number);
            }
        }

        /** That to a CloudEvent in structured mode is the data of one. */
        private static JsonNode reply(ConsumerRecord<byte[], byte[]> answer) {
            JsonNode value = json(answer.value());
            Header contentType = answer.headers().lastHeader("content-type");
            return contentType != null && text(contentType).equals("application/cloudevents+json")
                    ? value.path("data")
                    : value;
        }

        private void lookAtReply(JsonNode reply, int number) {
            boolean failed = reply.path("status").asText().equals("failed");
            String category = failed
                    ? reply.at("/error/category").asText()
                    : reply.path("status").asText();
            categories.merge(category, 1, Integer::sum);
            assertThat(category).as("reply to %s: %s", number, reply).isNotEqualTo("internal_error");
            if (failed) {
                failures.set(number);
            }
            // An event's own id is what its reply is known by, whatever it is.
            assertThat(reply.path("error") + " " + reply.path("ignored") + " " + reply.path("enrichment"))
                    .as("reply to %s", number)
                    .doesNotContain(RunningSerai.API_KEY)
                    .doesNotContainPattern(TOKEN)
                    .matches(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text), "has whole characters");
            if (seen % CHECKED == 0) {
                WireSchemas.assertReply(reply);
            }
        }

        private void lookAtDeadLetter(ConsumerRecord<byte[], byte[]> letter, int number) {
            String category = text(letter.headers().lastHeader("serai-error-category"));
            assertThat(category).as("dead letter of %s", number).isNotEqualTo("internal_error");
            assertThat(text(letter.headers().lastHeader("serai-error-detail")))
                    .as("dead letter of %s", number)
                    .isNotBlank()
                    .doesNotContain(RunningSerai.API_KEY)
                    .doesNotContainPattern(TOKEN);
        }

        private static JsonNode json(byte[] value) {
            try {
                return (ObjectNode) Json.MAPPER.readTree(value);
            } catch (IOException e) {
                throw new AssertionError("a reply is no JSON", e);
            }
        }

        private static String text(Header header) {
            return new String(header.value(), StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
