package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.event.Json;
import dev.serai.guarantee.PublishedEvent;
import dev.serai.guarantee.SeenCall;
import dev.serai.testing.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes events on a thread of its own, in steady small bursts, through broker restarts: idempotent, so that none
 * comes twice or out of order. Conversations are drawn for each event; event {@code c17-3} is the third of conversation
 * {@code c17}.
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
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<PublishedEvent> events = new ArrayList<>();
    private final List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
    private final CountDownLatch enough = new CountDownLatch(1);
    private final Thread thread = new Thread(this::publish, "publish-events");

    private volatile boolean stopped;

    EventPublisher(String bootstrapServers, ChaosPlan plan, Random random) {
        this.plan = plan;
        this.random = random;
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) plan.patience().toMillis(),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        plan.patience().toMillis()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void start() {
        thread.start();
    }

    /** Ends once the plan's events are sent, waits until Kafka has all, and returns them in their order. */
    List<PublishedEvent> finish() throws InterruptedException, ExecutionException {
        enough.countDown();
        thread.join();
        for (Future<RecordMetadata> acknowledgement : acknowledgements) {
            acknowledgement.get();
        }
        return List.copyOf(events);
    }

    private void publish() {
        Map<String, Integer> numbers = new HashMap<>();
        int burst = Math.max(1, plan.perSecond() / BURSTS_PER_SECOND);
        Pace pace = Pace.perSecond(plan.perSecond() / burst);
        while (!stopped && (events.size() < plan.events() || enough.getCount() > 0)) {
            pace.awaitTurn();
            for (int i = 0; i < burst; i++) {
                send(nextEvent(numbers));
            }
        }
    }

    private PublishedEvent nextEvent(Map<String, Integer> numbers) {
        String conversation = "c" + random.nextInt(plan.conversations());
        return new PublishedEvent(
                conversation + "-" + numbers.merge(conversation, 1, Integer::sum),
                conversation,
                CHARACTERS.get(random.nextInt(CHARACTERS.size())),
                random.nextInt(ONE_FRESH_IN) == 0);
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
        acknowledgements.add(
                producer.send(new ProducerRecord<>(TOPIC, event.conversation().getBytes(UTF_8), Json.bytes(value))));
    }

    @Override
    public void close() {
        stopped = true;
        producer.close(Duration.ZERO);
    }
}
