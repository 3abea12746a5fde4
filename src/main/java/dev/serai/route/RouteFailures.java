package dev.serai.route;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.commons.lang3.exception.ExceptionUtils;

/** Says of a failure of Camel's which route it is about, in which file, and at which step. */
public final class RouteFailures {
    /** What Camel says of a placeholder, and of the text that it stands in. */
    private static final Pattern MISSING_PROPERTY = Pattern.compile("Property with key \\[([^]]+)] not found[^\n]*");

    private RouteFailures() {}

    /**
     * The failure in one sentence.
     *
     * @param context that of the routes, as far as they are loaded
     * @param folder where their files are
     * @param nearest finds, among the names that there are, the one that was probably meant
     */
    public static String text(
            CamelContext context,
            RouteFolder folder,
            BiFunction<String, Collection<String>, Optional<String>> nearest,
            Throwable failure) {
        String text = text(context, folder, failure);
        Matcher missing = MISSING_PROPERTY.matcher(text);
        return missing.find()
                ? text.substring(0, missing.start())
                        + missing(missing.group(1), context, nearest)
                        + text.substring(missing.end())
                : text;
    }

    private static String missing(
            String key, CamelContext context, BiFunction<String, Collection<String>, Optional<String>> nearest) {
        Set<String> known = context.getPropertiesComponent().loadProperties().stringPropertyNames();
        return "there is no setting " + key
                + nearest.apply(key, known)
                        .map(name -> ": was " + name + " meant?")
                        .orElse("");
    }

    private static String text(CamelContext context, RouteFolder folder, Throwable failure) {
        List<Throwable> chain = ExceptionUtils.getThrowableList(failure);
        for (Throwable next : chain) {
            if (next instanceof UnusableEndpointException placed) {
                return String.valueOf(placed.getMessage());
            }
        }
        Throwable root = chain.getLast();
        String reason = root.getMessage() == null ? root.toString() : root.getMessage();
        return chain.stream()
                .flatMap(each -> place(context, each).stream())
                .findFirst()
                .map(place -> place + ": " + reason)
                .orElseGet(() -> reason + folder.culprits(reason, root));
    }

    /** Whether the routes are to blame, and not what is around them. */
    public static boolean isMistake(Throwable failure) {
        return ExceptionUtils.getThrowableList(failure).stream()
                .anyMatch(each ->
                        each instanceof FailedToCreateRouteException || each instanceof UnusableEndpointException);
    }

    private static Optional<String> place(CamelContext context, Throwable failure) {
        return switch (failure) {
            case FailedToCreateRouteException created ->
                route(context, created.getRouteId()).map(route -> route + at(String.valueOf(created.getMessage())));
            case FailedToStartRouteException started -> route(context, started.getRouteId());
            default -> Optional.empty();
        };
    }

    private static Optional<String> route(CamelContext context, String id) {
        if (id == null) {
            return Optional.empty();
        }
        RouteDefinition route =
                context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinition(id);
        return Optional.of(route == null ? "route " + id : LoadedRoute.place(route));
    }

    /** Camel marks the step in the text of the route. */
    private static String at(String message) {
        int begin = message.indexOf(">>> ");
        int end = message.indexOf(" <<<", begin);
        return begin < 0 || end < 0 ? "" : ", step " + message.substring(begin + 4, end);
    }
}
