package dev.serai.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.Resource;
import org.jspecify.annotations.Nullable;

/**
 * A route, or a configuration of routes, that is loaded, started or not, with its placeholders resolved.
 *
 * @param place for messages: the route and its file; of a configuration Camel does not keep the file
 * @param begin the URI that it begins at; null for a configuration
 * @param steps in no particular order; those of its branches too, and the conditions of choices
 * @param parameters of the template that it was made of; null if it was made of none
 */
record LoadedRoute(
        String place,
        @Nullable String begin,
        List<Step> steps,
        @Nullable Properties parameters) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[^{}]+}}");

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)(?=[:?]|$)");

    /**
     * A step.
     *
     * @param place for messages: the route, its file, and the step
     * @param definition as it stands in the file
     * @param uri where it sends to; null if it sends nowhere, or if that is computed for each event
     * @param scheme the component that it sends to, also where the rest is computed; null if it sends nowhere, or if that
     *     is computed, too
     */
    record Step(
            String place,
            NamedNode definition,
            @Nullable String uri,
            @Nullable String scheme) {}

    /** The component that it begins at; null if it is named in another way. */
    @Nullable
    String scheme() {
        return scheme(begin);
    }

    private static @Nullable String scheme(@Nullable String uri) {
        Matcher scheme = uri == null ? null : SCHEME.matcher(uri);
        return scheme != null && scheme.lookingAt() ? scheme.group(1) : null;
    }

    /**
     * All routes of the folder and of the service's own.
     *
     * @throws UnusableEndpointException if URIs name settings that there are none of; each is a line
     */
    static List<LoadedRoute> all(CamelContext context) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        List<LoadedRoute> routes = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>();
        Set<String> configured = new HashSet<>();
        for (RouteConfigurationDefinition configuration : model.getRouteConfigurationDefinitions()) {
            List<ProcessorDefinition<?>> outputs = outputs(configuration);
            String place = place("route configuration " + configuration.getId(), configuration.getResource());
            routes.add(new LoadedRoute(place, null, steps(context, place, outputs, missing), null));
            definitions(outputs).forEach(step -> configured.add(step.getId()));
        }
        for (RouteDefinition route : model.getRouteDefinitions()) {
            Properties parameters = parameters(route);
            context.getPropertiesComponent().setLocalProperties(parameters);
            try {
                routes.add(of(context, route, configured, parameters, missing));
            } finally {
                context.getPropertiesComponent().setLocalProperties(null);
            }
        }
        if (!missing.isEmpty()) {
            throw new UnusableEndpointException(String.join("\n", missing), null);
        }
        return routes;
    }

    private static List<ProcessorDefinition<?>> outputs(RouteConfigurationDefinition configuration) {
        List<ProcessorDefinition<?>> outputs = new ArrayList<>(configuration.getOnExceptions());
        outputs.addAll(configuration.getOnCompletions());
        outputs.addAll(configuration.getIntercepts());
        outputs.addAll(configuration.getInterceptFroms());
        outputs.addAll(configuration.getInterceptSendTos());
        return outputs;
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

    /**
     * @param configured ids of the steps that Camel copies into routes from their configurations
     * @param missing is told of settings that there are none of
     */
    private static LoadedRoute of(
            CamelContext context,
            RouteDefinition route,
            Set<String> configured,
            @Nullable Properties parameters,
            Set<String> missing) {
        String place = place(route);
        List<Step> steps = steps(context, place, route.getOutputs(), missing);
        steps.removeIf(step -> step.definition().getId() != null
                && configured.contains(step.definition().getId()));
        String begin = resolved(context, route.getInput().getEndpointUri(), place, missing);
        return new LoadedRoute(place, begin, steps, parameters);
    }

    private static List<Step> steps(
            CamelContext context, String place, List<ProcessorDefinition<?>> outputs, Set<String> missing) {
        List<Step> steps = new ArrayList<>();
        for (NamedNode step : definitions(outputs)) {
            String at = place + ", step " + name(step);
            String uri = uri(step);
            String sentTo = uri == null || isComputed(uri) ? null : resolved(context, uri, at, missing);
            steps.add(new Step(at, step, sentTo, scheme(sentTo == null ? uri : sentTo)));
        }
        return steps;
    }

    private static boolean isComputed(String uri) {
        return uri.contains("${") || uri.contains("$simple{");
    }

    /** Null if that cannot be done; Camel itself stops at the first setting of a URI that there is none of. */
    private static @Nullable String resolved(CamelContext context, String uri, String place, Set<String> missing) {
        try {
            return context.resolvePropertyPlaceholders(uri);
        } catch (IllegalArgumentException e) {
            List<String> all = PLACEHOLDER
                    .matcher(uri)
                    .results()
                    .flatMap(found -> unresolvable(context, found.group()).stream())
                    .toList();
            (all.isEmpty() ? List.of(String.valueOf(e.getMessage())) : all)
                    .forEach(reason -> missing.add(place + ": " + reason));
            return null;
        }
    }

    private static Optional<String> unresolvable(CamelContext context, String placeholder) {
        try {
            context.resolvePropertyPlaceholders(placeholder);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** A step, for messages: its id, or else its kind. */
    static String name(NamedNode step) {
        return step.getId() == null ? step.getShortName() : step.getId();
    }

    /** A route and its file, for messages. */
    static String place(RouteDefinition route) {
        return place("route " + route.getRouteId(), route.getResource());
    }

    private static String place(String what, @Nullable Resource resource) {
        if (resource == null) {
            return what;
        }
        String location = resource.getLocation();
        return what + " (" + location.substring(location.lastIndexOf('/') + 1) + ")";
    }

    /** Camel passes over the conditions of choices, which are no processors. */
    private static List<NamedNode> definitions(List<ProcessorDefinition<?>> outputs) {
        List<NamedNode> all = new ArrayList<>();
        for (ProcessorDefinition<?> step :
                ProcessorDefinitionHelper.filterTypeInOutputs(outputs, ProcessorDefinition.class)) {
            all.add(step);
            if (step instanceof ChoiceDefinition choice) {
                all.addAll(choice.getWhenClauses());
            }
        }
        return all;
    }

    private static @Nullable String uri(NamedNode step) {
        return switch (step) {
            case EndpointRequiredDefinition fixed -> fixed.getEndpointUri();
            case ToDynamicDefinition dynamic -> dynamic.getUri();
            default -> null;
        };
    }
}
