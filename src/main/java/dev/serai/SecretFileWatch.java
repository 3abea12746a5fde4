package dev.serai;

import dev.serai.config.KeyFile;
import dev.serai.config.KeyFileException;
import dev.serai.provider.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads key files again and again, so that a key can be rotated without a restart. By content and not by time stamp:
 * secret stores swap links. While a file cannot be used, the last key that it held is. Thread-safe.
 */
final class KeyFileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFileWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final List<Watched> files;
    private final Map<Path, String> problems = new HashMap<>();
    private final Thread thread;

    /** A file, and the credentials that it holds the key of. */
    record Watched(Path file, Credentials credentials) {}

    KeyFileWatch(List<Watched> files) {
        this.files = List.copyOf(files);
        thread = Thread.ofVirtual().name("serai-key-files").unstarted(this::watch);
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
        Path file = watched.file();
        Credentials credentials = watched.credentials();
        try {
            String key = new KeyFile(file).read().reveal();
            if (problems.remove(file) != null) {
                LOG.info("The key file {} can be used again", file);
            }
            if (!key.equals(credentials.key())) {
                LOG.info("The key file {} holds another key: it is used from now on", file);
                credentials.replace(key);
            }
        } catch (KeyFileException e) {
            if (!String.valueOf(e.getMessage()).equals(problems.put(file, String.valueOf(e.getMessage())))) {
                LOG.warn("The last key goes on being used: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
