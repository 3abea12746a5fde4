package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.Processor;

/** The route files that Serai comes with. Whoever runs the tests may have others in that folder: they are not looked at. */
public final class RouteFiles {
    private static final Path ROUTES = Path.of("routes");
    private static final String SUFFIX = ".camel.yaml";

    private static final List<String> SHIPPED = List.of(
            "conversation",
            "conversation-turn",
            "end-conversation",
            "enrich-dynamic-info",
            "enrich-example",
            "enrich-scene",
            "failure-policy",
            "intake/mapped-intake",
            "intake/mapped-intake-turn",
            "intake/reject-raw-record",
            "intake/provision-folder",
            "reject",
            "reply",
            "source-file",
            "source-http",
            "source-kafka-table",
            "source-sql",
            "start-conversation");

    private static final List<String> EXAMPLES = List.of("bridge-from-topic", "copy-of-reply", "events-from-csv");

    private RouteFiles() {}

    private static final class Holder {
        static final Path SHIPPED_FOLDER = copyWith(Map.of());
    }

    /** All of them. */
    public static List<Path> all() {
        return SHIPPED.stream().map(name -> ROUTES.resolve(name + SUFFIX)).toList();
    }

    /** A folder with copies of these and nothing else, for the setting {@code serai.routes-dir}; not to be changed. */
    public static Path shippedFolder() {
        return Holder.SHIPPED_FOLDER;
    }

    /** Those that a user may copy into the folder. */
    public static List<Path> examples() {
        return EXAMPLES.stream().map(RouteFiles::example).toList();
    }

    private static Path example(String name) {
        return ROUTES.resolve("examples").resolve(name + SUFFIX);
    }

    /** A route file's name without what all of them end in. */
    public static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A folder with copies of all, edited as a user would edit them: for the setting {@code serai.routes-dir}.
     *
     * @param edits by file name without its suffix
     */
    public static Path copyWith(Map<String, UnaryOperator<String>> edits) {
        try {
            Path folder = Files.createTempDirectory(Path.of("target"), "routes");
            for (Path file : all()) {
                UnaryOperator<String> edit = edits.get(name(file));
                String text = edit == null ? text(file) : edit.apply(text(file));
                if (edit != null && text.equals(text(file))) {
                    throw new AssertionError("the edit changes nothing in " + file);
                }
                Path copy = folder.resolve(ROUTES.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, text);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder with copies of all, and of an example as a user would copy it. */
    public static Path copyWithExample(String name) {
        return copyWithExample(name, UnaryOperator.identity());
    }

    /** {@link #copyWithExample(String)}, the example edited as a user would edit it. */
    public static Path copyWithExample(String name, UnaryOperator<String> edit) {
        try {
            Path folder = copyWith(Map.of());
            Files.writeString(folder.resolve(name + SUFFIX), edit.apply(text(example(name))));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A folder with copies of all, where the line has a further step, {@link FailingStep}.
     *
     * @param before the id of the step that it comes before
     */
    public static Path copyWithFailingStep(String before) {
        return copyWith(Map.of("conversation", withStep(before, FailingStep.class)));
    }

    /** An edit that adds a step to a route. */
    public static UnaryOperator<String> withStep(String before, Class<? extends Processor> step) {
        return yaml -> {
            int begin = yaml.lastIndexOf("\n", yaml.lastIndexOf("- ", yaml.indexOf("id: " + before + "\n"))) + 1;
            int indent = yaml.indexOf('-', begin) - begin;
            String added = """
                    - process:
                        id: added-by-the-test-before-%s
                        ref: "#class:%s"
                    """.formatted(before, step.getName()).indent(indent);
            return yaml.substring(0, begin) + added + yaml.substring(begin);
        };
    }
}
