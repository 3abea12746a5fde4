package dev.serai.batch.file;

import java.util.ArrayList;
import java.util.List;

/** What is wrong in a file: the first ones, and how many there are. For one thread. */
public final class Mistakes {
    /** That are kept, some hundred bytes each. */
    public static final int MOST_KEPT = 1_000;

    private final List<Mistake> first = new ArrayList<>();
    private long count;

    void add(Mistake mistake) {
        count++;
        if (first.size() < MOST_KEPT) {
            first.add(mistake);
        }
    }

    /** In the file's order, at most {@link #MOST_KEPT}. */
    public List<Mistake> first() {
        return List.copyOf(first);
    }

    /** All of them. */
    public long count() {
        return count;
    }
}
