package dev.serai.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A Java process that belongs to the benchmark. Its standard error goes to a file; standard output must be short, it is
 * read only by {@link #awaitValue}.
 */
final class ChildProcess implements AutoCloseable {
    private static final int TAIL_LINES = 30;

    private final String name;
    private final Process process;
    private final BufferedReader out;
    private final Path errors;

    private ChildProcess(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.errors = errors;
    }

    /** Starts it on this JDK, with these variables and none of the settings that this process's environment may hold. */
    static ChildProcess start(
            String name,
            Path folder,
            List<String> javaOptions,
            String classPath,
            Class<?> mainClass,
            List<String> arguments,
            Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", classPath, mainClass.getName()));
        command.addAll(arguments);
        Path errors = Files.createTempFile(folder, name, ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(variable -> variable.matches("(SERAI|CONVAI|KAFKA)_.*"));
        builder.environment().putAll(environment);
        return new ChildProcess(name, builder.start(), errors);
    }

    /** What it prints after {@code KEY=}, once it is ready. */
    String awaitValue(String key) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(key + "=")) {
                return line.substring(key.length() + 1);
            }
        }
        throw new BenchFailure(name + " ended before it was ready" + itSaid());
    }

    /** @throws BenchFailure if it has ended */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new BenchFailure(name + " ended with exit code " + process.exitValue() + itSaid());
        }
    }

    /** The CPU time of all its threads since its start. */
    Duration cpu() {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new BenchFailure("this system does not tell the CPU time of " + name));
    }

    /** The most memory that it has had at any time, in bytes; empty where there is no {@code /proc}. */
    OptionalLong peakMemory() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst();
    }

    /** The end of what it wrote to standard error, to go behind a message. */
    String itSaid() {
        try {
            List<String> lines = Files.readAllLines(errors);
            return "; it said:\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "; what it said cannot be read: " + e.getMessage();
        }
    }

    /** Ends it at once, without its leave: nothing of it is worth keeping. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
