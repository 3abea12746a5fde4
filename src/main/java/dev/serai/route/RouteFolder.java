package dev.serai.route;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.commons.lang3.exception.ExceptionUtils;

/** The folder of route files, with the folder of intakes in it, as it is when it is asked. Immutable. */
public record RouteFolder(Path path) {
    private static final String SUFFIX = ".camel.yaml";

    /** Where examples lie that are to be copied and not to be run. */
    private static final String EXAMPLES = "examples";

    /** Where those of intakes lie; there need not be such a folder. */
    private static final String INTAKE = "intake";

    private static final Pattern TEMPLATE = Pattern.compile("Route ?[tT]emplate (?:with id )?(\\S+)");

    private static final Pattern DUPLICATE =
            Pattern.compile("[Dd]uplicate (?:route )?ids? detected: (\\S+?)\\.?(?:\\s|$)");

    /** For Camel: which files are loaded. */
    public String pattern() {
        String pattern = pattern(path);
        return Files.isDirectory(intakes()) ? pattern + "," + pattern(intakes()) : pattern;
    }

    private static String pattern(Path folder) {
        return "file:" + folder.toString().replace('\\', '/') + "/*" + SUFFIX;
    }

    private Path intakes() {
        return path.resolve(INTAKE);
    }

    /** Whether there is no route file in it. */
    public boolean isEmpty() {
        return loaded().isEmpty();
    }

    /** Files that somebody may have taken for routes, each with why it is none; none of examples, pages and hidden files. */
    public List<String> notLoaded() {
        Stream<String> misnamed = files(1).stream()
                .filter(file -> !isRoute(file) && !name(file).endsWith(".md"))
                .map(file -> file + " is not loaded: the name of a route file ends in " + SUFFIX);
        Stream<String> deeper = files(Integer.MAX_VALUE).stream()
                .filter(file -> isRoute(file) && !loaded().contains(file))
                .map(file -> file + " is not loaded: a route file lies in " + path + " itself, or in " + intakes());
        return Stream.concat(misnamed, deeper).toList();
    }

    /**
     * The files that a failure is about which Camel tells without naming one.
     *
     * @param message Camel's
     * @param failure its root
     * @return such as {@code " (in mine.camel.yaml)"}, or what to do if no file there is to blame, but one that is not there;
     *     empty if the message names the file, or if none is found
     */
    String culprits(String message, Throwable failure) {
        if (message.contains(SUFFIX)) {
            return "";
        }
        Matcher template = TEMPLATE.matcher(message);
        if (!template.find()) {
            return in(file -> failsAlike(file, failure));
        }
        String users = in(usesTemplate(template.group(1)));
        return users.isEmpty() && message.startsWith("Cannot find") ? toCopy(template.group(1)) : users;
    }

    private String toCopy(String template) {
        return ": a source or an intake of the settings needs it. Copy " + template + SUFFIX
                + " from Serai's own routes to " + path + ", and what is of intakes to the folder " + INTAKE + " in it";
    }

    /**
     * The files that have an id which Camel says is there twice.
     *
     * @return such as {@code " (in mine.camel.yaml, yours.camel.yaml)"}; empty if it says something else
     */
    String duplicates(String message) {
        Matcher duplicate = DUPLICATE.matcher(message);
        if (!duplicate.find()) {
            return "";
        }
        Pattern id = Pattern.compile("\\bid:\\s*[\"']?" + Pattern.quote(duplicate.group(1)) + "[\"']?(?=[\\s,}]|$)");
        return in(file -> id.matcher(text(file)).find());
    }

    private String in(Predicate<Path> culprit) {
        List<String> names =
                loaded().stream().filter(culprit).map(RouteFolder::name).toList();
        return names.isEmpty() ? "" : " (in " + String.join(", ", names) + ")";
    }

    private static Predicate<Path> usesTemplate(String id) {
        Pattern use = Pattern.compile("routeTemplateRef:\\s*[\"']?" + Pattern.quote(id) + "[\"']?(?![\\w-])");
        return file -> use.matcher(text(file)).find();
    }

    /** Whether the file alone cannot be loaded either, into a context that is never started. */
    private static boolean failsAlike(Path file, Throwable failure) {
        CamelContext alone = new DefaultCamelContext();
        try {
            PluginHelper.getRoutesLoader(alone)
                    .loadRoutes(PluginHelper.getResourceLoader(alone)
                            .resolveResource("file:" + file.toString().replace('\\', '/')));
            return false;
        } catch (Exception | LinkageError e) {
            return ExceptionUtils.getRootCause(e).getClass() == failure.getClass();
        } finally {
            alone.stop();
        }
    }

    /** The files that {@link #pattern} finds. */
    private List<Path> loaded() {
        return files(2).stream()
                .filter(RouteFolder::isRoute)
                .filter(file -> path.equals(file.getParent()) || intakes().equals(file.getParent()))
                .toList();
    }

    private List<Path> files(int depth) {
        Predicate<Path> hidden = file -> {
            for (Path part : path.relativize(file)) {
                if (part.toString().startsWith(".") || part.toString().equals(EXAMPLES)) {
                    return true;
                }
            }
            return false;
        };
        try (Stream<Path> all = Files.walk(path, depth)) {
            return all.filter(Files::isRegularFile)
                    .filter(hidden.negate())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder of routes cannot be read: " + path, e);
        }
    }

    private static boolean isRoute(Path file) {
        return name(file).endsWith(SUFFIX);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
