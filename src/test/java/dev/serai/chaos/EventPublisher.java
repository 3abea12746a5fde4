package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.Pace;
import dev.serai.testing.Producers;
import dev.serai.trial.guarantee.PublishedEvent;
import dev.serai.trial.guarantee.SeenCall;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Publishes events on a thread of its own, in steady small bursts, through broker restarts: idempotent, so that none
 * comes twice or out of order. Conversations are drawn for each event; event {@code c17-3} is the third of conversation
 * {@code c17}.
 *
 * <p>The other methods are for one thread.
 */
final class EventPublisher implements AutoCloseable {
    private static final String TOPIC = "conversation.start";
    private static final List<String> CHARACTERS = List.of("guide", "guard");

    /** So that many calls are in progress at once, for a moment. */
    private static final int BURSTS_PER_SECOND = 4;

    /** One event in so many asks for a session of its own. */
    private static final int ONE_FRESH_IN = 30;

    private final ChaosPlan plan;
    private final Random random;
    private final String bootstrapServers;
    private final Map<String, Acknowledgement> acknowledged = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    // All guarded by the lock.
    private final List<PublishedEvent> events = new ArrayList<>();
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private volatile KafkaProducer<byte[], byte[]> producer;

    private final CountDownLatch enough = new CountDownLatch(1);
    private final Thread thread = new Thread(this::publish, "publish-events");

    private volatile boolean stopped;

    /** Where a record came to lie, and when Kafka had it. */
    record Acknowledgement(Instant at, int partition, long offset) {}

    /** What happens while nothing is published. */
    @FunctionalInterface
    interface Interlude {
        void run() throws IOException, InterruptedException;
    }

    EventPublisher(String bootstrapServers, ChaosPlan plan, Random random) {
        this.bootstrapServers = bootstrapServers;
        this.plan = plan;
        this.random = random;
        producer = newProducer();
    }

    private KafkaProducer<byte[], byte[]> newProducer() {
        return Producers.with(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                // A broker that knows nothing of a producer takes any batch for its first. If it takes the
                // second
                // one, because it became the leader only then, it refuses the first for ever.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) plan.patience().toMillis(),
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                plan.patience().toMillis()));
    }

    void start() {
        thread.start();
    }

    /** By event; goes on changing. */
    Map<String, Acknowledgement> acknowledged() {
        return Collections.unmodifiableMap(acknowledged);
    }

    /**
     * Carries something out when Kafka has all that was published, and goes on afterwards with another producer: what
     * Kafka knew of the one before may be gone.
     */
    void pauseFor(Interlude interlude) throws IOException, InterruptedException, ExecutionException {
        lock.lock();
        try {
            producer.close(plan.patience());
            awaitAcknowledged();
            interlude.run();
            producer = newProducer();
        } finally {
            lock.unlock();
        }
    }

    /** Ends once the plan's events are sent, waits until Kafka has all, and returns them in their order. */
    List<PublishedEvent> finish() throws InterruptedException, ExecutionException {
        enough.countDown();
        thread.join();
        lock.lock();
        try {
            awaitAcknowledged();
            return List.copyOf(events);
        } finally {
            lock.unlock();
        }
    }

    private void awaitAcknowledged() throws InterruptedException, ExecutionException {
        for (Future<RecordMetadata> acknowledgement : sent) {
            acknowledgement.get();
        }
        sent.clear();
    }

    private void publish() {
        Map<String, Integer> numbers = new HashMap<>();
        int burst = Math.max(1, plan.perSecond() / BURSTS_PER_SECOND);
        Pace pace = Pace.perSecond(plan.perSecond() / burst);
        int published = 0;
        while (!stopped && (published < plan.events() || enough.getCount() > 0)) {
            pace.awaitTurn();
            lock.lock();
            try {
                for (int i = 0; i < burst; i++) {
                    send(nextEvent(numbers));
                }
            } finally {
                lock.unlock();
            }
            published += burst;
        }
    }

    private PublishedEvent nextEvent(Map<String, Integer> numbers) {
        String conversation = "c" + random.nextInt(plan.conversations());
        return new PublishedEvent(
                conversation + "-" + numbers.merge(conversation, 1, Integer::sum),
                conversation,
                CHARACTERS.get(random.nextInt(CHARACTERS.size())),
                random.nextInt(ONE_FRESH_IN) == 0,
                false);
    }

    private void send(PublishedEvent event) {
        ObjectNode value = Json.MAPPER
                .createObjectNode()
                .put("event_id", event.eventId())
                .put("character_id", event.characterId())
                .put("continuity", event.fresh() ? "fresh" : "resume");
        value.set(
                "end_user_metadata", Json.MAPPER.valueToTree(SeenCall.metadata(event.eventId(), event.conversation())));
        events.add(event);
        sent.add(producer.send(
                new ProducerRecord<>(TOPIC, event.conversation().getBytes(UTF_8), Json.bytes(value)),
                (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.put(
                                event.eventId(),
                                new Acknowledgement(Instant.now(), metadata.partition(), metadata.offset()));
                    }
                }));
    }

    @Override
    public void close() {
        stopped = true;
        // Without the lock: the publishing thread may hold it while it waits for a broker that does not come back.
        producer.close(Duration.ZERO);
    }
}
