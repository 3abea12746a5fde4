package dev.serai.cli;

import dev.serai.connect.ProviderAccount;
import dev.serai.http.Credentials;
import dev.serai.kafka.ConversationTopicSetup;
import dev.serai.kafka.ConversationTopics;
import dev.serai.service.Backends;
import dev.serai.settings.Home;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.MappedIntake;
import dev.serai.settings.SeraiSettings;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.demo.SampleProvider;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.StartConversation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The systems around the service: those that the settings name, and in place of what they do not name an embedded
 * broker and a stand-in for the provider. For one thread.
 */
final class ServiceEnvironment implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServiceEnvironment.class);
    private static final Duration TOPIC_TIMEOUT = Duration.ofSeconds(30);

    private final @Nullable EmbeddedBroker broker;
    private final @Nullable StandIn standIn;
    private final Backends backends;

    private ServiceEnvironment(@Nullable EmbeddedBroker broker, @Nullable StandIn standIn, Backends backends) {
        this.broker = broker;
        this.standIn = standIn;
        this.backends = backends;
    }

    /** Starts what is not named, sees to the topics, and says which systems are used. */
    static ServiceEnvironment start(SeraiSettings settings) throws IOException, InterruptedException {
        KafkaSettings kafka = settings.kafka();
        EmbeddedBroker broker = null;
        StandIn standIn = null;
        try {
            String bootstrapServers = kafka.bootstrapServers();
            if (bootstrapServers == null) {
                broker = EmbeddedBroker.start(
                        settings.dataDir().resolve("broker"),
                        settings.embedded().port());
                bootstrapServers = broker.bootstrapServers();
                log.info("Kafka: an embedded broker at {} (KAFKA_BOOTSTRAP_SERVERS is not set)", bootstrapServers);
            } else {
                log.info("Kafka: {}", bootstrapServers);
            }
            Map<String, Object> kafkaProperties =
                    NamedSystems.kafkaProperties(kafka.clientPropertiesFile(), bootstrapServers);
            createTopics(settings, kafkaProperties);

            if (settings.usesStandIn()) {
                StandInOptions options = SampleProvider.options(Home.OF_PROCESS.resolve(SampleProvider.FOLDER));
                standIn = StandIn.start(options);
                if (broker == null) {
                    log.warn(
                            "Provider: a stand-in at {}, as serai.connect.stand-in says: no room that it answers with is"
                                    + " one that anybody can join",
                            standIn.baseUrl());
                } else {
                    log.info("Provider: a stand-in at {} (no API key is set)", standIn.baseUrl());
                }
                ProviderAccount account = new ProviderAccount(standIn.baseUrl(), new Credentials(options.apiKey()));
                return new ServiceEnvironment(
                        broker,
                        standIn,
                        new Backends(
                                kafkaProperties,
                                NamedSystems.accountsOfAll(settings, account),
                                standIn.baseUrl(),
                                broker != null));
            }
            Map<String, ProviderAccount> accounts = NamedSystems.accounts(settings);
            accounts.forEach((tenant, account) -> log.info(
                    "Provider{}: {}",
                    tenant.equals(StartConversation.DEFAULT_TENANT) ? "" : " of tenant " + tenant,
                    account.baseUrl()));
            return new ServiceEnvironment(broker, null, new Backends(kafkaProperties, accounts, null, broker != null));
        } catch (IOException | InterruptedException | RuntimeException e) {
            close(standIn, broker);
            throw e;
        }
    }

    /** Creates what is missing of Serai's topics, as the settings want it. */
    static void createTopics(SeraiSettings settings, Map<String, Object> kafkaProperties) throws InterruptedException {
        new ConversationTopicSetup(kafkaProperties, settings.kafka().createTopics(), TOPIC_TIMEOUT)
                .ensure(topics(settings));
    }

    /** Serai's topics, as the settings want them. */
    static ConversationTopics topics(SeraiSettings settings) {
        KafkaSettings kafka = settings.kafka();
        List<String> replies = Stream.concat(
                        Stream.of(kafka.replyTopic()),
                        settings.reply().allowedTopics().stream().sorted())
                .distinct()
                .toList();
        return new ConversationTopics(
                kafka.startTopic(),
                replies,
                kafka.deadLetterTopic(),
                kafka.sessionTopic(),
                // Of systems that others administer: where topics are not created, one that is missing stops no start.
                kafka.createTopics()
                        ? settings.intake().values().stream()
                                .map(MappedIntake::topic)
                                .distinct()
                                .sorted()
                                .toList()
                        : List.of(),
                kafka.partitions(),
                kafka.replyRetention(),
                settings.sessions().retention());
    }

    /** Where Kafka is, whether it was named or started. */
    String bootstrapServers() {
        return backends.bootstrapServers();
    }

    Backends backends() {
        return backends;
    }

    /**
     * The stand-in.
     *
     * @throws IllegalStateException if the settings name a provider
     */
    StandIn standIn() {
        if (standIn == null) {
            throw new IllegalStateException("the settings name a provider: there is no stand-in");
        }
        return standIn;
    }

    /** Stops what was started. */
    @Override
    public void close() {
        close(standIn, broker);
    }

    private static void close(@Nullable StandIn standIn, @Nullable EmbeddedBroker broker) {
        if (standIn != null) {
            standIn.close();
        }
        if (broker != null) {
            broker.close();
        }
    }
}
