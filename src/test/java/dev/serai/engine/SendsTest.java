package dev.serai.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.IdleCommitter;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SendsTest {
    /** Each try would take five seconds, and a transaction can have hundreds of records. */
    @Test
    void topicWithoutMetadata_isWaitedForWithOneRecord_andFailsAll() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()));
                var producer = new WithoutMetadata()) {
            Sends sends = new Sends(new OutgoingTopics(admin));
            List<Delivery> deliveries = new ArrayList<>();
            for (int number = 0; number < 20; number++) {
                Delivery delivery = LoneDelivery.of(IdleCommitter.of(new Assignments(100, 1 << 20)), "event-" + number);
                delivery.outbox().add(new ProducerRecord<>("replies", "x".getBytes(UTF_8)));
                deliveries.add(delivery);
            }

            sends.send(producer, deliveries);

            assertThat(producer.tries).isEqualTo(1);
            assertThat(sends.await()).isNotInstanceOf(Sends.Outcome.AllTaken.class);
        }
    }

    @Test
    void recordsThatTimeOutWhileOthersAreTaken_areBlamed() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()));
                var producer = new WithoutLeader()) {
            String topic = "replies-" + UUID.randomUUID();
            Topics.create(admin, List.of(new NewTopic(topic, 2, (short) 1)));
            Sends sends = new Sends(new OutgoingTopics(admin));
            List<Delivery> deliveries = new ArrayList<>();
            for (int number = 0; number < 4; number++) {
                Delivery delivery = LoneDelivery.of(IdleCommitter.of(new Assignments(100, 1 << 20)), "event-" + number);
                delivery.outbox().add(new ProducerRecord<>(topic, number % 2, null, "x".getBytes(UTF_8)));
                deliveries.add(delivery);
            }

            sends.send(producer, deliveries);
            producer.deliveryTimeOut();

            assertThat(sends.await())
                    .isInstanceOfSatisfying(Sends.Outcome.Failed.class, failed -> assertThat(failed.blamed())
                            .containsExactlyInAnyOrder(deliveries.get(1), deliveries.get(3)));
        }
    }

    /** As a producer for a topic of which partition 1 has no leader. */
    private static final class WithoutLeader extends MockProducer<byte[], byte[]> {
        private final List<Runnable> timeOuts = new ArrayList<>();

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> outgoing, Callback callback) {
            TopicPartition partition =
                    new TopicPartition(outgoing.topic(), Objects.requireNonNull(outgoing.partition()));
            RecordMetadata place = new RecordMetadata(partition, 0, 0, 0, 0, 0);
            CompletableFuture<RecordMetadata> acknowledgement = new CompletableFuture<>();
            if (partition.partition() == 1) {
                timeOuts.add(() -> {
                    TimeoutException expired = new TimeoutException("Expiring 1 record(s) for " + partition);
                    callback.onCompletion(place, expired);
                    acknowledgement.completeExceptionally(expired);
                });
            } else {
                callback.onCompletion(place, null);
                acknowledgement.complete(place);
            }
            return acknowledgement;
        }

        void deliveryTimeOut() {
            timeOuts.forEach(Runnable::run);
        }
    }

    /** As a producer does after its {@code max.block.ms}: it throws nothing. */
    private static final class WithoutMetadata extends MockProducer<byte[], byte[]> {
        private int tries;

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> outgoing, Callback callback) {
            tries++;
            TimeoutException none = new TimeoutException("Topic replies not present in metadata after 5000 ms.");
            callback.onCompletion(null, none);
            return CompletableFuture.failedFuture(none);
        }
    }
}
