package dev.serai.testing;

import static dev.serai.testing.TopicReader.header;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connect.ProviderAccount;
import dev.serai.conversation.AcceptRecord;
import dev.serai.engine.Delivery;
import dev.serai.engine.LoneDelivery;
import dev.serai.engine.StartEventClients;
import dev.serai.http.Credentials;
import dev.serai.kafka.ConversationTopicSetup;
import dev.serai.kafka.ConversationTopics;
import dev.serai.service.Backends;
import dev.serai.service.SeraiService;
import dev.serai.settings.InvalidSettingsException;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.MappedIntake;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.StartConversation;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The service with the project's own routes, on the shared broker with topics of its own, and a stand-in of its own.
 * For one test class; not thread-safe.
 */
public final class RunningSerai implements AutoCloseable {
    /** What the stand-in accepts. */
    public static final String API_KEY = "key-" + UUID.randomUUID();

    /** A character that the stand-in does not know. */
    public static final String UNKNOWN_CHARACTER = "character-unknown";

    private final String suffix = "." + UUID.randomUUID().toString().substring(0, 8);
    private final StandIn standIn = StandIn.start(StandInOptions.defaults()
            .withPort(0)
            .withApiKey(API_KEY)
            .withUnknownCharacters(Set.of(UNKNOWN_CHARACTER))
            .withDataDirectory(Path.of("config/demo/provider")));
    private final String bootstrapServers;
    private final Map<String, String> overrides;
    private final UnaryOperator<Backends> backends;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;
    private final TopicReader replies;
    private final TopicReader deadLetters;

    /** Of replies: they are looked through for each that is waited for. */
    private final IdentityHashMap<ConsumerRecord<byte[], byte[]>, String> eventIds = new IdentityHashMap<>();

    private Settings settings;
    private SeraiService service;

    public RunningSerai() {
        this(Map.of());
    }

    /** With settings in place of the test's defaults, which are the product's but for shorter pauses. */
    public RunningSerai(Map<String, String> overrides) {
        this(overrides, UnaryOperator.identity());
    }

    /** With other settings and other systems. */
    public RunningSerai(Map<String, String> overrides, UnaryOperator<Backends> backends) {
        this(SharedBroker.bootstrapServers(), overrides, backends);
    }

    /** With other settings and tenants, which have accounts at the stand-in. */
    public static RunningSerai withTenants(Map<String, String> overrides, String... tenants) {
        Map<String, String> settings = new HashMap<>(overrides);
        String keyFile = apiKeyFile().toString();
        for (String tenant : tenants) {
            settings.put("serai.tenants." + tenant + ".api-key-file", keyFile);
        }
        return new RunningSerai(settings, all -> {
            ProviderAccount known = Objects.requireNonNull(all.providers().get(StartConversation.DEFAULT_TENANT));
            Map<String, ProviderAccount> accounts = new HashMap<>(all.providers());
            List.of(tenants).forEach(tenant -> accounts.put(tenant, known));
            return new Backends(all.kafkaProperties(), accounts, all.sampleData());
        });
    }

