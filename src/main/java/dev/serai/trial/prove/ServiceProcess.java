package dev.serai.trial.prove;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A replica of the service as a process of its own: this same program, on this JDK, with this process's JVM options but for
 * agents and remote management. It has none of the settings of this process's environment. For one thread.
 */
final class ServiceProcess implements AutoCloseable {
    private static final String MAIN_CLASS = "dev.serai.Serai";
    private static final Pattern SETTING = Pattern.compile("(SERAI|CONVAI|KAFKA)_.*");
    private static final Pattern NOT_PASSED_ON =
            Pattern.compile("-(javaagent|agentlib|agentpath|Dcom\\.sun\\.management).*");
    private static final String READY = "Ready: ";
    private static final int LAST_LINES = 8;

    /** What an orderly end may take; what is killed then is no part of the trial. */
    private static final int STOPS_WITHIN_SECONDS = 30;

    private final String instanceId;
    private final String id;
    private final URI provider;
    private final Path log;
    private final Process process;

    private ServiceProcess(String instanceId, String id, URI provider, Path log, Process process) {
        this.instanceId = instanceId;
        this.id = id;
        this.provider = provider;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts it and does not wait for it.
     *
     * @param id differs from that of every other process of the run
     * @param settings as {@code KEY=VALUE}
     * @param folder for its log
     */
    static ServiceProcess start(
            String instanceId, String id, URI provider, String apiKey, List<String> settings, Path folder)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !NOT_PASSED_ON.matcher(option).matches())
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS, "run"));
        Path noSettings = folder.resolve("none.properties");
        if (!Files.exists(noSettings)) {
            Files.createFile(noSettings);
        }
        command.addAll(List.of("--config", noSettings.toString()));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        command.addAll(
                List.of("--set", "serai.instance-id=" + instanceId, "--set", "serai.connect.base-url=" + provider));
        Path log = folder.resolve(id + ".log");
        File file = log.toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> SETTING.matcher(name).matches());
        environment.put("CONVAI_API_KEY", apiKey);
        Process process = builder.start();
        process.getOutputStream().close();
        return new ServiceProcess(instanceId, id, provider, log, process);
    }

    String instanceId() {
        return instanceId;
    }

    String id() {
        return id;
    }

    URI provider() {
        return provider;
    }

    Path log() {
        return log;
    }

    String said() throws IOException {
        return new String(Files.readAllBytes(log), UTF_8);
    }

    boolean isReady() throws IOException {
        return said().contains(READY);
    }

    /**
     * Does nothing while it runs.
     *
     * @throws TrialRefusedException if it has ended because its settings or Kafka would not have it
     * @throws IOException if it has ended for another reason
     */
    void requireRunning() throws IOException {
        if (process.isAlive()) {
            return;
        }
        List<String> lines = said().lines().toList();
        String end = String.join(
                System.lineSeparator(), lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        String message =
                id + " has ended with exit code " + process.exitValue() + ", and said:" + System.lineSeparator() + end;
        if (process.exitValue() == 3) {
            throw new TrialRefusedException(message, null);
        }
        throw new IOException(message);
    }

    /** SIGKILL; returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
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

    /** SIGTERM; whoever {@link #close closes} it waits for its end. */
    void askToStop() {
        process.destroy();
    }

    /** Ends it in order if it does that in time, and returns when it is gone. */
    @Override
    public void close() {
        askToStop();
        try {
            if (!process.waitFor(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
