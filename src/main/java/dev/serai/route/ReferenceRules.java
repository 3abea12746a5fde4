package dev.serai.route;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.MethodCallExpression;
import org.apache.camel.spi.ComponentNameResolver;
import org.jspecify.annotations.Nullable;

/**
 * What the routes name must be there: each component, each {@code direct:} and {@code seda:} that is sent to begins a route,
 * and each bean that a step, a condition or a {@code method} expression names is bound. Camel itself looks for a {@code
 * direct:} when an event arrives there, and then waits for 30 s, with a room that has been paid for. Immutable.
 *
 * @param nearest finds, among the names that there are, the one that was probably meant
 */
public record ReferenceRules(Nearest nearest) {
    private static final Pattern CLASS = Pattern.compile("#class:([\\w.$]+)");

    /** Each may begin several routes of one context, but is called by name. */
    private static final Set<String> INSIDE = Set.of("direct:", "seda:");

    /**
     * Looks at all routes that are loaded, before they start.
     *
     * @return each names its route, file and step, what is missing, and what was probably meant; empty if all is there
     */
    public List<String> mistakes(CamelContext context) {
        List<LoadedRoute> routes = LoadedRoute.all(context);
        Set<String> begins = new TreeSet<>();
        for (LoadedRoute route : routes) {
            String name = inside(route.begin());
            if (name != null) {
                begins.add(name);
            }
        }
        Set<String> mistakes = new LinkedHashSet<>();
        for (LoadedRoute route : routes) {
            addIfNoComponent(context, route.place() + ": it begins at " + route.begin(), route.scheme(), mistakes);
            for (LoadedRoute.Step step : route.steps()) {
                addIfNoComponent(context, step.place() + ": it sends to " + sentTo(step), step.scheme(), mistakes);
                String called = inside(step.uri());
                if (called != null && !begins.contains(called)) {
                    mistakes.add(step.place() + ": it sends to " + called + ", and no route begins there"
                            + nearest.meant(called, begins));
                }
                beans(step.definition()).forEach(bean -> addIfMissing(context, step.place(), bean, mistakes));
                addIfNoClass(context, step, mistakes);
            }
        }
        return List.copyOf(mistakes);
    }

    private static String sentTo(LoadedRoute.Step step) {
        return step.uri() == null ? step.scheme() + ":…" : step.uri();
    }

    private void addIfNoComponent(CamelContext context, String what, @Nullable String scheme, Set<String> mistakes) {
        // An endpoint that is bound as a bean has a name in place of a URI.
        if (scheme == null || context.getRegistry().lookupByName(scheme) != null) {
            return;
        }
        boolean isThere;
        try {
            isThere = context.getComponent(scheme, true, false) != null;
        } catch (LinkageError e) {
            mistakes.add(what + ", and the component " + scheme + " cannot be loaded: " + RouteFailures.reason(e));
            return;
        }
        if (!isThere) {
            mistakes.add(what + ", and there is no component " + scheme
                    + nearest.meant(
                            scheme,
                            context.getCamelContextExtension()
                                    .getContextPlugin(ComponentNameResolver.class)
                                    .resolveNames(context)));
        }
    }

    /** Such as {@code direct:reply}; null for an endpoint of another kind. */
    private static @Nullable String inside(@Nullable String uri) {
        if (uri == null) {
            return null;
        }
        String name = uri.replaceFirst("\\?.*", "").replaceFirst("^(\\w+:)//", "$1");
        return INSIDE.stream().anyMatch(name::startsWith) ? name : null;
    }

    private static List<String> beans(NamedNode step) {
        List<String> beans = new ArrayList<>();
        switch (step) {
            case ProcessDefinition process -> add(beans, process.getRef());
            case BeanDefinition bean -> add(beans, bean.getRef());
            case OnExceptionDefinition policy -> add(beans, policy.getOnExceptionOccurredRef());
            default -> {}
        }
        for (ExpressionDefinition expression : StepExpressions.of(step)) {
            if (expression instanceof MethodCallExpression method) {
                add(beans, method.getRef());
            }
        }
        return beans;
    }

    /** Classes are resolved, and placeholders are, when Camel makes the route. */
    private static void add(List<String> beans, @Nullable String reference) {
        if (reference == null || reference.contains("{{")) {
            return;
        }
        String name = reference.replaceFirst("^#?bean:", "").replaceFirst("^#(?=\\w+$)", "");
        if (!name.startsWith("#")) {
            beans.add(name);
        }
    }

    private static void addIfNoClass(CamelContext context, LoadedRoute.Step step, Set<String> mistakes) {
        String reference =
                switch (step.definition()) {
                    case ProcessDefinition process -> process.getRef();
                    case BeanDefinition bean -> bean.getRef();
                    default -> null;
                };
        Matcher named = CLASS.matcher(reference == null ? "" : reference);
        if (!named.lookingAt()) {
            return;
        }
        String name = named.group(1);
        try {
            if (context.getClassResolver().resolveClass(name) == null) {
                mistakes.add(step.place() + ": " + RouteFailures.reason(new ClassNotFoundException(name)));
            }
        } catch (LinkageError e) {
            mistakes.add(step.place() + ": the class " + name + " cannot be loaded: " + RouteFailures.reason(e));
        }
    }

    private void addIfMissing(CamelContext context, String place, String bean, Set<String> mistakes) {
        if (context.getRegistry().lookupByName(bean) == null) {
            mistakes.add(place + ": " + nearest.noBean(context, bean));
        }
    }
}
