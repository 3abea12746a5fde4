package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/**
 * What <code>${…}</code> names must be there: each function of the simple language, each bean, and of {@code exchange} and
 * {@code camelContext} the first method. Camel itself takes {@code exchangeProprty.x} for a method {@code Proprty} of the
 * exchange, and every event fails there; and of a bean that is not there it does not name a step that is inside another.
 * Immutable.
 *
 * @param nearest finds, among the names that there are, the one that was probably meant
 */
public record SimpleRules(Nearest nearest) {
    /** Camel's own list, without what is not documented and works all the same. */
    private static final String CATALOG = "META-INF/org/apache/camel/language/simple/simple.json";

    private static final Set<String> UNLISTED = Set.of("in", "sysenv", "file");

    /** Its name, and what follows on it; {@code in.body} is {@code body}. */
    private static final Pattern FUNCTION =
            Pattern.compile("\\$(?:simple)?\\{\\s*(?:in\\.)?([A-Za-z][\\w-]*)([^${}]*)(\\$\\{|}?)");

    private static final Pattern METHOD = Pattern.compile("\\??\\.\\??([A-Za-z]\\w*)");

    private static final Pattern BEAN = Pattern.compile("(?::(?://)?|\\()([\\w-]+(?:\\.[\\w-]+)*)");

    /**
     * Looks at all routes that are loaded, before they start. What names are made of when an event comes is not looked at.
     *
     * @return each names its route, file and step, what is missing, and what was probably meant; empty if all is there
     * @throws UnusableEndpointException if a URI names a setting that there is none of
     */
    public List<String> mistakes(CamelContext context) {
        Set<String> functions = functions(context);
        Set<String> mistakes = new LinkedHashSet<>();
        for (LoadedRoute route : LoadedRoute.all(context)) {
            for (LoadedRoute.Step step : route.steps()) {
                for (String text : StepExpressions.simple(step.definition())) {
                    for (MatchResult function : FUNCTION.matcher(text).results().toList()) {
                        mistake(context, functions, function)
                                .ifPresent(mistake -> mistakes.add(step.place() + ": " + mistake));
                    }
                }
            }
        }
        return List.copyOf(mistakes);
    }

    private Optional<String> mistake(CamelContext context, Set<String> functions, MatchResult function) {
        String name = function.group(1);
        String rest = function.group(2);
        boolean isWhole = function.group(3).equals("}");
        if (!functions.contains(name)) {
            // Of one that begins like no other Camel says itself that it is unknown.
            return functions.stream().anyMatch(name::startsWith)
                    ? Optional.of("simple has no function " + name + nearest.meant(name, functions))
                    : Optional.empty();
        }
        return switch (name) {
            case "exchange" -> missingMethod(Exchange.class, name, rest);
            case "camelContext" -> missingMethod(CamelContext.class, name, rest);
            case "bean" -> isWhole ? missingBean(context, rest) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<String> missingMethod(Class<?> type, String name, String rest) {
        Matcher called = METHOD.matcher(rest);
        if (!called.lookingAt()) {
            return Optional.empty();
        }
        String method = called.group(1);
        Set<String> methods = Arrays.stream(type.getMethods())
                .map(each -> each.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        String property = Character.toUpperCase(method.charAt(0)) + method.substring(1);
        if (methods.contains(method) || methods.contains("get" + property) || methods.contains("is" + property)) {
            return Optional.empty();
        }
        Set<String> properties = new TreeSet<>(methods);
        methods.stream()
                .filter(each -> each.matches("get[A-Z]\\w*"))
                .forEach(each -> properties.add(Character.toLowerCase(each.charAt(3)) + each.substring(4)));
        return Optional.of(name + " has no " + method + nearest.meant(method, properties));
    }

    /** The bean's name may have dots in it; what follows on it is a method then. A class may stand there, too. */
    private Optional<String> missingBean(CamelContext context, String rest) {
        Matcher named = BEAN.matcher(rest);
        if (!named.lookingAt()) {
            return Optional.empty();
        }
        String bean = named.group(1);
        for (int end = bean.length(); end > 0; end = bean.lastIndexOf('.', end - 1)) {
            String name = bean.substring(0, end);
            if (context.getRegistry().lookupByName(name) != null
                    || context.getClassResolver().resolveClass(name) != null) {
                return Optional.empty();
            }
        }
        String name = bean.replaceFirst("\\..*", "");
        return rest.startsWith(":type:") ? Optional.empty() : Optional.of(nearest.noBean(context, name));
    }

    private static Set<String> functions(CamelContext context) {
        try (InputStream catalog = context.getClassResolver().loadResourceAsStream(CATALOG)) {
            if (catalog == null) {
                throw new IllegalStateException("Camel's list of functions is not on the class path: " + CATALOG);
            }
            JsonNode listed = Json.MAPPER.readTree(catalog).path("functions");
            Set<String> functions = new TreeSet<>(UNLISTED);
            listed.fieldNames().forEachRemaining(name -> functions.add(name.replaceFirst("[^\\w-].*", "")));
            return functions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
