package dev.serai.route;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.PausableDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.ResumableDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.Resource;
import org.jspecify.annotations.Nullable;

/**
 * A {@code kafka:} endpoint, and where a route uses it.
 *
 * @param place for messages: the route, its file, and the step if it is one
 * @param pausable whether the route it begins has a {@code pausable} or {@code resumable} step
 */
record KafkaUse(String place, Kind kind, KafkaEndpoint endpoint, boolean pausable) {

    enum Kind {
        /** A route begins with it. */
        READ,
        /** A step sends to it, or asks it. */
        SENT_TO,
        /** It is there, but which step uses it shows only when the step runs. */
        UNKNOWN
    }

    /** All of the routes that are loaded, started or not; an endpoint that is computed for each event is not among them. */
    static List<KafkaUse> of(CamelContext context) {
        List<KafkaUse> uses = new ArrayList<>();
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition route : model.getRouteDefinitions()) {
            context.getPropertiesComponent().setLocalProperties(parameters(route));
            try {
                addOf(context, route, uses);
            } finally {
                context.getPropertiesComponent().setLocalProperties(null);
            }
        }
        Set<Endpoint> known = new HashSet<>();
        uses.forEach(use -> known.add(use.endpoint()));
        for (Endpoint endpoint : context.getEndpoints()) {
            if (endpoint instanceof KafkaEndpoint kafka && !known.contains(endpoint)) {
                uses.add(new KafkaUse("an endpoint of topic " + topic(kafka), Kind.UNKNOWN, kafka, false));
            }
        }
        return uses;
    }

    /** Of the template that the route was made of: its URIs still name them. */
    private static @Nullable Properties parameters(RouteDefinition route) {
        Map<String, Object> parameters = route.getTemplateParameters();
        if (parameters == null) {
            return null;
        }
        Properties properties = new Properties();
        properties.putAll(parameters);
        return properties;
    }

    private static void addOf(CamelContext context, RouteDefinition route, List<KafkaUse> uses) {
        String place = "route " + route.getRouteId() + file(route);
        Collection<ProcessorDefinition<?>> steps = steps(route);
        boolean pausable = steps.stream()
                .anyMatch(step -> step instanceof PausableDefinition || step instanceof ResumableDefinition);
        KafkaEndpoint begin = kafka(context, route.getInput().getEndpointUri());
        if (begin != null) {
            uses.add(new KafkaUse(place, Kind.READ, begin, pausable));
        }
        for (ProcessorDefinition<?> step : steps) {
            KafkaEndpoint endpoint = kafka(context, uri(step));
            if (endpoint != null) {
                uses.add(new KafkaUse(place + ", step " + step.getId(), Kind.SENT_TO, endpoint, false));
            }
        }
    }

    @SuppressWarnings("unchecked") // Camel has no token for the type with its parameter
    private static Collection<ProcessorDefinition<?>> steps(RouteDefinition route) {
        return (Collection<ProcessorDefinition<?>>) (Collection<?>)
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class);
    }

    private static String file(RouteDefinition route) {
        Resource resource = route.getResource();
        if (resource == null) {
            return "";
        }
        String location = resource.getLocation();
        return " (" + location.substring(location.lastIndexOf('/') + 1) + ")";
    }

    private static @Nullable String uri(ProcessorDefinition<?> step) {
        return switch (step) {
            case EndpointRequiredDefinition fixed -> fixed.getEndpointUri();
            case ToDynamicDefinition dynamic -> dynamic.getUri();
            default -> null;
        };
    }

    /** The endpoint that is there already, or else is made now, and not started. */
    private static @Nullable KafkaEndpoint kafka(CamelContext context, @Nullable String uri) {
        if (uri == null || uri.contains("${") || uri.contains("$simple{")) {
            return null;
        }
        String resolved = context.resolvePropertyPlaceholders(uri);
        return resolved.startsWith("kafka:") ? context.getEndpoint(resolved, KafkaEndpoint.class) : null;
    }

    String topic() {
        return topic(endpoint);
    }

    private static String topic(KafkaEndpoint endpoint) {
        return endpoint.getConfiguration().getTopic();
    }
}
