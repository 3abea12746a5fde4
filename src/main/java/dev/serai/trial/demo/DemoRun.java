package dev.serai.trial.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.kafka.Consumers;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.trial.standin.StandIn;
import dev.serai.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the samples, in their order and all at once but for those that wait for another one's reply, and tells what each
 * came to as soon as it is known. For one thread.
 */
public final class DemoRun {
    /** What tells whose reply it is; it is among the default correlation headers. */
    private static final String CORRELATION_HEADER = "kafka_correlationId";

    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Object> kafkaProperties;
    private final DemoTopics topics;
    private final StandIn standIn;
    private final Duration patience;

    /** What has come back for a sample so far. */
    private static final class Answer {
        private final Sample sample;
        private final long publishedNanos = System.nanoTime();
        private @Nullable JsonNode reply;
        private @Nullable String deadLetter;
        private @Nullable Duration took;

        Answer(Sample sample) {
            this.sample = sample;
        }

        boolean isComplete() {
            return reply != null && (deadLetter != null || !awaitsDeadLetter());
        }

        private boolean awaitsDeadLetter() {
            Sample.Expected expected = sample.expected();
            return expected != null && expected.deadLetter() != null;
        }
    }

    /**
     * @param patience how long to wait for all of the answers
     */
    public DemoRun(Map<String, Object> kafkaProperties, DemoTopics topics, StandIn standIn, Duration patience) {
        this.kafkaProperties = kafkaProperties;
        this.topics = topics;
        this.standIn = standIn;
        this.patience = patience;
    }

    /**
     * Runs all samples.
     *
     * @param stopped ends the waiting when it turns true
     * @param eachResult is told each result as it comes
     * @return all results, in the order in which they came
     * @throws IOException if the stand-in does not take a sample's faults
     * @throws Sample.BrokenSampleException if a sample's intake is none of the service's
     */
    public List<SampleResult> run(List<Sample> samples, BooleanSupplier stopped, Consumer<SampleResult> eachResult)
            throws IOException, InterruptedException {
        samples.forEach(topics::of);
        scriptFaults(samples);
        KafkaConsumer<byte[], byte[]> consumer = Consumers.of(kafkaProperties, Map.of());
        try (var producer =
                new KafkaProducer<>(kafkaProperties, new ByteArraySerializer(), new ByteArraySerializer())) {
            readFromHereOn(consumer);
            List<Sample> waiting = new ArrayList<>(samples);
            Map<String, Answer> open = new LinkedHashMap<>();
            List<SampleResult> results = new ArrayList<>();
            long deadline = System.nanoTime() + patience.toNanos();
            publishThoseAfter(null, waiting, open, producer);
            while (!open.isEmpty() && !stopped.getAsBoolean() && System.nanoTime() < deadline) {
                consumer.poll(POLL).forEach(kafkaRecord -> note(kafkaRecord, open));
                List<Answer> complete =
                        open.values().stream().filter(Answer::isComplete).toList();
                open.values().removeAll(complete);
                for (Answer answer : complete) {
                    conclude(answer, results, eachResult);
                    publishThoseAfter(answer.sample.name(), waiting, open, producer);
                }
            }
            open.values().forEach(answer -> conclude(answer, results, eachResult));
            waiting.stream().map(SampleResult::notPublished).forEach(result -> {
                results.add(result);
                eachResult.accept(result);
            });
            return results;
        } finally {
            Consumers.close(consumer);
        }
    }

    private void scriptFaults(List<Sample> samples) throws IOException, InterruptedException {
        URI faults = standIn.baseUrl().resolve(StandIn.ADMIN_PATH + "/faults");
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (Sample sample : samples) {
                for (JsonNode fault : sample.faults()) {
                    HttpResponse<String> answer = client.send(
                            HttpRequest.newBuilder(faults)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(fault)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() >= 300) {
                        throw new IOException(
                                "the stand-in does not take a fault of " + sample.name() + ": " + answer.body());
                    }
                }
            }
        }
    }

    private void readFromHereOn(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = Stream.of(topics.replies(), topics.deadLetters())
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // The seek takes effect with the position that is asked for.
        partitions.forEach(consumer::position);
    }

    /** @param name null for those that wait for none */
    private void publishThoseAfter(
            @Nullable String name,
            List<Sample> waiting,
            Map<String, Answer> open,
            KafkaProducer<byte[], byte[]> producer)
            throws InterruptedException {
        List<Sample> due = waiting.stream()
                .filter(sample -> Objects.equals(sample.after(), name))
                .toList();
        waiting.removeAll(due);
        for (Sample sample : due) {
            open.put(sample.name(), new Answer(sample));
            publish(sample, producer);
        }
    }

    private void publish(Sample sample, KafkaProducer<byte[], byte[]> producer) throws InterruptedException {
        String key = sample.key();
        var event = new ProducerRecord<>(
                topics.of(sample), key == null ? null : key.getBytes(UTF_8), sample.publishedAt(Instant.now()));
        event.headers().add(CORRELATION_HEADER, sample.name().getBytes(UTF_8));
        try {
            producer.send(event).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not take a sample event: " + e.getCause(), e);
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> kafkaRecord, Map<String, Answer> open) {
        Answer answer = open.get(header(kafkaRecord, CORRELATION_HEADER));
        if (answer == null) {
            return;
        }
        if (kafkaRecord.topic().equals(topics.deadLetters())) {
            answer.deadLetter = header(kafkaRecord, "serai-error-category");
        } else {
            answer.reply = json(kafkaRecord.value());
            answer.took = Duration.ofNanos(System.nanoTime() - answer.publishedNanos);
        }
    }

    private void conclude(Answer answer, List<SampleResult> results, Consumer<SampleResult> eachResult) {
        List<JsonNode> calls = standIn.calls().stream()
                .filter(call -> call.path().equals("/connect"))
                .map(RecordedCall::body)
                .map(body -> json(body.getBytes(UTF_8)))
                .toList();
        Duration took = answer.took == null ? patience : answer.took;
        SampleResult result = SampleResult.of(answer.sample, answer.reply, answer.deadLetter, took, calls);
        results.add(result);
        eachResult.accept(result);
    }

    private static String header(ConsumerRecord<?, ?> kafkaRecord, String name) {
        Header header = kafkaRecord.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    private static JsonNode json(byte[] value) {
        try {
            return Json.MAPPER.readTree(new String(value, UTF_8));
        } catch (JsonProcessingException e) {
            return Json.MAPPER.missingNode();
        }
    }
}
