package dev.serai.source.table;

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
 * <p>The file is looked at again and again, read when it seems to be another one, and taken when it holds something else.
 * While it cannot be used, the last content that could be is. A file that was written in part and happens to make sense is taken as it is, until the next look: to be safe, write another file and
 * rename it.
 *
 * <p>Thread-safe; a look-up does not wait.
 */
public final class FileTable implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FileTable.class);

    private final String source;
    private final TableFile file;
    private final FileWatch<Map<String, JsonNode>> watch;
    private volatile Map<String, JsonNode> entries;

    /* The file as it was read last; for one thread, in the end the watch's. */
    private TableFile.@Nullable Stamp stamp;
    private Map<String, JsonNode> read = Map.of();
    private @Nullable UnusableFileException mistake;

    /**
     * Loads the file, and begins to watch it.
     *
     * @param source the source's name, for the log
     * @param path ends in {@code .json} or {@code .csv}; relative to the working directory, or absolute
     * @param columns what a CSV file must have; mean nothing to JSON
     * @param checkInterval between two looks at the file; at least 1 ms
     */
    public FileTable(String source, Path path, Columns columns, Duration checkInterval) throws UnusableFileException {
        this.source = source;
        file = new TableFile(path, FileFormat.of(path), columns);
        entries = read();
        logLoaded();
        FileWatch.Names names = new FileWatch.Names(
                "serai-file-" + source,
                "source " + source + " goes on with what it read before",
                "source " + source + ": " + path + " can be used again");
        watch = new FileWatch<>(names, checkInterval, entries, this::read, this::load);
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

    /** Reads the file if it seems to be another one; a read that did not get through is made again. */
    private Map<String, JsonNode> read() throws UnusableFileException {
        TableFile.Stamp now = file.stamp();
        if (!now.equals(stamp)) {
            stamp = null;
            byte[] bytes = file.read();
            try {
                read = file.entries(bytes);
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

    private void load(Map<String, JsonNode> changed) {
        entries = changed;
        logLoaded();
    }

    private void logLoaded() {
        log.info("source {}: {} loaded, {}", source, file.path(), Counted.text(entries.size(), "entry", "entries"));
    }
}
