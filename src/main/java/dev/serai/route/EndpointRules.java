package dev.serai.route;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/**
 * Each endpoint of the routes must be one that can be made: of a component that is there, with options that it has. Camel
 * itself stops at the first that is not. Immutable.
 *
 * @param nearest finds, among the names that there are, the one that was probably meant
 */
public record EndpointRules(Nearest nearest) {
    /** What Camel says of options that there are none of; the first one's name. */
    private static final Pattern UNKNOWN_OPTION = Pattern.compile("Unknown parameters=\\[\\{([^=}]+)=[^\\]]*]");

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

    private void make(CamelContext context, @Nullable String uri, String place, Set<String> mistakes) {
        if (uri == null) {
            return;
        }
        try {
            context.getEndpoint(uri);
        } catch (NoSuchEndpointException e) {
            // Of a component that there is none of: ReferenceRules names it, with the one that was probably meant.
            return;
        } catch (ResolveEndpointFailedException | NoSuchBeanException e) {
            String mistake = String.valueOf(unusable(place, e).getMessage());
            mistakes.add(RouteFailures.withNearest(context, nearest, mistake)
                    + option(context, uri, mistake)
                    + optionOfClass(uri, ExceptionUtils.getRootCause(e)));
        }
    }

    /** The option that was probably meant; empty if none is unknown, or like it. */
    private String option(CamelContext context, String uri, String mistake) {
        Matcher unknown = UNKNOWN_OPTION.matcher(mistake);
        EndpointUriFactory options =
                context.getCamelContextExtension().getEndpointUriFactory(uri.replaceFirst(":.*", ""));
        return unknown.find() && options != null ? nearest.meant(unknown.group(1), options.propertyNames()) : "";
    }

    /** Which option names the class that there is none of; empty if that is not known, or if it is something else. */
    private static String optionOfClass(String uri, Throwable root) {
        if (!(root instanceof ClassNotFoundException missing)) {
            return "";
        }
        Matcher named = Pattern.compile("[?&]([\\w.]+)=(?:#|%23)class(?::|%3A)" + Pattern.quote(missing.getMessage()))
                .matcher(uri);
        return named.find() ? " (option " + named.group(1) + ")" : "";
    }

    /** Of the endpoint at the place, which cannot be made; Camel quotes all of a URI for one option that it has not. */
    static UnusableEndpointException unusable(String place, Exception failure) {
        String reason = RouteFailures.reason(ExceptionUtils.getRootCause(failure));
        Matcher unknown = UNKNOWN_OPTION.matcher(reason);
        return new UnusableEndpointException(place + ": " + (unknown.find() ? unknown.group() : reason), failure);
    }
}
