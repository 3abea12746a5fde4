package dev.serai.batch.file;

import java.util.Arrays;

/** The line in which each row of a file begins; 4 bytes a row. For one thread. */
public final class RowLines {
    private int[] lines = new int[1 << 10];
    private int count;

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
