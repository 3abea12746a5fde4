package dev.serai.route;

import java.util.ArrayList;
import java.util.List;

/** The exceptions that an exception was caused by. Stateless. */
final class Causes {
    private Causes() {}

    /** The exception itself, and its causes, each once; the root comes last. */
    static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable next = failure; next != null && !chain.contains(next); next = next.getCause()) {
            chain.add(next);
        }
        return chain;
    }

    /** What all the others were caused by. */
    static Throwable root(Throwable failure) {
        return chain(failure).getLast();
    }
}
