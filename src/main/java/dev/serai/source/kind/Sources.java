package dev.serai.source.kind;

import dev.serai.http.HttpClientWatch;
import dev.serai.settings.EnrichmentSource;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.TenantSettings;
import dev.serai.source.Enricher;
import dev.serai.source.FoundScene;
import dev.serai.source.FoundText;
import dev.serai.source.LookUpRules;
import dev.serai.source.Shape;
import dev.serai.source.Source;
import dev.serai.source.SourceMetrics;
import dev.serai.source.TextShape;
import dev.serai.wire.StartConversation;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;

/**
 * The sources of scene and dynamic information, as the settings name them for each tenant. Sources that no tenant has are
 * not opened. For one thread.
 */
public final class Sources implements AutoCloseable {
    /** What stands for the sources while there are none, and a stand-in is the provider. */
    private static final String SAMPLE_SCENES = "sample-scenes";

    private static final String SAMPLE_CUSTOMERS = "sample-customers";

    /** They are on this machine: what they take longer for is its load, and no reason to go on without. */
    private static final Duration SAMPLE_TIMEOUT = Duration.ofSeconds(15);

    private final Map<String, EnrichmentSource> all;
    private final SourceShapes shapes;
    private final SourceSystems systems;
    private final SourceMetrics metrics;
    private final Map<String, Chosen> chosen = new TreeMap<>();
    private final Map<String, String> routes = new HashMap<>();
    private final Map<String, TextShape> textShapes = new HashMap<>();
    private final Map<String, Source<FoundScene>> scenes = new HashMap<>();
    private final Map<String, Source<FoundText>> dynamicInfos = new HashMap<>();

    /** A tenant's sources; null for none. */
    private record Chosen(@Nullable String scene, @Nullable String dynamicInfo) {
        Chosen orSamples() {
            return new Chosen(
                    scene == null ? SAMPLE_SCENES : scene, dynamicInfo == null ? SAMPLE_CUSTOMERS : dynamicInfo);
        }
    }

    /**
     * Opens the systems of all sources that a tenant has.
     *
     * @throws IllegalArgumentException if sources can never work as they are set; with the reasons, one a line
     */
    public Sources(
            SeraiSettings settings,
            Set<String> tenants,
            @Nullable URI sampleData,
            Map<String, Object> kafkaProperties,
            SourceMetrics metrics,
            MeterRegistry meters) {
        this.metrics = metrics;
        shapes = new SourceShapes(settings.enrich().limits());
        all = new HashMap<>(settings.sources());
        systems = new SourceSystems(kafkaProperties, meters);
        for (String name : tenants) {
            TenantSettings tenant = settings.tenant(name);
            chosen.put(name, new Chosen(tenant.sceneSource(), tenant.dynamicInfoSource()));
        }
        if (sampleData != null) {
            all.put(SAMPLE_SCENES, EnrichmentSource.http(sampleData.resolve("/scenes"), SAMPLE_TIMEOUT));
            all.put(SAMPLE_CUSTOMERS, EnrichmentSource.http(sampleData.resolve("/customers"), SAMPLE_TIMEOUT));
            chosen.computeIfPresent(StartConversation.DEFAULT_TENANT, (name, sources) -> sources.orSamples());
        }
        List<IllegalArgumentException> mistakes = new ArrayList<>();
        try {
            for (Chosen sources : chosen.values()) {
                if (sources.dynamicInfo() != null) {
                    collect(
                            mistakes,
                            () -> textShapes.computeIfAbsent(
                                    sources.dynamicInfo(), name -> shapes.text(name, source(name))));
                }
            }
            for (Chosen sources : chosen.values()) {
                collect(mistakes, () -> open(sources.scene()));
                collect(mistakes, () -> open(sources.dynamicInfo()));
            }
            if (!mistakes.isEmpty()) {
                throw new IllegalArgumentException(
                        mistakes.stream()
                                .map(mistake -> String.valueOf(mistake.getMessage()))
                                .distinct()
                                .collect(Collectors.joining("\n")),
                        mistakes.getFirst());
            }
        } catch (RuntimeException e) {
            systems.close();
            throw e;
        }
    }

    private static void collect(List<IllegalArgumentException> mistakes, Runnable step) {
        try {
            step.run();
        } catch (IllegalArgumentException e) {
            mistakes.add(e);
        }
    }

    private void open(@Nullable String name) {
        if (name != null) {
            routes.computeIfAbsent(name, first -> systems.open(first, source(first), fields(first)));
        }
    }

