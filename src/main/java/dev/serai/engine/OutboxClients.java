package dev.serai.engine;

import java.util.Properties;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * The {@code kafkaClientFactory} of {@code kafka:} endpoints whose records go out in the transaction of the event that
 * sends them: both or neither. Stateless.
 */
public final class OutboxClients extends DefaultKafkaClientFactory {

    @Override
    public Producer<Object, Object> getProducer(Properties properties) {
        return new OutboxProducer(properties);
    }

    @Override
    public Consumer<Object, Object> getConsumer(Properties properties) {
        throw new UnsupportedOperationException("kafkaClientFactory=#outbox is for endpoints that are sent to");
    }
}
