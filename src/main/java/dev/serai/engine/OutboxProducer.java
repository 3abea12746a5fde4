package dev.serai.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * A producer for endpoints that does not send: it serializes the record and adds it to the {@link Outbox} that is bound
 * to the thread. The offset that it reports is not known yet. Thread-safe as far as the serializers are.
 */
final class OutboxProducer implements Producer<Object, Object> {
    private final Serializer<Object> keySerializer;
    private final Serializer<Object> valueSerializer;

    /** @param properties of the endpoint; its serializers are used and nothing else */
    OutboxProducer(Properties properties) {
        ProducerConfig configuration = new ProducerConfig(properties);
        keySerializer = serializer(configuration, ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, true);
        valueSerializer = serializer(configuration, ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, false);
    }

    @SuppressWarnings("unchecked") // what the endpoint's user names takes what the endpoint's user sends
    private static Serializer<Object> serializer(ProducerConfig configuration, String setting, boolean isKey) {
        Serializer<Object> serializer = configuration.getConfiguredInstance(setting, Serializer.class);
        serializer.configure(configuration.originals(), isKey);
        return serializer;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<Object, Object> outgoing) {
        return send(outgoing, null);
    }

    /** @throws IllegalStateException if no event's step runs on this thread */
    @Override
    public Future<RecordMetadata> send(ProducerRecord<Object, Object> outgoing, @Nullable Callback callback) {
        Outbox outbox = Outbox.bound();
        if (outbox == null) {
            throw new IllegalStateException("a record for topic " + outgoing.topic()
                    + " belongs to no event: kafkaClientFactory=#outbox is for the routes that a start event runs"
                    + " through; leave it out elsewhere");
        }
        UnaryOperator<byte[]> envelope = outbox.unpack(outgoing.headers());
        byte[] key = keySerializer.serialize(outgoing.topic(), outgoing.headers(), outgoing.key());
        byte[] value = valueSerializer.serialize(outgoing.topic(), outgoing.headers(), outgoing.value());
        outbox.add(new ProducerRecord<>(
                outgoing.topic(),
                outgoing.partition(),
                outgoing.timestamp(),
                key,
                value == null ? null : envelope.apply(value),
                outgoing.headers()));
        RecordMetadata metadata = unsent(outgoing);
        if (callback != null) {
            callback.onCompletion(metadata, null);
        }
        return CompletableFuture.completedFuture(metadata);
    }

    private static RecordMetadata unsent(ProducerRecord<Object, Object> outgoing) {
        int partition = outgoing.partition() == null ? RecordMetadata.UNKNOWN_PARTITION : outgoing.partition();
        long timestamp = outgoing.timestamp() == null ? -1 : outgoing.timestamp();
        return new RecordMetadata(new TopicPartition(outgoing.topic(), partition), -1, 0, timestamp, -1, -1);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        keySerializer.close();
        valueSerializer.close();
    }

    @Override
    public void close(Duration timeout) {
        close();
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.of();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        throw unsupported("partitionsFor");
    }

    @Override
    public void initTransactions() {
        throw unsupported("transactionalId and transacted: every event is a transaction already");
    }

    @Override
    public void beginTransaction() {
        throw unsupported("beginTransaction");
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        throw unsupported("sendOffsetsToTransaction");
    }

    @Override
    public void commitTransaction() {
        throw unsupported("commitTransaction");
    }

    @Override
    public void abortTransaction() {
        throw unsupported("abortTransaction");
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw unsupported("clientInstanceId");
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {}

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {}

    private static UnsupportedOperationException unsupported(String what) {
        return new UnsupportedOperationException("an endpoint with kafkaClientFactory=#outbox cannot do this: " + what);
    }
}
