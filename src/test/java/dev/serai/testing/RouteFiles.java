package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.Processor;

/** The project's route files. */
public final class RouteFiles {
    private static final Path ROUTES = Path.of("routes");
    private static final String SUFFIX = ".camel.yaml";

    private RouteFiles() {}

    /** All of them. */
    public static List<Path> all() {
        try (Stream<Path> files = Files.list(ROUTES)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                Files.writeString(folder.resolve(file.getFileName()), text);
            }
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