    private static Path apiKeyFile() {
        try {
            return Files.writeString(Files.createTempFile(Path.of("target"), "tenants", ".key"), API_KEY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On a broker of the test's own. */
    public RunningSerai(String bootstrapServers, Map<String, String> overrides, UnaryOperator<Backends> backends) {
        this.bootstrapServers = bootstrapServers;
        this.overrides = overrides;
        this.backends = backends;
        settings = settings(Map.of());
        producer = Producers.with(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                32 << 20,
                ProducerConfig.LINGER_MS_CONFIG,
                0));
        admin = Admin.create(kafkaProperties());
        KafkaSettings kafka = settings.values().kafka();
        ConversationTopicSetup topics = new ConversationTopicSetup(kafkaProperties(), true, Duration.ofSeconds(20));
        try {
            topics.ensure(new ConversationTopics(
                    kafka.startTopic(),
                    List.of(kafka.replyTopic()),
                    kafka.deadLetterTopic(),
                    kafka.sessionTopic(),
                    settings.values().intake().values().stream()
                            .map(MappedIntake::topic)
                            .distinct()
                            .toList(),
                    kafka.partitions(),
                    kafka.replyRetention(),
                    settings.values().sessions().retention()));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        createTopic(allowedReplyTopic());
        service = startService();
        replies = new TopicReader(bootstrapServers, kafka.replyTopic());
        deadLetters = new TopicReader(bootstrapServers, kafka.deadLetterTopic());
    }

    private Map<String, Object> kafkaProperties() {
        return Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    }

    /** The systems with another provider for the default tenant. */
    public static Backends withProvider(Backends all, URI baseUrl, String apiKey) {
        return new Backends(
                all.kafkaProperties(),
                Map.of(StartConversation.DEFAULT_TENANT, new ProviderAccount(baseUrl, new Credentials(apiKey))),
                all.sampleData());
    }

    /** The systems with another key for the default tenant. */
    public static Backends withApiKey(Backends all, String apiKey) {
        ProviderAccount account = Objects.requireNonNull(all.providers().get(StartConversation.DEFAULT_TENANT));
        return withProvider(all, account.baseUrl(), apiKey);
    }

    /** Settings without sources of scenes and dynamic information, and those. */
    public static Map<String, String> withoutSources(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("serai.enrich.scene-source", "none");
        all.put("serai.enrich.dynamic-info-source", "none");
        return all;
    }

    private Backends backends() {
        return backends.apply(new Backends(
                kafkaProperties(),
                Map.of(
                        StartConversation.DEFAULT_TENANT,
                        new ProviderAccount(standIn.baseUrl(), new Credentials(API_KEY))),
                null));
    }

    /** Stops the service and starts another on the same topics and in the same group, with further settings. */
    public void restart(Map<String, String> further) {
        service.close();
        settings = settings(further);
        service = startService();
    }

    /** Another replica of the service, of another name, which shares the work; its owner closes it. */
    public SeraiService startReplica(String name) {
        return startReplica(name, Map.of());
    }

    /** Another replica with further settings; its owner closes it. */
    public SeraiService startReplica(String name, Map<String, String> further) {
        Map<String, String> all = new HashMap<>(further);
        all.put("serai.instance-id", name + suffix);
        return SeraiService.start(settings(all), backends());
    }

    /** Returns when it runs the events of all partitions. */
    private SeraiService startService() {
        SeraiService started = SeraiService.start(settings, backends());
        Awaitility.await("assignment")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> started.partitions() == settings.values().kafka().partitions());
        return started;
    }

    private Settings settings(Map<String, String> further) {
        Map<String, String> values = new HashMap<>();
        for (String topic : List.of("start", "reply", "dead-letter", "session", "job", "job-row")) {
            values.put("serai.kafka." + topic + "-topic", "test." + topic + suffix);
        }
        values.put("serai.kafka.bootstrap-servers", bootstrapServers);
        values.put("serai.reply.allowed-topics", allowedReplyTopic());
        // For tests with other work beside them; those of the product's five seconds set it.
        values.put("serai.reply.default-ttl", "2m");
        values.put("serai.kafka.group-id", "serai" + suffix);
        values.put("serai.kafka.partitions", "4");
        // One name for each, or else services of tests that run at once would fence one another.
        values.put("serai.instance-id", "test" + suffix);
        values.put("serai.http.port", "0");
        values.put("serai.routes-dir", RouteFiles.shippedFolder().toString());
        values.put("serai.connect.initial-backoff", "10ms");
        values.put("serai.connect.max-backoff", "50ms");
        values.put("serai.connect.max-retry-after", "100ms");
        values.put("serai.connect.gate.cool-down", "20ms");
        values.put("serai.connect.gate.credentials-probe", "50ms");
        values.put("serai.connect.gate.outage-probe", "50ms");
        values.put("serai.connect.gate.max-outage-probe", "200ms");
        for (String source : List.of("scenes", "customers")) {
            String prefix = "serai.sources." + source + ".";
            values.put(prefix + "type", "http");
            values.put(
                    prefix + "base-url", standIn.baseUrl().resolve("/" + source).toString());
            // No look-up is given up because the machine stands still; who is to wait for nothing sets it.
            values.put(prefix + "timeout", "10s");
            values.put(prefix + "cache-ttl", "0s");
            values.put(prefix + "stale-ttl", "0s");
        }
        values.put("serai.enrich.scene-source", "scenes");
        values.put("serai.enrich.dynamic-info-source", "customers");
        values.putAll(overrides);
        values.putAll(further);
        try {
            return Settings.load(Map.of(), null, values);
        } catch (InvalidSettingsException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public StandIn standIn() {
        return standIn;
    }

    public SeraiService service() {
        return service;
    }

    /** What the service has measured. */
    public MeterRegistry meters() {
        return service.camelContext().getRegistry().lookupByNameAndType("metricsRegistry", MeterRegistry.class);
    }

    public SeraiSettings settings() {
        return settings.values();
    }

    /** Publishes an event and waits until Kafka has it. */
    public RecordMetadata publish(@Nullable String key, String value, Header... headers) {
        return publish(
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8),
                headers);
    }

    /** Publishes any bytes and waits until Kafka has them. */
    public RecordMetadata publish(byte @Nullable [] key, byte @Nullable [] value, Header... headers) {
        return publish(
                new ProducerRecord<>(settings.values().kafka().startTopic(), null, null, key, value, List.of(headers)));
    }

    /** Publishes a record as it is and waits until Kafka has it. */
    public RecordMetadata publish(ProducerRecord<byte[], byte[]> event) {
        try {
            return producer.send(event).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("Kafka did not take the event", e);
        }
    }

    /** The first reply to an event, as JSON. */
    public JsonNode replyTo(String eventId) {
        return json(replyRecordTo(eventId));
    }

    /** The first reply to an event, as its record. */
    public ConsumerRecord<byte[], byte[]> replyRecordTo(String eventId) {
        return replies.await("reply to " + eventId, reply -> isReplyTo(eventId, reply));
    }

    /** All replies to an event that are there now. */
    public List<JsonNode> repliesTo(String eventId) {
        return replies.all().stream()
                .filter(reply -> isReplyTo(eventId, reply))
                .map(RunningSerai::json)
                .toList();
    }

    /** The first dead letter of the record at that position. */
    public ConsumerRecord<byte[], byte[]> deadLetterOf(RecordMetadata position) {
        return deadLetters.await("dead letter of " + position, letter -> isOf(position, letter));
    }

    /** The dead letters of the record at that position that are there now. */
    public List<ConsumerRecord<byte[], byte[]>> deadLettersOf(RecordMetadata position) {
        return deadLetters.all().stream()
                .filter(letter -> isOf(position, letter))
                .toList();
    }

    private static boolean isOf(RecordMetadata position, ConsumerRecord<byte[], byte[]> letter) {
        return position.topic().equals(header(letter, "serai-original-topic"))
                && Integer.toString(position.partition()).equals(header(letter, "serai-original-partition"))
                && Long.toString(position.offset()).equals(header(letter, "serai-original-offset"));
    }

    /**
     * Sends an event into a route, and returns when the route has ended. A test that waits for a commit itself could not be
     * interrupted by its time limit: so it waits here, and the event has a thread of its own.
     */
    public Exchange send(String routeUri, OriginalRecord event, Processor... before) {
        CompletableFuture<Exchange> sent =
                CompletableFuture.supplyAsync(() -> sendAndWait(routeUri, event, before), task -> Thread.ofVirtual()
                        .start(task));
        try {
            return sent.get(2, TimeUnit.MINUTES);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the route of " + event.position() + " has not ended as it should", e);
        }
    }

    private Exchange sendAndWait(String routeUri, OriginalRecord event, Processor... before) {
        try (ProducerTemplate template = service.camelContext().createProducerTemplate()) {
            return template.send(routeUri, exchange -> {
                AcceptRecord intake =
                        service.camelContext().getRegistry().lookupByNameAndType("acceptRecord", AcceptRecord.class);
                Delivery delivery = LoneDelivery.of(
                        service.camelContext()
                                .getRegistry()
                                .lookupByNameAndType("startEvents", StartEventClients.class),
                        event.position());
                delivery.begin();
                intake.accept(event, delivery, exchange);
                for (Processor step : before) {
                    step.process(exchange);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends an event down the line. */
    public Exchange converse(OriginalRecord event) {
        return send("direct:conversation", event);
    }

    /** A step that the routes name. */
    public Processor step(String name) {
        return service.camelContext().getRegistry().lookupByNameAndType(name, Processor.class);
    }

    /** The position up to which the group has committed a partition of the start topic; 0 if it has not. */
    public long committed(int partition) {
        KafkaSettings kafka = settings.values().kafka();
        return committed(kafka.groupId(), new TopicPartition(kafka.startTopic(), partition));
    }

    private long committed(String group, TopicPartition partition) {
        try {
            OffsetAndMetadata committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(partition);
            return committed == null ? 0 : committed.offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the committed offsets cannot be read", e);
        }
    }

    /** Waits until the group has committed everything up to and with that record. */
    public void awaitCommitted(RecordMetadata position) {
        Awaitility.await("commit of " + position)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> committed(position.partition()) > position.offset());
    }

    /** Waits until another group than the service's own has committed everything up to and with that record. */
    public void awaitCommitted(String group, RecordMetadata position) {
        TopicPartition partition = new TopicPartition(position.topic(), position.partition());
        Awaitility.await("commit of " + position)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> committed(group, partition) > position.offset());
    }

    /** What is answered to who asks for health: all of it, or that of a probe such as {@code /live}. */
    public String health(String probe) {
        return page("/health" + probe).body();
    }

    /** All metrics, as Prometheus gets them. */
    public String scrape() {
        return page("/metrics").body();
    }

    /** A page of what it shows of itself, such as {@code /waiting}. */
    public HttpResponse<String> page(String path) {
        return Pages.get(service.observeUri() + path);
    }

    /** A topic that requests may name in {@code kafka_replyTopic}; it exists. */
    public String allowedReplyTopic() {
        return "test.callers" + suffix;
    }

    /** Makes a topic of one partition. */
    public void createTopic(String name) {
        Topics.create(bootstrapServers, 1, name);
    }

    /** Changes a topic's configuration, and waits until the broker, too, knows it, and not its controller alone. */
    public void configureTopic(String name, String key, String value) {
        try {
            Topics.configure(admin, name, key, value);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the topic cannot be changed", e);
        }
    }

    /** Takes a topic away. */
    public void deleteTopic(String name) {
        try {
            Topics.delete(admin, name);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the topic cannot be deleted", e);
        }
    }

    /** The address of this run's broker. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** A reader of a topic of its broker, which the caller closes. */
    public TopicReader reader(String topic) {
        return new TopicReader(bootstrapServers, topic);
    }

    /** The stand-in's recorded calls of {@code /connect} for a character. */
    public List<RecordedCall> connectCalls(String characterId) {
        return standIn.calls().stream()
                .filter(call -> characterId.equals(call.characterId()))
                .toList();
    }

    /** The dead letters of an event that was sent into a route. */
    public List<ConsumerRecord<byte[], byte[]>> deadLettersOf(OriginalRecord event) {
        return deadLetters.all().stream()
                .filter(letter -> event.topic().equals(header(letter, "serai-original-topic"))
                        && Long.toString(event.offset()).equals(header(letter, "serai-original-offset")))
                .toList();
    }

    /** All dead letters that are there now. */
    public List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return deadLetters.all();
    }

    /** All replies that are there now. */
    public List<ConsumerRecord<byte[], byte[]>> replies() {
        return replies.all();
    }

    private boolean isReplyTo(String eventId, ConsumerRecord<byte[], byte[]> reply) {
        return eventIds.computeIfAbsent(reply, any -> namedIn(json(any))).equals(eventId);
    }

    /** The reply to a CloudEvent in structured mode is within one. */
    private static String namedIn(JsonNode value) {
        return (value.has("specversion") ? value.path("data") : value)
                .path("event_id")
                .asText();
    }

    public static JsonNode json(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        try {
            return Json.MAPPER.readTree(kafkaRecord.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        replies.close();
        deadLetters.close();
        producer.close();
        admin.close();
        service.close();
        standIn.close();
    }
}
