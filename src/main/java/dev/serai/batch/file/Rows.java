package dev.serai.batch.file;

import dev.serai.loop.UnusableFileException;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a file, one after the other. For one thread; memory is bounded by the longest row. */
interface Rows extends Closeable {
    /** Of a cell, or of a line of JSON: longer than any event may be. */
    int MAX_CHARACTERS = 16 << 20;

    /** How far into a file is looked for what tells its format. */
    int LOOKED_AT = 64 << 10;

    /** The columns that every row has; null if each row says it itself. */
    @Nullable
    List<String> columns();

    /**
     * The next row, also one that is none; null after the last.
     *
     * @throws UnusableFileException if what follows cannot be told apart any more
     */
    @Nullable
    Row next() throws IOException, UnusableFileException;

    /** SHA-256 of the file, after its last row; to be asked for once. */
    String digest();

    /**
     * Opens a file at its first row.
     *
     * @throws UnusableFileException if it cannot be read, or has no columns
     */
    static Rows open(Path file) throws IOException, UnusableFileException {
        if (Files.isDirectory(file)) {
            throw new UnusableFileException(file, "must be a file");
        }
        InputStream bytes;
        try {
            bytes = Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new UnusableFileException(file, "must be a file that exists");
        } catch (IOException e) {
            throw new UnusableFileException(file, "must be a file that can be read");
        }
        return of(file, bytes);
    }

    /**
     * Takes over a stream of a file's bytes, at its first row.
     *
     * @throws UnusableFileException if it has no columns
     */
    static Rows of(Path file, InputStream bytes) throws IOException, UnusableFileException {
        DecodedText text = DecodedText.of(bytes);
        try {
            BufferedReader reader = new BufferedReader(text, LOOKED_AT);
            return RowFormat.of(file, reader) == RowFormat.JSON_LINES
                    ? new JsonLineRows(text, reader)
                    : CsvRows.open(file, text, reader);
        } catch (IOException | UnusableFileException | RuntimeException e) {
            text.close();
            throw e;
        }
    }
}
