package dev.serai.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.model.PausableDefinition;
import org.apache.camel.model.ResumableDefinition;
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
        for (LoadedRoute route : LoadedRoute.all(context)) {
            addOf(context, route, uses);
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

    private static void addOf(CamelContext context, LoadedRoute route, List<KafkaUse> uses) {
        boolean pausable = route.steps().stream()
                .map(LoadedRoute.Step::definition)
                .anyMatch(step -> step instanceof PausableDefinition || step instanceof ResumableDefinition);
        KafkaEndpoint begin = kafka(context, route.begin(), route.place());
        if (begin != null) {
            uses.add(new KafkaUse(route.place(), Kind.READ, begin, pausable));
        }
        for (LoadedRoute.Step step : route.steps()) {
            KafkaEndpoint endpoint = kafka(context, step.uri(), step.place());
            if (endpoint != null) {
                uses.add(new KafkaUse(step.place(), Kind.SENT_TO, endpoint, false));
            }
        }
    }

    /** The endpoint that is there already, or else is made now, and not started. */
    private static @Nullable KafkaEndpoint kafka(CamelContext context, @Nullable String uri, String place) {
        if (uri == null || !uri.startsWith("kafka:")) {
            return null;
        }
        try {
            return context.getEndpoint(uri, KafkaEndpoint.class);
        } catch (ResolveEndpointFailedException | NoSuchBeanException e) {
            throw EndpointRules.unusable(place, e);
        }
    }

    String topic() {
        return topic(endpoint);
    }

    private static String topic(KafkaEndpoint endpoint) {
        return endpoint.getConfiguration().getTopic();
    }
}
