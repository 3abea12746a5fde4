package dev.serai.route;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/**
 * Each endpoint of the routes must be one that can be made: of a component that is there, with options that it has. Camel
 * itself stops at the first that is not. Stateless.
 */
public final class EndpointRules {
    /**
     * Looks at all routes that are loaded, before they start. One that is computed for each event is not looked at.
     *
     * @return each names its route, file and step, and what is wrong; empty if nothing is
     * @throws UnusableEndpointException if a URI names a setting that there is none of
     */
    public List<String> mistakes(CamelContext context) {
        Set<String> mistakes = new LinkedHashSet<>();
        for (LoadedRoute route : LoadedRoute.all(context)) {
            make(context, route.begin(), route.place(), mistakes);
            for (LoadedRoute.Step step : route.steps()) {
                make(context, step.uri(), step.place(), mistakes);
            }
        }
        return List.copyOf(mistakes);
    }

    private static void make(CamelContext context, @Nullable String uri, String place, Set<String> mistakes) {
        if (uri == null) {
            return;
        }
        try {
            context.getEndpoint(uri);
        } catch (NoSuchEndpointException e) {
            // Of a component that there is none of: ReferenceRules names it, with the one that was probably meant.
            return;
        } catch (ResolveEndpointFailedException | NoSuchBeanException e) {
            mistakes.add(unusable(place, e).getMessage());
        }
    }

    /** Of the endpoint at the place, which cannot be made. */
    static UnusableEndpointException unusable(String place, Exception failure) {
        return new UnusableEndpointException(
                place + ": " + ExceptionUtils.getRootCause(failure).getMessage(), failure);
    }
}
