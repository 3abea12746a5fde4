package dev.serai.cli;

import dev.serai.settings.KafkaSettings;
import dev.serai.connect.ProviderAccount;
import dev.serai.http.Credentials;
import dev.serai.kafka.ConversationTopics;
import dev.serai.kafka.TopicSetup;
import dev.serai.service.Backends;
import dev.serai.settings.Home;
import dev.serai.settings.MappedIntake;
import dev.serai.settings.Secret;
import dev.serai.settings.SeraiSettings;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.demo.SampleProvider;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.StartConversation;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The systems around the service: those that the settings name, and in place of what they do not name an embedded
 * broker and a stand-in for the provider. For one thread.
 */
final class Surroundings implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Surroundings.class);
    private static final Duration TOPIC_TIMEOUT = Duration.ofSeconds(30);

    /** A port that nothing may listen at (RFC 6335, section 6). */
    private static final URI NOBODY = URI.create("http://127.0.0.1:0");

    private final @Nullable EmbeddedBroker broker;
    private final @Nullable StandIn standIn;
    private final Backends backends;

    private Surroundings(@Nullable EmbeddedBroker broker, @Nullable StandIn standIn, Backends backends) {
        this.broker = broker;
        this.standIn = standIn;
        this.backends = backends;
    }

    /** Starts what is not named, sees to the topics, and says which systems are used. */
    static Surroundings start(SeraiSettings settings) throws IOException, InterruptedException {
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
            Map<String, Object> kafkaProperties = kafkaProperties(kafka.clientPropertiesFile(), bootstrapServers);
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
                return new Surroundings(
                        broker,
                        standIn,
                        new Backends(
                                kafkaProperties, accountsOfAll(settings, account), standIn.baseUrl(), broker != null));
            }
            Map<String, ProviderAccount> accounts = accounts(settings);
            accounts.forEach((tenant, account) -> log.info(
                    "Provider{}: {}",
                    tenant.equals(StartConversation.DEFAULT_TENANT) ? "" : " of tenant " + tenant,
                    account.baseUrl()));
            return new Surroundings(broker, null, new Backends(kafkaProperties, accounts, null, broker != null));
        } catch (IOException | InterruptedException | RuntimeException e) {
            close(standIn, broker);
            throw e;
        }
    }

    /** One account for whoever may send events. */
    private static Map<String, ProviderAccount> accountsOfAll(SeraiSettings settings, ProviderAccount account) {
        Map<String, ProviderAccount> accounts = new LinkedHashMap<>();
        accounts.put(StartConversation.DEFAULT_TENANT, account);
        settings.tenants().keySet().forEach(name -> accounts.put(name, account));
        return accounts;
    }

    private static Map<String, ProviderAccount> accounts(SeraiSettings settings) {
        Map<String, ProviderAccount> accounts = new LinkedHashMap<>();
        Secret apiKey = settings.connect().apiKey();
        if (apiKey != null) {
            accounts.put(
                    StartConversation.DEFAULT_TENANT,
                    new ProviderAccount(settings.connect().baseUrl(), new Credentials(apiKey.reveal())));
        }
        settings.tenants()
                .forEach((name, tenant) -> accounts.put(
                        name,
                        new ProviderAccount(
                                tenant.baseUrl(),
                                new Credentials(Objects.requireNonNull(tenant.apiKey(), name)
                                        .reveal()))));
        return accounts;
    }

    /**
     * What Kafka's clients are made from: the file's properties, but for these brokers. From then on this JVM's clients
     * may use the token endpoint that the file names.
     */
    static Map<String, Object> kafkaProperties(@Nullable Path file, String bootstrapServers) {
        Properties properties = new Properties();
        if (file != null) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException("serai.kafka.client-properties-file cannot be read: " + file, e);
            }
        }
        Map<String, Object> all = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> all.put(name, properties.getProperty(name)));
        all.put("bootstrap.servers", bootstrapServers);
        TokenEndpoints.allow(all);
        return all;
    }

    /**
     * The systems that the settings name, of which none is started: in place of one that they do not name is an address
     * where nobody answers.
     */
    static Backends named(SeraiSettings settings) {
        KafkaSettings kafka = settings.kafka();
        String bootstrapServers = kafka.bootstrapServers();
        Map<String, Object> kafkaProperties = kafkaProperties(
                kafka.clientPropertiesFile(), bootstrapServers == null ? NOBODY.getAuthority() : bootstrapServers);
        return settings.usesStandIn()
                ? new Backends(
                        kafkaProperties,
                        accountsOfAll(settings, new ProviderAccount(NOBODY, new Credentials("none"))),
                        NOBODY)
                : new Backends(kafkaProperties, accounts(settings), null);
    }

    /** Creates what is missing of Serai's topics, as the settings want it. */
    static void createTopics(SeraiSettings settings, Map<String, Object> kafkaProperties) throws InterruptedException {
        new TopicSetup(kafkaProperties, settings.kafka().createTopics(), TOPIC_TIMEOUT).ensure(topics(settings));
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
