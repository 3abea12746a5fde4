package dev.serai.settings;

import dev.serai.loop.FileWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches files with secrets, so that a secret can be rotated without a restart. By content and not by time stamp: secret
 * stores swap links. Thread-safe.
 */
public final class SecretFileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFileWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final List<FileWatch<Secret>> files;

    /**
     * A file to watch.
     *
     * @param first what it held at start-up
     * @param change gets every other secret that it holds later, on the watch's thread; again if it throws
     */
    public record Watched(SecretFile file, Secret first, Consumer<Secret> change) {}

    public SecretFileWatch(List<Watched> files) {
        this.files = files.stream().map(SecretFileWatch::watch).toList();
    }

    private static FileWatch<Secret> watch(Watched watched) {
        Path path = watched.file().path();
        FileWatch.Names names = new FileWatch.Names(
                "serai-secret-file-" + path,
                "The last secret goes on being used",
                "The file " + path + " can be used again");
        return new FileWatch<>(names, INTERVAL, watched.first(), watched.file()::read, secret -> {
            watched.change().accept(secret);
            LOG.info("The file {} holds another secret, which is used from now on", path);
        });
    }

    @Override
    public void close() {
        files.forEach(FileWatch::close);
    }
}
