package dev.serai.settings;

import dev.serai.loop.BackgroundLoop;
import dev.serai.loop.RepeatedWarning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files with secrets again and again, so that a secret can be rotated without a restart. By content and not by time
 * stamp: secret stores swap links. While a file cannot be used, the last secret that it held is; a secret that could not
 * be taken is offered again. Each file has a loop of its own, so that one that hangs or fails holds up none of the
 * others. Thread-safe.
 */
public final class SecretFileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFileWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final List<BackgroundLoop> loops;

    /**
     * A file to watch.
     *
     * @param first what it held at start-up
     * @param change gets every other secret that it holds later, on the watch's thread; again if it throws
     */
    public record Watched(SecretFile file, Secret first, Consumer<Secret> change) {}

    public SecretFileWatch(List<Watched> files) {
        loops = files.stream()
                .map(watched -> BackgroundLoop.start(
                        "serai-secret-file-" + watched.file().path(), INTERVAL, new Look(watched)))
                .toList();
    }

    /** For one thread. */
    private static final class Look implements BackgroundLoop.Step {
        private final Path path;
        private final Watched watched;
        private final RepeatedWarning unusable = new RepeatedWarning(LOG);
        private Secret taken;

        Look(Watched watched) {
            this.watched = watched;
            path = watched.file().path();
            taken = watched.first();
        }

        @Override
        public void run() {
            Secret secret;
            try {
                secret = watched.file().read();
            } catch (SecretFileException e) {
                if (Thread.currentThread().isInterrupted()) {
                    // The watch was closed in the middle of a look.
                    return;
                }
                String why = String.valueOf(e.getMessage());
                unusable.met(why, "The last secret goes on being used: " + why);
                return;
            }
            unusable.over("The file " + path + " can be used again");
            if (!secret.equals(taken)) {
                watched.change().accept(secret);
                taken = secret;
                LOG.info("The file {} holds another secret, which is used from now on", path);
            }
        }
    }

    @Override
    public void close() {
        loops.forEach(BackgroundLoop::close);
    }
}
