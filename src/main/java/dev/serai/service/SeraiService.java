package dev.serai.service;

import dev.serai.connect.Backoff;
import dev.serai.connect.ConnectPolicy;
import dev.serai.connect.ProviderAnswerHeaders;
import dev.serai.connect.ProviderEndpoint;
import dev.serai.connect.ProviderHealth;
import dev.serai.connect.gate.Gate;
import dev.serai.conversation.AcceptRecord;
import dev.serai.conversation.BeginEvent;
import dev.serai.conversation.BindOutbox;
import dev.serai.conversation.CheckDeadline;
import dev.serai.conversation.ConnectRoute;
import dev.serai.conversation.ConnectSteps;
import dev.serai.conversation.DeadLetterRecord;
import dev.serai.conversation.DecodeEvent;
import dev.serai.conversation.DecodingBudget;
import dev.serai.conversation.DescribeFailure;
import dev.serai.conversation.EnrichConversation;
import dev.serai.conversation.ErrorsAsFailures;
import dev.serai.conversation.FailureLog;
import dev.serai.conversation.LeftToNextOwner;
import dev.serai.conversation.NotePublished;
import dev.serai.conversation.NoteStep;
import dev.serai.conversation.RecallConversation;
import dev.serai.conversation.ReplyRecord;
import dev.serai.conversation.ResumeSession;
import dev.serai.conversation.SettleEvent;
import dev.serai.engine.TransactionsForbiddenException;
import dev.serai.http.HttpClientsHealth;
import dev.serai.lane.LaneComponent;
import dev.serai.observe.AbandonedCalls;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.DeadLetterLog;
import dev.serai.observe.KafkaWatch;
import dev.serai.observe.waiting.HeldEvents;
import dev.serai.observe.waiting.LongWaitLog;
import dev.serai.observe.waiting.WaitingReport;
import dev.serai.route.CsvLines;
import dev.serai.route.FailedStepText;
import dev.serai.route.JsonataLanguage;
import dev.serai.route.RouteFailures;
import dev.serai.route.RouteFolder;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.SeraiSettings.OnUnknownOutcome;
import dev.serai.settings.Settings;
import dev.serai.settings.Suggestions;
import dev.serai.source.SourceMetrics;
import dev.serai.source.kind.HttpSource;
import dev.serai.source.kind.Sources;
import dev.serai.source.kind.SqlRows;
import dev.serai.wire.event.EventPreviews;
import dev.serai.wire.event.ReplyTopics;
import dev.serai.wire.event.StartEventDecoder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.model.Model;
import org.apache.camel.spi.Registry;

/**
 * The service: the routes of the routes folder, and the steps that they name, wired together. From {@link #start} until
 * {@link #close} it takes start events and answers them.
 *
 * <p>The topics must exist. Thread safety: {@code close} may be called from any thread, once.
 */
public final class SeraiService implements AutoCloseable {
    /**
     * How long a stop waits for events that are under way; what is left then runs again after the next start. With what
     * comes after it, less than the 30 s that container platforms usually allow.
     */
    private static final int SHUTDOWN_SECONDS = 20;

    /** As the routes name it. */
    private static final String LANE = "conversations";

    private final Main main = new Main();
    private final Clock clock = Clock.systemUTC();
    private final SeraiSettings settings;
    private final Backends backends;
    private final HttpPort httpPort;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConversationMetrics metrics;
    private final DeadLetterLog deadLetters = new DeadLetterLog();
    private final AbandonedCalls abandoned = new AbandonedCalls();
    private final HeldEvents held = new HeldEvents();
    private final CheckDeadline checkDeadline = new CheckDeadline(clock);
    private final Providers providers;
    private final DecodingBudget decodedEvents;
    private final DecodingBudget decodedAnswers;
    private final MemoryShares memory;
    private final Engine engine;
    private final WaitingReport waiting;
    private final LongWaitLog longWaits;
    private final Sources sources;
    private volatile boolean running;

