package dev.serai.source.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.loop.BackgroundLoop;
import dev.serai.loop.Counted;
import dev.serai.loop.RepeatedWarning;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
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
    private final RepeatedWarning unreadable = new RepeatedWarning(log);
    private final BackgroundLoop watch;
    private volatile Map<String, JsonNode> entries;
    private TableFile.@Nullable Stamp lastStamp;
    private byte[] lastDigest;

    /**
     * Loads the file, and begins to watch it.
     *
     * @param source the source's name, for the log
     * @param path ends in {@code .json} or {@code .csv}; relative to the working directory, or absolute
     * @param columns what a CSV file must have; mean nothing to JSON
     * @param checkInterval between two looks at the file; at least 1 ms
     */
    public FileTable(String source, Path path, Columns columns, Duration checkInterval) throws UnusableFileException {
        if (checkInterval.toMillis() < 1) {
            throw new IllegalArgumentException("the interval of looks must be at least 1 ms, was " + checkInterval);
        }
        this.source = source;
        file = new TableFile(path, FileFormat.of(path), columns);
        lastStamp = file.stamp();
        byte[] bytes = file.read();
        entries = file.entries(bytes);
        lastDigest = digest(bytes);
        logLoaded();
        watch = BackgroundLoop.start("serai-file-" + source, checkInterval, this::look);
    }

    /** What the file holds under the reference, never to be changed; null if there is nothing. */
    public @Nullable JsonNode get(String key) {
        return entries.get(key);
    }

    /** Ends the watch. Look-ups go on being answered. */
    @Override
    public void close() {
        watch.close();
    }

    /** What it remembers of the file it remembers last: a look that fails in an unforeseen way is made again. */
    private void look() {
        TableFile.Stamp stamp;
        byte[] bytes;
        try {
            stamp = file.stamp();
            if (stamp.equals(lastStamp)) {
                return;
            }
            bytes = file.read();
        } catch (UnusableFileException e) {
            if (Thread.currentThread().isInterrupted()) {
                // The watch was closed in the middle of a look.
                return;
            }
            lastStamp = null;
            unreadable.met(String.valueOf(e.getMessage()), goesOnAfter(e));
            return;
        }
        unreadable.over("source " + source + ": " + file.path() + " can be read again");
        byte[] digest = digest(bytes);
        if (!Arrays.equals(digest, lastDigest)) {
            load(bytes);
            lastDigest = digest;
        }
        lastStamp = stamp;
    }

    private void load(byte[] bytes) {
        try {
            entries = file.entries(bytes);
            logLoaded();
        } catch (UnusableFileException e) {
            log.warn("{}", goesOnAfter(e));
        }
    }

    private void logLoaded() {
        log.info("source {}: {} loaded, {}", source, file.path(), Counted.text(entries.size(), "entry", "entries"));
    }

    private String goesOnAfter(UnusableFileException e) {
        return "source " + source + " goes on with what it read before: " + e.getMessage();
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
