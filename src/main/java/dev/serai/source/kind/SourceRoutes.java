package dev.serai.source.kind;

import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.TemplatedRouteDefinition;

/** One route for each source, made of the template of its type; the templates are YAML files in the routes folder. */
public final class SourceRoutes extends RouteBuilder {
    private static final String PREFIX = "source-";

    private final List<Instance> instances;

    /**
     * A route that is to be made.
     *
     * @param source the source's name
     * @param template the id of the template
     * @param parameters of the template, besides {@code source}
     */
    public record Instance(String source, String template, Map<String, String> parameters) {}

    public SourceRoutes(List<Instance> instances) {
        this.instances = List.copyOf(instances);
    }

    /** The id of a source's route. */
    public static String routeId(String source) {
        return PREFIX + source;
    }

    /** The name of a bean that a source's route names. */
    public static String bean(String source, String what) {
        return PREFIX + source + "-" + what;
    }

    @Override
    public void configure() {
        for (Instance instance : instances) {
            TemplatedRouteDefinition route = templatedRoute(instance.template())
                    .routeId(routeId(instance.source()))
                    .prefixId(instance.source())
                    .parameter("source", instance.source());
            instance.parameters().forEach(route::parameter);
        }
    }
}