    /**
     * Wires it, and starts nothing.
     *
     * @throws IllegalArgumentException if settings name what cannot work, such as a file with mistakes
     */
    SeraiService(Settings settings, Backends backends) {
        this.settings = settings.values();
        this.backends = backends;
        httpPort = HttpPort.of(this.settings.http().host(), this.settings.http().port());
        metrics = new ConversationMetrics(meters, backends.providers().keySet());
        providers = new Providers(this.settings, backends.providers(), meters, clock);
        providers.gates().forEach(metrics::watch);
        sources = new Sources(
                this.settings,
                backends.providers().keySet(),
                backends.sampleData(),
                backends.kafkaProperties(),
                new SourceMetrics(meters),
                meters);
        memory = MemoryShares.of(this.settings.kafka());
        decodedEvents = new DecodingBudget("events", memory.decodedEvents(), memory.lightEvent());
        decodedAnswers = new DecodingBudget("answers", memory.decodedAnswers(), memory.lightAnswer());
        engine = new Engine(this.settings, backends.kafkaProperties(), providers, memory, metrics, clock);
        KafkaWatch kafka = engine.watch();
        waiting = new WaitingReport(held, StartEventDecoder::eventId, kafka::problem, clock);
        longWaits = new LongWaitLog(held, StartEventDecoder::eventId, kafka::problem, clock);
        metrics.watchSeconds(
                "serai.oldest.event.age.seconds",
                "Since the oldest of the start events that are held was published; 0 while there is none",
                () -> held.oldestAge(clock.instant()));
        // Whoever starts the service stops it, too; Camel's own shutdown hook would wait for a main thread to end.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.setOverrideProperties(placeholders(settings));
        main.addMainListener(new Wiring());
        configure(main.configure());
    }

    /**
     * Starts the service and returns when its routes run.
     *
     * @throws InvalidRoutesException when a route file is wrong, or there is none; with all that is wrong
     * @throws ServiceStartException when a port is taken, or something else is; with the reason
     * @throws TransactionsForbiddenException when Kafka does not let this client use transactions
     */
    public static SeraiService start(Settings settings, Backends backends) {
        RouteFolder routes = new RouteFolder(settings.values().routesDir());
        SeraiService service;
        try {
            service = new SeraiService(settings, backends);
        } catch (IllegalArgumentException e) {
            throw new ServiceStartException(String.valueOf(e.getMessage()), e);
        }
        try {
            service.engine.start();
            service.load(routes);
            new StartCheck(service.settings, backends).requireSound(service.camelContext(), service.sources);
            service.sources.start();
            service.httpPort.requireFree();
            service.main.start();
            ObserveEndpoints.open(service.camelContext(), service.waiting);
            service.running = true;
            return service;
        } catch (ServiceStartException | InvalidRoutesException | TransactionsForbiddenException e) {
            service.close();
            throw e;
        } catch (Exception e) {
            String reason = RouteFailures.text(service.camelContext(), routes, Suggestions::nearest, e);
            service.close();
            if (RouteFailures.isMistake(e)) {
                throw new InvalidRoutesException(routes.path(), List.of(reason));
            }
            throw new ServiceStartException("the service did not start: " + reason, e);
        }
    }

    /**
     * Loads the routes, and starts none.
     *
     * @throws InvalidRoutesException if that cannot be done
     */
    void load(RouteFolder routes) {
        if (!Files.isDirectory(routes.path())) {
            throw new InvalidRoutesException(
                    routes.path(), List.of("there is no such folder: set serai.routes-dir to the one with the routes"));
        }
        if (routes.isEmpty()) {
            throw new InvalidRoutesException(
                    routes.path(), List.of("no file there ends in .camel.yaml, so that no route takes start events"));
        }
        try {
            main.init();
            FailureLog.installInRoutes(camelContext());
        } catch (RuntimeException e) {
            throw new InvalidRoutesException(
                    routes.path(), List.of(RouteFailures.text(camelContext(), routes, Suggestions::nearest, e)));
        }
    }

    /**
     * {@link #load}, for a service whose routes will not start whatever the settings say, and which opens no port.
     *
     * @throws InvalidRoutesException if that cannot be done
     */
    void loadForCheck(RouteFolder routes) {
        main.configure().httpManagementServer().withEnabled(false);
        main.addOverrideProperty("camel.management.enabled", "false");
        load(routes);
        camelContext().setAutoStartup(false);
    }

    /**
     * Makes the routes that are {@link #loadForCheck loaded for a check}, each with its endpoints and its expressions.
     *
     * @throws Exception what Camel says is wrong
     */
    void buildRoutes() throws Exception {
        main.start();
    }

    /** How many of the routes that are loaded come from files, and not from the service. */
    long routesOfFiles() {
        return camelContext().getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions().stream()
                .filter(route -> route.getResource() != null)
                .count();
    }

    Sources sources() {
        return sources;
    }

    /** Where health and metrics are. */
    public URI observeUri() {
        return URI.create("http://" + settings.http().host() + ":" + httpPort.number() + ObserveEndpoints.PATH);
    }

    /** How many partitions of the start topic this process owns and runs the events of. */
    public int partitions() {
        return engine.assignments().partitions();
    }

