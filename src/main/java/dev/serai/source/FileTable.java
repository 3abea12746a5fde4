package dev.serai.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file as a table in memory, in UTF-8 and of up to 64 MiB. {@code .json}: an object of references and their values, of
 * any kind. {@code .csv}: the first line names the columns; the rows of one reference are an array of objects, in the
 * file's order, whose values are texts, or null for an empty cell. Blanks around the names of columns do not count.
 *
 * <p>The file is looked at again and again, read when it seems to be another one, and taken when its bytes have changed.
 * While it cannot be used, the last content that could be is. A file that was
 * written in part and happens to make sense is taken as it is, until the next look: to be safe, write another file and
 * rename it.
 *
 * <p>Thread-safe; a look-up does not wait.
 */
public final class FileTable implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FileTable.class);

    private final String source;
    private final TableFile file;
    private final Duration checkInterval;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Map<String, JsonNode> entries;
    private TableFile.@Nullable Stamp lastStamp;
    private byte[] lastDigest;
    private @Nullable String unreadable;

    /**
     * Loads the file, and begins to watch it.
     *
     * @param source the source's name, for the log
     * @param path ends in {@code .json} or {@code .csv}; relative to the working directory, or absolute
     * @param keyColumn the column with the reference; means nothing to JSON
     * @param checkInterval between two looks at the file; at least 1 ms
     */
    public FileTable(String source, Path path, String keyColumn, Duration checkInterval) throws UnusableFileException {
        if (checkInterval.toMillis() < 1) {
            throw new IllegalArgumentException("the interval of looks must be at least 1 ms, was " + checkInterval);
        }
        this.source = source;
        this.checkInterval = checkInterval;
        file = new TableFile(path, FileFormat.of(path), keyColumn);
        byte[] bytes = file.read();
        entries = file.entries(bytes);
        lastDigest = digest(bytes);
        logLoaded();
        Thread.ofVirtual().name("serai-file-" + source).start(this::watch);
    }

    /** What the file holds under the reference, never to be changed; null if there is nothing. */
    public @Nullable JsonNode get(String key) {
        return entries.get(key);
    }

    /** Ends the watch. Look-ups go on being answered. */
    @Override
    public void close() {
        closing.countDown();
    }

    private void watch() {
        try {
            while (!closing.await(checkInterval.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        byte[] bytes;
        try {
            TableFile.Stamp stamp = file.stamp();
            if (stamp.equals(lastStamp) && unreadable == null) {
                return;
            }
            bytes = file.read();
            lastStamp = stamp;
        } catch (UnusableFileException e) {
            if (!String.valueOf(e.getMessage()).equals(unreadable)) {
                unreadable = String.valueOf(e.getMessage());
                warn(e);
            }
            return;
        }
        if (unreadable != null) {
            log.info("source {}: {} can be read again", source, file.path());
            unreadable = null;
        }
        byte[] digest = digest(bytes);
        if (!Arrays.equals(digest, lastDigest)) {
            lastDigest = digest;
            load(bytes);
        }
    }

    private void load(byte[] bytes) {
        try {
            entries = file.entries(bytes);
            logLoaded();
        } catch (UnusableFileException e) {
            warn(e);
        }
    }

    private void logLoaded() {
        log.info("source {}: {} loaded, {} entries", source, file.path(), entries.size());
    }

    private void warn(UnusableFileException e) {
        log.warn("source {} goes on with what it read before: {}", source, e.getMessage());
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
