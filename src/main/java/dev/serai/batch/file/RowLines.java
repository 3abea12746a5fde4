package dev.serai.batch.file;

import dev.serai.loop.UnusableFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** The line in which each row of a file begins; 4 bytes a row. For one thread. */
public final class RowLines {
    private int[] lines = new int[1 << 10];
    private int count;

    /**
     * Of a file; none if it is not there, or is another one.
     *
     * @param fileDigest of the file as it was
     */
    public static RowLines of(Path file, String fileDigest) throws IOException {
        RowLines lines = new RowLines();
        try (Rows rows = Rows.open(file)) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                lines.add(row);
            }
            return rows.digest().equals(fileDigest) ? lines : new RowLines();
        } catch (UnusableFileException e) {
            return new RowLines();
        }
    }

    void add(Row row) {
        if (row.number() > lines.length) {
            lines = Arrays.copyOf(lines, 2 * lines.length);
        }
        lines[row.number() - 1] = (int) Math.min(row.line(), Integer.MAX_VALUE);
        count = row.number();
    }

    /** How many rows there are. */
    public int count() {
        return count;
    }

    /** The line of a row; 0 if it is not known. */
    public int line(int number) {
        return number >= 1 && number <= count ? lines[number - 1] : 0;
    }
}
