package dev.serai.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The contender {@code bare}: a poll loop, a virtual thread for each event, the JDK's HTTP client. At least one reply per
 * event, no order, no retries, no rebalances: the least that does the work, and so the yardstick.
 */
final class BareLoop {
    private static final Logger log = LoggerFactory.getLogger(BareLoop.class);
    private static final long COMMIT_INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

    private final ContenderTask task;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConnectClient client;
    private final KafkaProducer<String, byte[]> producer;
    private final Semaphore inFlight;

    /** By partition: the offsets that were read and that are not below what may be committed; true once answered. */
    private final Map<TopicPartition, ConcurrentSkipListMap<Long, Boolean>> offsets = new ConcurrentHashMap<>();

    private BareLoop(ContenderTask task) {
        this.task = task;
        client = new ConnectClient(task.provider(), threads);
        producer = KafkaClients.producer(task);
        inFlight = new Semaphore(task.inFlight());
    }

    public static void main(String[] arguments) throws Exception {
        new BareLoop(ContenderTask.of(arguments)).run();
    }

    private void run() throws InterruptedException {
        try (KafkaConsumer<String, byte[]> consumer = KafkaClients.consumer(task)) {
            consumer.subscribe(List.of(task.startTopic()));
            long committedAt = System.nanoTime();
            while (true) {
                for (ConsumerRecord<String, byte[]> event : consumer.poll(Duration.ofMillis(100))) {
                    inFlight.acquire();
                    open(event);
                    threads.execute(() -> answer(event));
                }
                if (System.nanoTime() - committedAt > COMMIT_INTERVAL_NANOS) {
                    consumer.commitAsync(committable(), null);
                    committedAt = System.nanoTime();
                }
            }
        }
    }

    private void answer(ConsumerRecord<String, byte[]> event) {
        try {
            byte[] reply = callProvider(event.value());
            producer.send(new ProducerRecord<>(task.replyTopic(), event.key(), reply))
                    .get();
            complete(event);
        } catch (IOException | InterruptedException | ExecutionException e) {
            log.error("event at offset {} stays uncommitted", event.offset(), e);
        }
    }

    private byte[] callProvider(byte[] event) throws IOException, InterruptedException {
        try {
            return client.replyTo(event);
        } finally {
            inFlight.release();
        }
    }

    private void open(ConsumerRecord<String, byte[]> event) {
        offsetsOf(event).put(event.offset(), false);
    }

    private void complete(ConsumerRecord<String, byte[]> event) {
        offsetsOf(event).put(event.offset(), true);
    }

    private ConcurrentSkipListMap<Long, Boolean> offsetsOf(ConsumerRecord<String, byte[]> event) {
        return offsets.computeIfAbsent(
                new TopicPartition(event.topic(), event.partition()), partition -> new ConcurrentSkipListMap<>());
    }

    private Map<TopicPartition, OffsetAndMetadata> committable() {
        Map<TopicPartition, OffsetAndMetadata> committable = new HashMap<>();
        offsets.forEach((partition, read) -> {
            for (var first = read.firstEntry(); first != null && first.getValue(); first = read.firstEntry()) {
                read.remove(first.getKey());
                committable.put(partition, new OffsetAndMetadata(first.getKey() + 1));
            }
        });
        return committable;
    }
}
