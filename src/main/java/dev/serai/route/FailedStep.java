package dev.serai.route;

import java.util.Optional;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Where an exception left a step. It travels with the exception, as a suppressed one, through routes that call each other,
 * through branches and through what wraps it; in a stack trace it is a line of its own. An event without a failure costs
 * nothing. Has no stack trace.
 */
public final class FailedStep extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int DEEPEST_CAUSE = 20;

    private FailedStep(String place) {
        super(place, null, false, false);
    }

    /**
     * Marks the exception, unless a step further inside has done that.
     *
     * @param step as it stands in the route
     */
    public static void mark(Throwable failure, NamedNode step) {
        if (of(failure).isEmpty()) {
            failure.addSuppressed(new FailedStep(place(step)));
        }
    }

    /** The file, route and step, such as {@code route mine (mine.camel.yaml), step call-home}; empty if that is not known. */
    public static Optional<String> of(@Nullable Throwable failure) {
        Throwable next = failure;
        Optional<String> place = Optional.empty();
        // The one that is furthest inside: what wraps it left the steps around.
        for (int depth = 0; next != null && depth < DEEPEST_CAUSE; depth++) {
            for (Throwable suppressed : next.getSuppressed()) {
                if (suppressed instanceof FailedStep mark) {
                    place = Optional.ofNullable(mark.getMessage());
                }
            }
            next = next.getCause();
        }
        return place;
    }

    private static String place(NamedNode step) {
        RouteDefinition route = step instanceof ProcessorDefinition<?> definition
                ? ProcessorDefinitionHelper.getRoute(definition)
                : null;
        return (route == null ? "" : LoadedRoute.place(route) + ", ") + "step " + LoadedRoute.name(step);
    }
}
