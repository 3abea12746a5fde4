package dev.serai.dialect.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.loop.UnusableFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A look-up table of an intake: dialled number or queue to character, tenant and scene. A CSV file, whose column {@code key}
 * has the number or the queue, or a JSON object of rows by key. Columns: {@code character_id}, {@code tenant},
 * {@code scene_ref}, {@code ignore} ({@code true} or {@code false}), and others of the mapping's own. The row {@code *} is for
 * keys that have none. Numbers may be written as people do: they are compared as {@code $phone} makes them.
 *
 * <p>The file is looked at again and again. While a new version cannot be used, the last one that could be is, and the log
 * says so. Thread-safe; a look-up does not wait.
 */
public final class LookUpTable implements LookUp, AutoCloseable {
    /** Hears of every version of the file that is read; on the watch's thread. */
    public interface Listener {
        /** It is in use. */
        void loaded(int rows);

        /** It cannot be used, and the one before goes on being used; once for each version. */
        void refused();
    }

    private LookUpTable() {}

    /**
     * Loads the file, and begins to watch it.
     *
     * @param name for the log, such as {@code intake museum}
     * @param file ends in {@code .csv} or {@code .json}
     * @param country as in {@link MappingContext}
     * @throws UnusableFileException if the file cannot be used; the message names it, the line, and what must be
     */
    public static LookUpTable open(String name, Path file, @Nullable String country, Listener listener)
            throws UnusableFileException {
        throw new UnusableFileException(file, "cannot be read yet");
    }

    @Override
    public @Nullable ObjectNode row(String key) {
        return null;
    }

    /** Ends the watch. Look-ups go on being answered. */
    @Override
    public void close() {}
}