    /** What the answers of a source are made of, for all tenants together. */
    private Set<String> fields(String name) {
        EnrichmentSource.Shape shape = source(name).shape();
        Set<String> fields = new TreeSet<>();
        if (chosen.values().stream().anyMatch(sources -> name.equals(sources.scene()))) {
            fields.add(shape.nameField());
            fields.add(shape.descriptionField());
        }
        TextShape text = textShapes.get(name);
        if (text != null) {
            fields.addAll(text.fields());
        }
        return fields;
    }

    private EnrichmentSource source(String name) {
        return Objects.requireNonNull(all.get(name), name);
    }

    /** What the HTTP clients of those asked by HTTP meet. */
    public List<HttpClientWatch> watches() {
        return systems.watches();
    }

    public void bindTo(Registry beans) {
        systems.bindTo(beans);
    }

    /** To be added to the context when the templates are there. */
    public SourceRoutes routes() {
        return new SourceRoutes(systems.routes());
    }

    /**
     * Looks for the routes of users that sources name, among those that are loaded and have not started.
     *
     * @param folder where they must be
     * @return what is wrong of those that are not there, or begin elsewhere
     */
    public List<String> mistakes(CamelContext context, Path folder) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        List<String> mistakes = new ArrayList<>();
        systems.ownRoutes().forEach((name, id) -> {
            String setting = "serai.sources." + name + ".route: ";
            RouteDefinition route = model.getRouteDefinition(id);
            if (route == null) {
                mistakes.add(setting + "no file in the folder " + folder + " has a route with the id " + id
                        + ": add one, which begins at direct:" + id);
                return;
            }
            String begin = context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
            if (!begin.matches("direct:(//)?" + Pattern.quote(id) + "(\\?.*)?")) {
                mistakes.add(setting + "the route " + id + " in the folder " + folder + " must begin at direct:" + id
                        + ", not at " + begin);
            }
        });
        return mistakes;
    }

    /** What enriches the events of each tenant. */
    public Map<String, Enricher> enrichers(ProducerTemplate template) {
        Map<String, Enricher> enrichers = new HashMap<>();
        chosen.forEach((tenant, sources) -> enrichers.put(
                tenant,
                new Enricher(
                        one(scenes, sources.scene(), this::sceneShape, template),
                        one(dynamicInfos, sources.dynamicInfo(), this::knownTextShape, template))));
        return enrichers;
    }

    /** The source of that name: tenants that have the same one share its cache and its breaker. */
    private <V> @Nullable Source<V> one(
            Map<String, Source<V>> made,
            @Nullable String name,
            Function<String, Shape<V>> shapes,
            ProducerTemplate template) {
        return name == null
                ? null
                : made.computeIfAbsent(name, first -> {
                    Shape<V> shape = shapes.apply(first);
                    String route = Objects.requireNonNull(routes.get(first), first);
                    Source<V> source = new Source<>(
                            rules(first, source(first)),
                            shape,
                            new SourceRoute(
                                    first, SourceSystems.host(source(first).system()), shape.piece(), route, template),
                            metrics);
                    metrics.watch(source);
                    return source;
                });
    }

    private static LookUpRules rules(String name, EnrichmentSource source) {
        return new LookUpRules(
                name,
                source.required(),
                source.timeout(),
                source.maxConcurrent(),
                source.cacheTtl(),
                source.staleTtl(),
                source.cacheEntries(),
                source.breakerPause());
    }

    private Shape<FoundScene> sceneShape(String name) {
        return shapes.scene(source(name));
    }

    private Shape<FoundText> knownTextShape(String name) {
        return Objects.requireNonNull(textShapes.get(name), name);
    }

    /** Whether the source is one of the stand-in's, which settings do not name. */
    public static boolean isSample(String source) {
        return source.equals(SAMPLE_SCENES) || source.equals(SAMPLE_CUSTOMERS);
    }

    /** Those that can be tried without asking them anything. */
    public List<SourceTrials.Trial> trials() {
        return systems.trials();
    }

    /** The topics that are held in memory, by the names of their sources. */
    public Map<String, String> topics() {
        return systems.topics();
    }

    /** The files that are held in memory, by the names of their sources. */
    public Map<String, Path> files() {
        return systems.files();
    }

    /** The sources that are routes of users, and their ids. */
    public Map<String, String> ownRoutes() {
        return systems.ownRoutes();
    }

    /** Waits until what is held in memory is there; not for ever. */
    public void start() throws InterruptedException {
        systems.start();
    }

    @Override
    public void close() {
        systems.close();
    }
}
