package dev.serai;

import dev.serai.config.Secret;
import dev.serai.config.SecretFile;
import dev.serai.config.SecretFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files with secrets again and again, so that a secret can be rotated without a restart. By content and not by time
 * stamp: secret stores swap links. While a file cannot be used, the last secret that it held is. Thread-safe.
 */
final class SecretFileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFileWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final List<Watched> files;
    private final Map<Watched, Secret> held = new HashMap<>();
    private final Map<Path, String> problems = new HashMap<>();
    private final Thread thread;

    /**
     * A file to watch.
     *
     * @param first what it held at start-up
     * @param change gets every other secret that it holds later, on the watch's thread
     */
    record Watched(SecretFile file, Secret first, Consumer<Secret> change) {}

    SecretFileWatch(List<Watched> files) {
        this.files = List.copyOf(files);
        this.files.forEach(watched -> held.put(watched, watched.first()));
        thread = Thread.ofVirtual().name("serai-secret-files").unstarted(this::watch);
        if (!files.isEmpty()) {
            thread.start();
        }
    }

    private void watch() {
        try {
            while (true) {
                files.forEach(this::read);
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            LOG.debug("The watch ends");
        }
    }

    private void read(Watched watched) {
        Path file = watched.file().path();
        try {
            Secret secret = watched.file().read();
            if (problems.remove(file) != null) {
                LOG.info("The file {} can be used again", file);
            }
            if (!secret.equals(held.put(watched, secret))) {
                LOG.info("The file {} holds another secret: it is used from now on", file);
                watched.change().accept(secret);
            }
        } catch (SecretFileException e) {
            if (!String.valueOf(e.getMessage()).equals(problems.put(file, String.valueOf(e.getMessage())))) {
                LOG.warn("The last secret goes on being used: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
