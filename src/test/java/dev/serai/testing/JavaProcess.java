package dev.serai.testing;

import dev.serai.Serai;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A Java process on this test's JDK, ended with the test. Its standard error goes to a file. */
public final class JavaProcess implements AutoCloseable {
    /** The commands that read a settings file. */
    private static final Set<String> WITH_SETTINGS =
            Set.of("broker", "check", "doctor", "explain", "prove", "provision", "run", "send", "sessions", "waiting");

    private static final Duration SAID = Duration.ofSeconds(150);

    /** Its bit in the kernel's masks. */
    private static final long SIGINT = 1L << 1;

    private final Process process;
    private final BufferedReader out;
    private final Path errors;

    private JavaProcess(Process process, Path errors) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.errors = errors;
    }

    public static JavaProcess start(String classPath, Class<?> mainClass, String... arguments) {
        return start(classPath, Map.of(), mainClass, arguments);
    }

    /**
     * With these variables and the shipped routes, and none of the settings that this test's own environment and the
     * project's settings file may hold.
     */
    public static JavaProcess start(
            String classPath, Map<String, String> environment, Class<?> mainClass, String... arguments) {
        return start(List.of(), classPath, environment, mainClass, arguments);
    }

    /** With options for the JVM, and as {@link #start(String, Map, Class, String...)}. */
    public static JavaProcess start(
            List<String> options,
            String classPath,
            Map<String, String> environment,
            Class<?> mainClass,
            String... arguments) {
        Map<String, String> withRoutes = new HashMap<>(environment);
        withRoutes.putIfAbsent("SERAI_ROUTES_DIR", RouteFiles.shippedFolder().toString());
        return startIn(
                Path.of(""), options, classPath, withRoutes, mainClass, withoutOwnSettings(mainClass, arguments));
    }

    /** A command of {@code serai} with these variables, as {@link #start(String, Map, Class, String...)}. */
    public static JavaProcess startSerai(Map<String, String> environment, String... arguments) {
        return startSerai(List.of(), environment, arguments);
    }

    /** The arguments of a service that has a broker of its own in that folder, and ports that are free. */
    public static String[] runOfItsOwn(Path data) {
        return new String[] {
            "run", "--set", "serai.embedded.port=0", "--set", "serai.http.port=0", "--set", "serai.data-dir=" + data
        };
    }

    /** With options for the JVM, and as {@link #startSerai(Map, String...)}. */
    public static JavaProcess startSerai(List<String> options, Map<String, String> environment, String... arguments) {
        return start(options, classPath(), environment, Serai.class, arguments);
    }

    /** The settings file of whoever runs the tests is not read. */
    private static String[] withoutOwnSettings(Class<?> mainClass, String... arguments) {
        if (mainClass != Serai.class
                || arguments.length == 0
                || !WITH_SETTINGS.contains(arguments[0])
                || List.of(arguments).contains("--config")) {
            return arguments;
        }
        return Stream.concat(Arrays.stream(arguments), Stream.of("--config", "/dev/null"))
                .toArray(String[]::new);
    }

    /** In that folder with the routes that are found from there, else as {@link #start(List, String, Map, Class, String...)}. */
    public static JavaProcess startIn(
            Path folder,
            List<String> options,
            String classPath,
            Map<String, String> environment,
            Class<?> mainClass,
            String... arguments) {
        // An archive holds for class paths that begin as its own.
        if (!(classPath + File.pathSeparator).startsWith(classPath() + File.pathSeparator)) {
            return startPlain(folder, options, classPath, environment, mainClass, arguments);
        }
        ClassDataArchive archive = ClassDataArchive.ofThisJvm();
        List<String> all = new ArrayList<>(archive.options());
        all.addAll(options);
        String further = classPath.substring(classPath().length());
        return startPlain(folder, all, archive.classPath() + further, environment, mainClass, arguments);
    }

    /** Without the archive of class data. */
    static JavaProcess startPlain(
            Path folder,
            List<String> options,
            String classPath,
            Map<String, String> environment,
            Class<?> mainClass,
            String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    // As the launcher does it.
                    "-XX:+ExitOnOutOfMemoryError",
                    // Short-lived, on cores that it shares with the test.
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    classPath,
                    mainClass.getName()));
            // After those above: the last one counts.
            command.addAll(command.indexOf("-cp"), options);
            command.addAll(List.of(arguments));
            if (Runtime.version().feature() >= 23) {
                // As the launcher does it: Kafka frees its buffers with sun.misc.Unsafe.
                command.add(1, "--sun-misc-unsafe-memory-access=allow");
            }
            command.addAll(0, heedingInterrupts());
            Path errors = Files.createTempFile("serai-test", ".err");
            errors.toFile().deleteOnExit();
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectError(errors.toFile());
            builder.environment().keySet().removeIf(name -> name.matches("(SERAI|CONVAI|KAFKA)_.*"));
            builder.environment().putAll(environment);
            return new JavaProcess(builder.start(), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String classPath() {
        return System.getProperty("java.class.path");
    }

    /** The next line of standard output. */
    public String readLine() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the process ended; it said: " + errors());
        }
        return line;
    }

    /**
     * What begins a command that Ctrl-C is to end. It does nothing to what a script starts in the background, and to all that
     * this starts in turn.
     */
    static List<String> heedingInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(status)) {
            boolean ignoresInterrupts = lines.filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> line.substring("SigIgn:".length()).strip())
                    .anyMatch(ignored -> (Long.parseUnsignedLong(ignored, 16) & SIGINT) != 0);
            return ignoresInterrupts ? List.of("env", "--default-signal=INT") : List.of();
        }
    }

    /** Gives it this as all of its standard input. */
    public void feed(String text) throws IOException {
        try (Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write(text);
        }
    }

    /** What it prints on standard output from now until it ends. */
    public String readToEnd() throws IOException {
        StringWriter rest = new StringWriter();
        out.transferTo(rest);
        return rest.toString();
    }

    public boolean hasEnded() {
        return !process.isAlive();
    }

    /** What Ctrl-C does. */
    public void interrupt() throws IOException, InterruptedException {
        signal("INT");
    }

    public long pid() {
        return process.pid();
    }

    /** The most memory that it has had so far, as the kernel has counted it; 0 if it does not, or the process has ended. */
    public long peakMiB() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst()
                    .orElse(0L);
        } catch (IOException e) {
            return 0;
        }
    }

    public void terminate() {
        process.destroy();
    }

    /** The processes that it has started and that run. */
    public List<ProcessHandle> children() {
        return process.children().toList();
    }

    /** What {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Takes all processor time from it: to others it is as silent as behind a long pause of its machine. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Goes on after {@link #freeze}. */
    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException("kill -" + name + " of process " + process.pid() + " ended with " + exitCode);
        }
    }

    public int exitCode() throws InterruptedException {
        if (!process.waitFor(100, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running after 100 s; it said: " + errors());
        }
        return process.exitValue();
    }

    /**
     * Waits until its standard error holds the text; 150 s at most, and not longer than it runs.
     *
     * @return all of its standard error
     */
    public String awaitErrors(String text) {
        return awaitErrors(text, 0);
    }

    /** As {@link #awaitErrors(String)}, from that place on. */
    public String awaitErrors(String text, int from) {
        try {
            Awaitility.await(text)
                    .atMost(SAID)
                    .failFast(() -> {
                        if (hasEnded() && errors().indexOf(text, from) < 0) {
                            throw new AssertionError("the process ended without " + text + "; it said: " + errors());
                        }
                    })
                    .until(() -> errors().indexOf(text, from) >= 0);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the process has not said " + text + "; it said: " + errors(), e);
        }
        return errors();
    }

    public String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that it said. */
    public void copyErrors(Path file) throws IOException {
        Files.copy(errors, file);
    }

    /** The end of what it said, at most that many lines. */
    public String lastErrors(int lines) {
        List<String> all = errors().lines().toList();
        return String.join(System.lineSeparator(), all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    /** What {@code kill -9} does, if it has not ended; returns when it has. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
