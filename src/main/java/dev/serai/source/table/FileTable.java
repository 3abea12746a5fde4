package dev.serai.source.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.loop.UnusableFileException;
import dev.serai.table.Columns;
import dev.serai.table.WatchedTable;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A source's table in a file, as {@link WatchedTable} reads it. Thread-safe; a look-up does not wait. */
public final class FileTable implements AutoCloseable {
    private final WatchedTable<JsonNode> table;

    /**
     * Loads the file, and begins to watch it.
     *
     * @param source the source's name, for the log
     * @param path ends in {@code .json} or {@code .csv}; relative to the working directory, or absolute
     * @param columns what a CSV file must have; mean nothing to JSON
     * @param checkInterval between two looks at the file; at least 1 ms
     */
    public FileTable(String source, Path path, Columns columns, Duration checkInterval) throws UnusableFileException {
        table = new WatchedTable<>(
                "source " + source,
                path,
                columns,
                checkInterval,
                (file, entries) -> entries,
                WatchedTable.Listener.NONE);
    }

    /** What the file holds under the reference, never to be changed; null if there is nothing. */
    public @Nullable JsonNode get(String key) {
        return table.get(key);
    }

    /** Ends the watch. Look-ups go on being answered. */
    @Override
    public void close() {
        table.close();
    }
}
