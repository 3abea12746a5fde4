package dev.serai.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A temporary folder and the processes of the benchmark. Closed, or when this process ends in whatever way that lets it
 * run its hooks, the processes are ended and the folder is removed. Thread-safe.
 */
final class Workplace implements AutoCloseable {
    private final Path folder;
    private final List<String> javaOptions;
    private final Deque<ChildProcess> children = new ArrayDeque<>();
    private final Thread hook = Thread.ofPlatform().name("leave-workplace").unstarted(this::leave);
    private boolean left;

    private Workplace(Path folder, List<String> javaOptions) {
        this.folder = folder;
        this.javaOptions = javaOptions;
    }

    /** @param javaOptions of every process */
    static Workplace create(List<String> javaOptions) throws IOException {
        Workplace workplace = new Workplace(Files.createTempDirectory("serai-bench"), javaOptions);
        Runtime.getRuntime().addShutdownHook(workplace.hook);
        return workplace;
    }

    Path folder() {
        return folder;
    }

    /** Starts a process that ends with this, if nobody ends it before. */
    ChildProcess start(
            String name, String classPath, Class<?> mainClass, List<String> arguments, Map<String, String> environment)
            throws IOException {
        return start(name, javaOptions, classPath, mainClass, arguments, environment);
    }

    /** Starts a process with at most that heap, whatever the others have. */
    ChildProcess startWithHeap(
            String maxHeap, String name, String classPath, Class<?> mainClass, List<String> arguments)
            throws IOException {
        List<String> options = new ArrayList<>(javaOptions);
        options.add("-Xmx" + maxHeap);
        return start(name, options, classPath, mainClass, arguments, Map.of());
    }

    private synchronized ChildProcess start(
            String name,
            List<String> options,
            String classPath,
            Class<?> mainClass,
            List<String> arguments,
            Map<String, String> environment)
            throws IOException {
        if (left) {
            throw new BenchFailure("interrupted");
        }
        ChildProcess child = ChildProcess.start(name, folder, options, classPath, mainClass, arguments, environment);
        children.push(child);
        return child;
    }

    private synchronized void leave() {
        if (left) {
            return;
        }
        left = true;
        children.forEach(ChildProcess::close);
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("not all of " + folder + " could be removed", e);
        }
    }

    @Override
    public void close() {
        leave();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is shutting down, and has run the hook.
        }
    }
}