    /**
     * The gate before the provider.
     *
     * @param tenant one that there is
     */
    public Gate gate(String tenant) {
        return Objects.requireNonNull(providers.gates().get(tenant), tenant);
    }

    /** The Camel context, for tests that look inside. */
    public CamelContext camelContext() {
        return main.getCamelContext();
    }

    /** Takes no more events, waits for those under way (bounded), and stops. */
    @Override
    public void close() {
        if (running) {
            abandoned.stopping();
        }
        engine.stopTaking(stopPatience());
        main.stop();
        decodedEvents.close();
        decodedAnswers.close();
        engine.close();
        sources.close();
        providers.close();
        deadLetters.close();
        abandoned.close();
        longWaits.close();
        meters.close();
    }

    private Duration stopPatience() {
        CamelContext context = main.getCamelContext();
        return context == null
                ? Duration.ZERO
                : Duration.ofSeconds(context.getShutdownStrategy().getTimeout());
    }

    private void configure(MainConfigurationProperties camel) {
        camel.setName("serai");
        // Bodies are bytes in memory.
        camel.setStreamCachingEnabled(false);
        camel.setRoutesIncludePattern(new RouteFolder(settings.routesDir()).pattern());
        camel.setShutdownTimeout(SHUTDOWN_SECONDS);
        camel.setShutdownLogInflightExchangesOnTimeout(false);
        camel.httpManagementServer()
                .withEnabled(true)
                .withHost(settings.http().host())
                .withPort(httpPort.number())
                .withHealthCheckEnabled(true)
                .withMetricsEnabled(true);
        camel.health().withEnabled(true).withExposureLevel("full");
        camel.metrics().withEnabled(true);
    }

    /** What <code>{{…}}</code> in the routes stands for. */
    private Map<String, Object> placeholders(Settings all) {
        Map<String, Object> placeholders = new HashMap<>(all.camelProperties());
        // Camel takes these as properties only, not from its configuration in Java. To measure each exchange and route
        // costs a twentieth of the CPU and says nothing that Serai's own metrics do not.
        placeholders.putIfAbsent("camel.metrics.enableExchangeEventNotifier", "false");
        placeholders.putIfAbsent("camel.metrics.enableRouteEventNotifier", "false");
        placeholders.putIfAbsent("camel.metrics.enableRoutePolicy", "false");
        placeholders.putIfAbsent("camel.metrics.binders", "jvm-memory,jvm-gc,jvm-thread,processor,uptime");
        return placeholders;
    }

    /** Binds what the routes name, before they are loaded. */
    private final class Wiring extends MainListenerSupport {
        @Override
        public void afterConfigure(BaseMainSupport ignored) {
            CamelContext context = main.getCamelContext();
            context.getCamelContextExtension().addInterceptStrategy(new ErrorsAsFailures());
            context.getCamelContextExtension().addInterceptStrategy(new BindOutbox());
            context.getCamelContextExtension().addInterceptStrategy(new NoteStep());
            FailureLog.install(context);
            engine.bindTo(context.getRegistry());
            bindSteps(context.getRegistry(), context.createProducerTemplate());
            configureHttp(context.getComponent("http", HttpComponent.class));
            configureHttp(context.getComponent("https", HttpComponent.class));
            KafkaComponent kafka = context.getComponent("kafka", KafkaComponent.class);
            kafka.getConfiguration().setBrokers(backends.bootstrapServers());
            kafka.getConfiguration().setAdditionalProperties(backends.additionalKafkaProperties());
            LaneComponent lanes = context.getComponent("lane", LaneComponent.class);
            metrics.watch(
                    "serai.lane.queued", "Start events that wait for their conversation's turn", () -> lanes.load(LANE)
                            .queued());
            metrics.watch("serai.lane.running", "Start events whose turn it is", () -> lanes.load(LANE)
                    .running());
            metrics.watch(
                    "serai.stand.in",
                    "1 while the stand-in answers in place of a provider: its rooms are none",
                    () -> backends.hasStandIn() ? 1 : 0);
            watch("events", decodedEvents);
            watch("answers", decodedAnswers);
            HealthCheckRegistry health = HealthCheckRegistry.get(context);
            engine.register(health);
            health.register(new ProviderHealth(providers.gates(), providers.keyRemedies(), backends.hasStandIn()));
            health.register(
                    new HttpClientsHealth(Stream.concat(providers.watches().stream(), sources.watches().stream())
                            .toList()));
        }

