package dev.serai.trial.prove;

import dev.serai.trial.guarantee.Callers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The service's replicas, each in its latest process, and what every process of the run has said. For one thread. */
final class Replicas implements AutoCloseable {
    private final Callers callers;
    private final String apiKey;
    private final List<String> settings;
    private final Path folder;
    private final List<ServiceProcess> running = new ArrayList<>();
    private final List<ServiceProcess> gone = new ArrayList<>();
    private final Map<String, Integer> starts = new HashMap<>();

    /**
     * @param settings of all of them
     * @param folder for their logs
     */
    Replicas(Callers callers, String apiKey, List<String> settings, Path folder) {
        this.callers = callers;
        this.apiKey = apiKey;
        this.settings = List.copyOf(settings);
        this.folder = folder;
    }

    /** Adds one and does not wait until it is ready. */
    void join() throws IOException {
        start("replica-" + (starts.size() + 1));
    }

    private ServiceProcess start(String instanceId) throws IOException {
        String id = instanceId + "-" + starts.merge(instanceId, 1, Integer::sum);
        ServiceProcess process = ServiceProcess.start(instanceId, id, callers.admit(id), apiKey, settings, folder);
        running.add(process);
        return process;
    }

    ServiceProcess any(Random random) {
        return running.get(random.nextInt(running.size()));
    }

    boolean areReady() throws IOException {
        for (ServiceProcess process : running) {
            if (!process.isReady()) {
                return false;
            }
        }
        return true;
    }

    void requireRunning() throws IOException {
        for (ServiceProcess process : running) {
            process.requireRunning();
        }
    }

    /** Ends a process without any warning, and starts the replica's next one. */
    ServiceProcess killAndRestart(ServiceProcess victim) throws IOException, InterruptedException {
        victim.kill();
        running.remove(victim);
        gone.add(victim);
        return start(victim.instanceId());
    }

    /** Every process there was. */
    List<ServiceProcess> all() {
        List<ServiceProcess> all = new ArrayList<>(gone);
        all.addAll(running);
        return all;
    }

    /** Ends them in order, and returns when they are gone. */
    @Override
    public void close() {
        running.forEach(ServiceProcess::askToStop);
        running.forEach(ServiceProcess::close);
        gone.addAll(running);
        running.clear();
    }
}
