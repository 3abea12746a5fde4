package dev.serai.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.JavaProcess;
import dev.serai.testing.Pages;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One process of a replica of the service. A replica that is started again is another process under the same instance id.
 *
 * @param processId {@code INSTANCE_ID-N}, where N counts the replica's processes from 1
 */
record Replica(String instanceId, String processId, JavaProcess process) {
    private static final Pattern HEALTH = Pattern.compile("Health: (http://\\S+/observe/health)");

    /** Starts a process with these settings beside those of {@link ServiceSettings}, and does not wait for it. */
    static Replica start(
            String instanceId,
            String processId,
            String bootstrapServers,
            URI provider,
            String apiKey,
            List<String> settings) {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(ServiceSettings.of(instanceId, bootstrapServers, provider.toString()));
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return new Replica(
                instanceId,
                processId,
                JavaProcess.startSerai(Map.of("CONVAI_API_KEY", apiKey), arguments.toArray(String[]::new)));
    }

    /** Waits until it says that it is ready, and is healthy. */
    void awaitReady(Duration patience) {
        await(processId + " to be ready")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(100))
                .failFast(processId + " has ended", process::hasEnded)
                .ignoreExceptions()
                .until(() -> process.errors().contains("Ready: ") && isHealthy());
    }

    /**
     * Whether it has ended because the broker was away for longer than a start waits, as it may be on a busy machine. It
     * says so, and leaves the next try to whoever supervises it.
     */
    boolean hasGivenUpItsStart() {
        return process.hasEnded()
                && !process.errors().contains("Ready: ")
                && process.lastErrors(1).contains(" did not answer within ");
    }

    private boolean isHealthy() {
        Matcher health = HEALTH.matcher(process.errors());
        assertThat(health.find()).as("the log names the health check").isTrue();
        return Pages.get(health.group(1)).statusCode() == 200;
    }

    /** SIGKILL; returns when it is gone. */
    void kill() throws InterruptedException {
        process.kill();
        process.exitCode();
    }

    /** SIGTERM; returns when it has ended by itself. */
    void stop() throws InterruptedException {
        process.terminate();
        assertThat(process.exitCode()).as("exit code of " + processId).isEqualTo(143);
    }
}
