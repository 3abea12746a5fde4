package dev.serai.trial.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory while one broker holds it. The lock file is also the mark that the directory belongs to an
 * embedded broker: a directory with other files and without the mark is refused, so that a mistyped path can neither
 * format nor take over somebody else's data. Only the broker's own user may look into it: replies on it hold tokens.
 *
 * <p>Kafka has a lock of its own, but combined nodes take it only after the metadata log has been opened and written.
 */
final class BrokerDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerDirectory.class);

    private static final String OWNER_ONLY = "rwx------";

    static final String LOCK_FILE = "serai-embedded-broker.lock";

    private final Path path;
    private final FileChannel lockFile;

    private BrokerDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /** Creates the directory if it is missing, and keeps every other broker out of it until {@link #close}. */
    static BrokerDirectory lock(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            refuseForeignData(path);
            keepOthersOut(path);
            FileChannel lockFile =
                    FileChannel.open(path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(lockFile) == null) {
                lockFile.close();
                throw new EmbeddedBrokerException("data directory " + path
                        + " is in use by another embedded broker: stop that one, or name another directory by serai.data-dir"
                        + " (SERAI_DATA_DIR), for serai broker alone by --data-dir");
            }
            return new BrokerDirectory(path, lockFile);
        } catch (IOException e) {
            throw new EmbeddedBrokerException(
                    "data directory " + path + " cannot be used: " + reason(e) + "; use a writable directory", e);
        }
    }

    private static void refuseForeignData(Path path) throws IOException {
        if (Files.exists(path.resolve(LOCK_FILE))) {
            return;
        }
        try (var entries = Files.list(path)) {
            if (entries.findAny().isPresent()) {
                throw new EmbeddedBrokerException("data directory " + path
                        + " holds files that are not an embedded broker's: use an empty or a new directory");
            }
        }
    }

    private static void keepOthersOut(Path path) throws IOException {
        PosixFileAttributeView permissions = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        // Elsewhere a directory of a user's is the user's.
        if (permissions == null) {
            return;
        }
        try {
            permissions.setPermissions(PosixFilePermissions.fromString(OWNER_ONLY));
        } catch (FileSystemException e) {
            // A volume that somebody else owns, and that this user may write to.
            String now =
                    PosixFilePermissions.toString(permissions.readAttributes().permissions());
            if (!now.endsWith("------")) {
                LOG.warn(
                        "data directory {} is {} and cannot be made {}: others on this machine can read the replies in it,"
                                + " with their tokens; use a directory of your own",
                        path,
                        now,
                        OWNER_ONLY);
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    // The messages of most file system exceptions are the path alone.
    private static String reason(IOException e) {
        return e instanceof FileSystemException f && f.getReason() == null
                ? f.getClass().getSimpleName() + " " + f.getFile()
                : String.valueOf(e.getMessage());
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new EmbeddedBrokerException(
                    "data directory " + path + " could not be released: " + e.getMessage(), e);
        }
    }
}
