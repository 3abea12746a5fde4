package dev.serai.bench;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The contender {@code parallel-consumer}: Confluent's Parallel Consumer with order by key, replies by its own produce
 * call, offsets committed every few seconds. At least one reply per event.
 */
final class ParallelConsumerLoop {
    private ParallelConsumerLoop() {}

    public static void main(String[] arguments) throws InterruptedException {
        ContenderTask task = ContenderTask.of(arguments);
        ConnectClient client = new ConnectClient(task.provider(), Executors.newVirtualThreadPerTaskExecutor());
        ParallelStreamProcessor<String, byte[]> processor =
                ParallelStreamProcessor.createEosStreamProcessor(ParallelConsumerOptions.<String, byte[]>builder()
                        .ordering(ProcessingOrder.KEY)
                        .maxConcurrency(task.inFlight())
                        .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
                        .consumer(KafkaClients.consumer(task))
                        .producer(KafkaClients.producer(task))
                        .build());
        processor.subscribe(List.of(task.startTopic()));
        processor.pollAndProduce(
                event -> new ProducerRecord<>(task.replyTopic(), event.key(), replyTo(client, event.value())));
        new CountDownLatch(1).await();
    }

    private static byte[] replyTo(ConnectClient client, byte[] event) {
        try {
            return client.replyTo(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