        private void watch(String what, DecodingBudget budget) {
            metrics.watch(
                    "serai.decoded." + what + ".bytes",
                    "Memory that is set aside for " + what + " while they are decoded, but for light ones",
                    budget::taken);
            metrics.watch(
                    "serai.decoded." + what + ".waiting",
                    "Heavy " + what + " that wait for memory to be decoded in",
                    budget::waiting);
        }

        @Override
        public void beforeInitialize(BaseMainSupport ignored) {
            // Micrometer's registry must be there before Camel would make one of its own.
            main.bind("metricsRegistry", meters);
            main.configure().addRoutesBuilder(connectRoute());
            main.configure().addRoutesBuilder(sources.routes());
        }
    }

    private void bindSteps(Registry steps, ProducerTemplate routes) {
        ReplyTopics replyTopics = replyTopics();
        ReplyRecord replyRecord = new ReplyRecord(
                replyTopics, Set.copyOf(settings.reply().correlationHeaders()), backends.hasStandIn(), clock);
        SettleEvent settle = new SettleEvent(
                settings.kafka().sessionTopic(),
                settings.kafka().deadLetterTopic(),
                engine.sessions(),
                metrics,
                deadLetters,
                abandoned,
                held,
                clock,
                routes);
        steps.bind("acceptRecord", new AcceptRecord(settle, previews(), clock));
        steps.bind("jsonata", new JsonataLanguage());
        steps.bind("csvLines", new CsvLines());
        steps.bind("csvLineToRow", (Processor) CsvLines::toRow);
        steps.bind("csvLineToRejected", (Processor) CsvLines::toRejected);
        steps.bind("failedStep", new FailedStepText());
        steps.bind("beginEvent", new BeginEvent(clock));
        steps.bind(
                "decodeEvent", new DecodeEvent(decoder(replyTopics), decodedEvents, memory.heaviestEvent(), metrics));
        steps.bind("checkDeadline", checkDeadline);
        steps.bind("recallConversation", new RecallConversation(engine.sessions(), replyRecord, metrics));
        steps.bind("resumeSession", new ResumeSession());
        sources.bindTo(steps);
        steps.bind("enrichConversation", new EnrichConversation(sources.enrichers(routes), clock));
        steps.bind("prepareHttpRequest", (Processor) HttpSource::prepare);
        steps.bind("readHttpAnswer", (Processor) HttpSource::read);
        steps.bind("rowsToJson", (Processor) SqlRows::toJson);
        steps.bind("replyRecord", replyRecord);
        steps.bind("noteReply", NotePublished.reply());
        steps.bind("leftToNextOwner", new LeftToNextOwner());
        steps.bind("describeFailure", new DescribeFailure(metrics));
        steps.bind("deadLetterRecord", new DeadLetterRecord(clock));
        steps.bind("noteDeadLetter", NotePublished.deadLetter());
        providers.bindTo(steps);
        steps.bind(ProviderEndpoint.ANSWER_HEADERS_BEAN, new ProviderAnswerHeaders());
    }

    private StartEventDecoder decoder(ReplyTopics replyTopics) {
        SeraiSettings.Conversation conversation = settings.conversation();
        return new StartEventDecoder(
                new StartEventDecoder.Rules(
                        conversation.defaultCharacterId(),
                        conversation.ttl(),
                        conversation.maxClockSkew(),
                        conversation.maxEventBytes(),
                        settings.connect().allowedOptions(),
                        backends.providers().keySet()),
                replyTopics,
                clock);
    }

    private EventPreviews previews() {
        SeraiSettings.Conversation conversation = settings.conversation();
        return new EventPreviews(
                conversation.ttl(),
                conversation.maxClockSkew(),
                backends.providers().keySet(),
                clock);
    }

    private ReplyTopics replyTopics() {
        return new ReplyTopics(settings.kafka().replyTopic(), settings.reply().allowedTopics());
    }

    private ConnectRoute connectRoute() {
        SeraiSettings.Connect connect = settings.connect();
        Backoff backoff = new Backoff(connect.initialBackoff(), connect.maxBackoff(), () -> ThreadLocalRandom.current()
                .nextLong());
        ConnectPolicy policy =
                new ConnectPolicy(connect.maxAttempts(), connect.onUnknownOutcome() == OnUnknownOutcome.RETRY, backoff);
        ConnectSteps steps = new ConnectSteps(
                providers.tenants(), replyTopics(), policy, engine.watch(), metrics, abandoned, decodedAnswers, clock);
        return new ConnectRoute(steps);
    }

    private static void configureHttp(HttpComponent http) {
        // HttpClient would send a POST again by itself after a 429 or a 503.
        http.setAutomaticRetriesDisabled(true);
        http.setCookieManagementDisabled(true);
    }
}
