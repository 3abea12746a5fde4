package dev.serai.cli;

import dev.serai.kafka.BootstrapServers;
import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.TopicSetupException;
import dev.serai.settings.SeraiSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** The Kafka that a running service uses: the one that the settings name, else that service's embedded broker. */
final class RunningKafka {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private RunningKafka() {}

    /**
     * The properties of its clients.
     *
     * @throws IOException with a message for the user, if it does not answer within ten seconds
     * @throws TopicSetupException if it speaks something else than the client properties say
     */
    static Map<String, Object> properties(SeraiSettings settings) throws IOException, InterruptedException {
        String named = settings.kafka().bootstrapServers();
        Map<String, Object> properties = unasked(settings);
        String servers = ClientProperties.bootstrapServers(properties);
        BootstrapServers.look(properties).requireFitting();
        try (Admin admin = Admin.create(ClientProperties.within(properties, ANSWER_LIMIT))) {
            admin.describeCluster().nodes().get();
            return properties;
        } catch (ExecutionException | KafkaException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new IOException(
                        named == null
                                ? "nothing answers at " + servers + ", where the embedded broker of serai run listens:"
                                        + " start that, give its --config and --set here, too, if it runs with others,"
                                        + " or name another Kafka by KAFKA_BOOTSTRAP_SERVERS"
                                : "Kafka at " + servers + " did not answer within " + ANSWER_LIMIT.toSeconds()
                                        + " s: check that it runs and that KAFKA_BOOTSTRAP_SERVERS names it",
                        e);
            }
            throw KafkaRefusedException.because("Kafka at " + servers + " cannot be used", e);
        }
    }

    /**
     * The same, without a look at whether anybody answers.
     *
     * @throws IOException with a message for the user, if it cannot be known where the embedded broker is
     */
    static Map<String, Object> unasked(SeraiSettings settings) throws IOException {
        String named = settings.kafka().bootstrapServers();
        return NamedSystems.kafkaProperties(
                settings.kafka().clientPropertiesFile(), named == null ? embedded(settings) : named);
    }

    /**
     * Which Kafka these properties lead to, for a sentence; says so where nobody has named it.
     *
     * @param properties as {@link #properties} has made them
     */
    static String text(SeraiSettings settings, Map<String, Object> properties) {
        return "the Kafka at " + ClientProperties.bootstrapServers(properties)
                + (settings.kafka().bootstrapServers() == null
                        ? ", which is asked because KAFKA_BOOTSTRAP_SERVERS is not set"
                        : "");
    }

    /** What went wrong, without what Kafka's clients and futures wrap it in. */
    static String reason(Exception wrapped) {
        Throwable cause = wrapped.getCause();
        return String.valueOf((cause == null ? wrapped : cause).getMessage());
    }

    private static String embedded(SeraiSettings settings) throws IOException {
        int port = settings.embedded().port();
        if (port == 0) {
            throw new IOException("serai.embedded.port is 0, which leaves the embedded broker's port open:"
                    + " name it by KAFKA_BOOTSTRAP_SERVERS");
        }
        return "127.0.0.1:" + port;
    }
}
