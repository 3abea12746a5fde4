package dev.serai.chaos;

import dev.serai.testing.Pace;
import dev.serai.testing.Producers;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Publishes at a steady pace, on a thread of its own, until it is told that it is enough. */
final class Load implements AutoCloseable {
    /** What is published at one turn of the pace; the first has the number 0. */
    @FunctionalInterface
    interface Turn {
        void publish(Kafka kafka, int number, Random random) throws Exception;
    }

    /** Takes records. */
    @FunctionalInterface
    interface Kafka {
        /** Returns when Kafka has it. */
        RecordMetadata send(String topic, byte[] key, byte[] value) throws Exception;
    }

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Future<?> publishing;
    private volatile boolean enough;

    private Load(String bootstrapServers, int perSecond, long seed, Turn turn) {
        publishing = executor.submit(() -> {
            publish(bootstrapServers, perSecond, new Random(seed), turn);
            return null;
        });
    }

    /** Begins to publish; the seed draws what is published. */
    static Load start(String bootstrapServers, int perSecond, long seed, Turn turn) {
        return new Load(bootstrapServers, perSecond, seed, turn);
    }

    private void publish(String bootstrapServers, int perSecond, Random random, Turn turn) throws Exception {
        try (var producer = Producers.plain(bootstrapServers)) {
            Pace pace = Pace.perSecond(perSecond);
            for (int number = 0; !enough; number++) {
                pace.awaitTurn();
                turn.publish(
                        (topic, key, value) -> producer.send(new ProducerRecord<>(topic, key, value))
                                .get(30, TimeUnit.SECONDS),
                        number,
                        random);
            }
        }
    }

    /** Returns when the last turn is through; throws what a turn has failed from. */
    void end() throws Exception {
        enough = true;
        publishing.get(1, TimeUnit.MINUTES);
    }

    @Override
    public void close() {
        enough = true;
        executor.close();
    }
}
