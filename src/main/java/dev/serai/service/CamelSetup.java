package dev.serai.service;

import dev.serai.batch.folder.FolderRoutes;
import dev.serai.batch.folder.JobFolder;
import dev.serai.batch.run.JobsHealth;
import dev.serai.connect.ProviderHealth;
import dev.serai.conversation.AroundStep;
import dev.serai.conversation.FailureLog;
import dev.serai.http.HttpClientsHealth;
import dev.serai.lane.LaneComponent;
import dev.serai.route.ReadAgain;
import dev.serai.route.RouteFolder;
import dev.serai.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** Sets Camel up: its own settings, and what the routes name, bound before they are loaded. For one start. */
final class CamelSetup extends MainListenerSupport {
    /**
     * How long a stop waits for events that are under way; what is left then runs again after the next start. With what
     * comes after it, less than the 30 s that container platforms usually allow.
     */
    private static final int SHUTDOWN_SECONDS = 20;

    /** As the routes name it. */
    private static final String LANE = "conversations";

    private final Main main;
    private final Parts parts;
    private final Steps steps;

    private CamelSetup(Main main, Parts parts) {
        this.main = main;
        this.parts = parts;
        steps = new Steps(parts);
    }

    /** Of a Camel that has not been initialized. */
    static void apply(Main main, Parts parts, Settings settings, HttpPort httpPort) {
        CamelSetup setup = new CamelSetup(main, parts);
        setup.configure(main.configure(), httpPort);
        // Whoever starts the service stops it, too; Camel's own shutdown hook would wait for a main thread to end.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.setOverrideProperties(placeholders(settings));
        main.addMainListener(setup);
    }

    private void configure(MainConfigurationProperties camel, HttpPort httpPort) {
        camel.setName("serai");
        // Bodies are bytes in memory.
        camel.setStreamCachingEnabled(false);
        camel.setRoutesIncludePattern(new RouteFolder(parts.settings.routesDir()).pattern());
        camel.setShutdownTimeout(SHUTDOWN_SECONDS);
        camel.setShutdownLogInflightExchangesOnTimeout(false);
        camel.httpManagementServer()
                .withEnabled(true)
                .withHost(parts.settings.http().host())
                .withPort(httpPort.number())
                .withHealthCheckEnabled(true)
                .withMetricsEnabled(true);
        camel.health().withEnabled(true).withExposureLevel("full");
        camel.metrics().withEnabled(true);
    }

    /** What <code>{{…}}</code> in the routes stands for. */
    private static Map<String, Object> placeholders(Settings all) {
        Map<String, Object> placeholders = new HashMap<>(all.camelProperties());
        // Camel takes these as properties only, not from its configuration in Java. To measure each exchange and route
        // costs a twentieth of the CPU and says nothing that Serai's own metrics do not.
        placeholders.putIfAbsent("camel.metrics.enableExchangeEventNotifier", "false");
        placeholders.putIfAbsent("camel.metrics.enableRouteEventNotifier", "false");
        placeholders.putIfAbsent("camel.metrics.enableRoutePolicy", "false");
        placeholders.putIfAbsent("camel.metrics.binders", "jvm-memory,jvm-gc,jvm-thread,processor,uptime");
        return placeholders;
    }

    @Override
    public void afterConfigure(BaseMainSupport ignored) {
        CamelContext context = main.getCamelContext();
        context.getCamelContextExtension().addInterceptStrategy(new AroundStep());
        FailureLog.install(context);
        context.addRoutePolicyFactory((camel, id, route) -> new ReadAgain());
        parts.engine.bindTo(context.getRegistry());
        steps.bindTo(context.getRegistry(), context.createProducerTemplate());
        configureHttp(context.getComponent("http", HttpComponent.class));
        configureHttp(context.getComponent("https", HttpComponent.class));
        KafkaComponent kafka = context.getComponent("kafka", KafkaComponent.class);
        kafka.getConfiguration().setBrokers(parts.backends.bootstrapServers());
        kafka.getConfiguration().setAdditionalProperties(parts.backends.additionalKafkaProperties());
        LaneComponent lanes = context.getComponent("lane", LaneComponent.class);
        parts.metrics.watch(
                "serai.lane.queued", "Start events that wait for their conversation's turn", () -> lanes.load(LANE)
                        .queued());
        parts.metrics.watch("serai.lane.running", "Start events whose turn it is", () -> lanes.load(LANE)
                .running());
        HealthCheckRegistry health = HealthCheckRegistry.get(context);
        parts.engine.register(health, parts.intakes::dead);
        parts.intakes.register(health);
        parts.jobs.map(JobsHealth::new).ifPresent(health::register);
        health.register(new ProviderHealth(
                parts.providers.gates(), parts.providers.keyRemedies(), parts.backends.hasStandIn()));
        health.register(new HttpClientsHealth(
                Stream.concat(parts.providers.watches().stream(), parts.sources.watches().stream())
                        .toList()));
    }

    @Override
    public void beforeInitialize(BaseMainSupport ignored) {
        // Micrometer's registry must be there before Camel would make one of its own.
        main.bind("metricsRegistry", parts.meters);
        main.configure().addRoutesBuilder(steps.connectRoute());
        main.configure().addRoutesBuilder(parts.sources.routes());
        main.configure().addRoutesBuilder(parts.intakes.routes());
        main.configure().addRoutesBuilder(new FolderRoutes(parts.folder.map(JobFolder::inbox)));
    }

    private static void configureHttp(HttpComponent http) {
        // HttpClient would send a POST again by itself after a 429 or a 503.
        http.setAutomaticRetriesDisabled(true);
        http.setCookieManagementDisabled(true);
    }
}
