package dev.serai.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.wire.ForgetCommand;
import dev.serai.wire.WireSchemas;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a service's topic of sessions holds of its conversations. For one thread. */
final class SessionRecords implements AutoCloseable {
    private final RunningSerai serai;
    private final TopicReader reader;

    SessionRecords(RunningSerai serai) {
        this.serai = serai;
        reader = serai.reader(serai.settings().kafka().sessionTopic());
    }

    /** All that are there now. */
    List<ConsumerRecord<byte[], byte[]>> all() {
        return reader.all();
    }

    /** Those of a conversation that are there now. */
    List<ConsumerRecord<byte[], byte[]>> of(String key) {
        return all().stream().filter(stored -> isOf(key, stored)).toList();
    }

    /** A conversation's last one, which was committed with a reply that is there. */
    ConsumerRecord<byte[], byte[]> last(String key) {
        reader.await("record of " + key, stored -> isOf(key, stored));
        return of(key).getLast();
    }

    /** What the {@link #last} says. */
    JsonNode lastOf(String key) {
        return WireSchemas.assertSession(last(key).value());
    }

    /** Has the service forget a conversation of which it has a record. */
    void forget(String key) {
        ProducerRecord<byte[], byte[]> command = new ProducerRecord<>(
                serai.settings().kafka().startTopic(), last(key).partition(), key.getBytes(UTF_8), null);
        ForgetCommand.headers().forEach(header -> command.headers().add(header.name(), header.value()));
        serai.awaitCommitted(serai.publish(command));
    }

    void awaitTombstone(String key) {
        reader.await("tombstone", stored -> isOf(key, stored) && stored.value() == null);
    }

    private static boolean isOf(String key, ConsumerRecord<byte[], byte[]> stored) {
        return stored.key() != null && new String(stored.key(), UTF_8).equals(key);
    }

    @Override
    public void close() {
        reader.close();
    }
}
