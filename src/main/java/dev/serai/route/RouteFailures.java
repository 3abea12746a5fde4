package dev.serai.route;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/** Says of a failure of Camel's which route it is about, in which file, and at which step. */
public final class RouteFailures {
    /** What Camel says of a placeholder, and of the text that it stands in. */
    private static final Pattern MISSING_PROPERTY = Pattern.compile("Property with key \\[([^]]+)] not found[^\n]*");

    private static final String MARK = ">>> ";

    /** What Camel says of a bean that an option names. */
    private static final Pattern MISSING_BEAN =
            Pattern.compile("No bean could be found in the registry for: (\\S+)(?: of type: ([\\w.$]+))?");

    private RouteFailures() {}

    /**
     * The failure in one sentence.
     *
     * @param context that of the routes, as far as they are loaded
     * @param folder where their files are
     * @param nearest finds, among the names that there are, the one that was probably meant
     */
    public static String text(CamelContext context, RouteFolder folder, Nearest nearest, Throwable failure) {
        return withNearest(context, nearest, text(context, folder, failure));
    }

    /**
     * What Camel says of a name that it does not know, and the one that was probably meant.
     *
     * @param text what is said of a mistake
     * @return the text as it was, if it names nothing that is missing
     */
    public static String withNearest(CamelContext context, Nearest nearest, String text) {
        Matcher setting = MISSING_PROPERTY.matcher(text);
        if (setting.find()) {
            Set<String> known =
                    context.getPropertiesComponent().loadProperties().stringPropertyNames();
            return replaced(
                    text, setting, "there is no setting " + setting.group(1) + nearest.meant(setting.group(1), known));
        }
        Matcher bean = MISSING_BEAN.matcher(text);
        if (bean.find()) {
            Class<?> type =
                    bean.group(2) == null ? null : context.getClassResolver().resolveClass(bean.group(2));
            Set<String> known = beans(context, type == null ? Object.class : type);
            return replaced(
                    text,
                    bean,
                    "there is no bean " + bean.group(1)
                            + (type == null ? "" : " of the type " + type.getSimpleName())
                            + nearest.meant(bean.group(1), known));
        }
        return text;
    }

    private static Set<String> beans(CamelContext context, Class<?> type) {
        return context.getRegistry().findByTypeWithName(type).keySet();
    }

    private static String replaced(String text, Matcher found, String by) {
        return text.substring(0, found.start()) + by + text.substring(found.end());
    }

    private static String text(CamelContext context, RouteFolder folder, Throwable failure) {
        List<Throwable> chain = ExceptionUtils.getThrowableList(failure);
        for (Throwable next : chain) {
            if (next instanceof UnusableEndpointException placed) {
                return String.valueOf(placed.getMessage());
            }
        }
        Throwable root = chain.getLast();
        String duplicates = folder.duplicates(String.valueOf(root.getMessage()));
        String reason = reason(root) + duplicates;
        return chain.stream()
                .flatMap(each -> place(context, each).stream())
                .findFirst()
                .map(place -> place + ": " + reason)
                .orElseGet(() -> reason + (duplicates.isEmpty() ? folder.culprits(reason, root) : ""));
    }

    /** What the exception says; of a class that is not there its text is the name alone. */
    static String reason(Throwable root) {
        return switch (root) {
            case ClassNotFoundException missing ->
                "there is no class " + missing.getMessage() + " on the class path; jars of your own go into lib-extra/";
            case NoClassDefFoundError missing -> needed(missing);
            default -> root.getMessage() == null ? root.toString() : root.getMessage();
        };
    }

    /** Of a class that another one needs. */
    private static String needed(NoClassDefFoundError missing) {
        String name = String.valueOf(missing.getMessage());
        return name.contains(" ") ? name : reason(new ClassNotFoundException(name.replace('/', '.')));
    }

    /** Whether the routes or the classes that they use are to blame, and not what is around them. */
    public static boolean isMistake(Throwable failure) {
        return ExceptionUtils.getThrowableList(failure).stream()
                .anyMatch(each -> each instanceof FailedToCreateRouteException
                        || each instanceof UnusableEndpointException
                        || each instanceof LinkageError);
    }

    private static Optional<String> place(CamelContext context, Throwable failure) {
        return switch (failure) {
            case FailedToCreateRouteException created ->
                route(context, created.getRouteId())
                        .map(route -> LoadedRoute.place(route) + at(route, String.valueOf(created.getMessage())))
                        .or(() -> unknown(created.getRouteId()));
            case FailedToStartRouteException started ->
                route(context, started.getRouteId()).map(LoadedRoute::place).or(() -> unknown(started.getRouteId()));
            default -> Optional.empty();
        };
    }

    private static Optional<RouteDefinition> route(CamelContext context, @Nullable String id) {
        return id == null
                ? Optional.empty()
                : Optional.ofNullable(context.getCamelContextExtension()
                        .getContextPlugin(Model.class)
                        .getRouteDefinition(id));
    }

    private static Optional<String> unknown(@Nullable String id) {
        return Optional.ofNullable(id).map(route -> "route " + route);
    }

    /** Camel marks the step, by what it does, in the text of the route. */
    private static String at(RouteDefinition route, String message) {
        int begin = message.indexOf(MARK);
        int end = message.indexOf(" <<<", begin);
        if (begin < 0 || end < 0) {
            return "";
        }
        return ", step "
                + route.getOutputs().stream()
                        .filter(step -> message.startsWith(step + " <<<", begin + MARK.length()))
                        .findFirst()
                        .map(LoadedRoute::name)
                        .orElseGet(() -> message.substring(begin + MARK.length(), end));
    }
}
