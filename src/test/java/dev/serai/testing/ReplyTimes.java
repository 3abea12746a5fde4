package dev.serai.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.serai.trial.guarantee.SeenReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Publishes events to a service, in rounds, and measures the time until a {@code read_committed} reader, on a thread of its
 * own, has their replies. For one thread.
 */
public final class ReplyTimes implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final String topic;
    private final TopicReader replies;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Future<?>> sent = new ArrayList<>();
    private final Map<String, Long> publishedAt = new ConcurrentHashMap<>();
    private final Map<String, Duration> took = new ConcurrentHashMap<>();
    private final Thread reading;
    private volatile boolean closed;

    public ReplyTimes(String name, RunningSerai serai) {
        topic = serai.settings().kafka().startTopic();
        replies = serai.reader(serai.settings().kafka().replyTopic());
        producer = Producers.atOnce(serai.bootstrapServers());
        reading = Thread.ofPlatform().name("read-" + name).start(this::read);
    }

    /** The id of an event whose time is measured with its round. */
    public static String eventId(int round, int number) {
        return round + "/" + number;
    }

    /** Publishes an event whose time counts. */
    public void publish(String eventId, String conversation, String event) {
        publishedAt.put(eventId, System.nanoTime());
        publishUnmeasured(conversation, event);
    }

    /** Publishes an event whose time counts to a partition. */
    public void publish(String eventId, int partition, String conversation, String event) {
        publishedAt.put(eventId, System.nanoTime());
        sent.add(producer.send(
                new ProducerRecord<>(topic, partition, conversation.getBytes(UTF_8), event.getBytes(UTF_8))));
    }

    /** Publishes an event whose time does not. */
    public void publishUnmeasured(String conversation, String event, Header... headers) {
        sent.add(producer.send(new ProducerRecord<>(
                topic, null, conversation.getBytes(UTF_8), event.getBytes(UTF_8), List.of(headers))));
    }

    private void read() {
        while (!closed) {
            for (var reply : replies.next(POLL)) {
                String eventId = SeenReply.of(reply).eventId();
                Long since = publishedAt.get(eventId);
                if (since != null) {
                    took.putIfAbsent(eventId, Duration.ofNanos(System.nanoTime() - since));
                }
            }
        }
    }

    /** Until all whose time counts have their replies. */
    public void awaitReplies() throws InterruptedException, ExecutionException {
        for (Future<?> event : sent) {
            event.get();
        }
        await("a reply to every event").atMost(Duration.ofMinutes(1)).until(() -> took.size() == publishedAt.size());
    }

    /** How long an event's reply took; empty while there is none. */
    public Optional<Duration> took(String eventId) {
        return Optional.ofNullable(took.get(eventId));
    }

    /** The median of the 99th percentiles of so many rounds. */
    public Duration medianOf99thPercentiles(int first, int rounds) throws InterruptedException, ExecutionException {
        awaitReplies();
        List<Duration> percentiles = new ArrayList<>();
        for (int round = first; round < first + rounds; round++) {
            percentiles.add(percentile(Integer.toString(round), 99));
        }
        Collections.sort(percentiles);
        return percentiles.get(rounds / 2);
    }

    /** A percentile of the events whose ids begin with that round and a slash, as far as they have replies. */
    public Duration percentile(String round, int percent) {
        String prefix = round + "/";
        List<Duration> ofRound = took.entrySet().stream()
                .filter(reply -> reply.getKey().startsWith(prefix))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
        return ofRound.get(ofRound.size() * percent / 100);
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        closed = true;
        try {
            reading.join();
            replies.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
