package dev.serai.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.loop.Counted;
import dev.serai.loop.FileWatch;
import dev.serai.loop.UnusableFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file as a table in memory, in UTF-8 and of up to 64 MiB. {@code .json}: an object of references and their values, of
 * any kind. {@code .csv}: the first line names the columns; the rows of one reference are an array of objects, in the
 * file's order, whose values are texts, or null for an empty cell. Blanks around the names of columns do not count.
 *
 * <p>The file is looked at again and again, read when it seems to be another one, and taken when it holds something else. While
 * it cannot be used, the last content that could be is. A file that was written in part and happens to make sense is taken as
 * it is, until the next look: to be safe, write another file and rename it.
 *
 * <p>Thread-safe; a look-up does not wait.
 *
 * @param <V> what the table's entries are made into
 */
public final class WatchedTable<V> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WatchedTable.class);

    private final String name;
    private final TableFile file;
    private final Reading<V> reading;
    private final Listener listener;
    private final FileWatch<Map<String, V>> watch;
    private volatile Map<String, V> entries;

    /* The file as it was read last; for one thread, in the end the watch's. */
    private TableFile.@Nullable Stamp stamp;
    private Map<String, V> read = Map.of();
    private @Nullable UnusableFileException mistake;

    /**
     * Makes what is looked up of what the file holds.
     *
     * @param <V> what the table's entries are made into
     */
    @FunctionalInterface
    public interface Reading<V> {
        /**
         * Makes it.
         *
         * @throws UnusableFileException if the file holds what it must not
         */
        Map<String, V> of(Path file, Map<String, JsonNode> entries) throws UnusableFileException;
    }

    /** Hears of the versions of the file. */
    public interface Listener {
        /** Nobody. */
        Listener NONE = new Listener() {};

        /** A version is in use. On the watch's thread, but for the first. */
        default void loaded(int entries) {}

        /** A version cannot be used, and the one before goes on being used; once for each, on the watch's thread. */
        default void refused() {}
    }

    /**
     * Loads the file, and begins to watch it.
     *
     * @param name whose table it is, for the log, such as {@code source scenes}
     * @param path ends in {@code .json} or {@code .csv}; relative to the working directory, or absolute
     * @param columns what a CSV file must have; mean nothing to JSON
     * @param checkInterval between two looks at the file; at least 1 ms
     */
    public WatchedTable(
            String name, Path path, Columns columns, Duration checkInterval, Reading<V> reading, Listener listener)
            throws UnusableFileException {
        this.name = name;
        this.reading = reading;
        this.listener = listener;
        file = new TableFile(path, FileFormat.of(path), columns);
        entries = read();
        tellLoaded();
        FileWatch.Names names = new FileWatch.Names(
                "serai-file-" + name.replace(' ', '-'),
                name + " goes on with what it read before",
                name + ": " + path + " can be used again");
        watch = new FileWatch<>(names, checkInterval, entries, this::readAgain, this::load);
    }

    /**
     * What the file holds now, for who looks at it once.
     *
     * @param path as for a table that is watched; likewise {@code columns}
     * @throws UnusableFileException if the file cannot be read, or is none of the format that its name says
     */
    public static Map<String, JsonNode> once(Path path, Columns columns) throws UnusableFileException {
        TableFile file = new TableFile(path, FileFormat.of(path), columns);
        return file.entries(file.read());
    }

    /** What the file holds under the reference, never to be changed; null if there is nothing. */
    public @Nullable V get(String key) {
        return entries.get(key);
    }

    /** Ends the watch. Look-ups go on being answered. */
    @Override
    public void close() {
        watch.close();
    }

    private Map<String, V> readAgain() throws UnusableFileException {
        UnusableFileException before = mistake;
        try {
            return read();
        } catch (UnusableFileException e) {
            if (mistake != null && mistake != before) {
                listener.refused();
            }
            throw e;
        }
    }

    /** Reads the file if it seems to be another one; a read that did not get through is made again. */
    private Map<String, V> read() throws UnusableFileException {
        TableFile.Stamp now = file.stamp();
        if (!now.equals(stamp)) {
            stamp = null;
            byte[] bytes = file.read();
            try {
                read = reading.of(file.path(), file.entries(bytes));
                mistake = null;
            } catch (UnusableFileException e) {
                mistake = e;
            }
            stamp = now;
        }
        if (mistake != null) {
            throw mistake;
        }
        return read;
    }

    private void load(Map<String, V> changed) {
        entries = changed;
        tellLoaded();
    }

    private void tellLoaded() {
        log.info("{}: {} loaded, {}", name, file.path(), Counted.text(entries.size(), "entry", "entries"));
        listener.loaded(entries.size());
    }
}
