package dev.serai.loop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when memory has run out. Any thread can meet that, wherever it is; what it was about to do is half
 * done, and a process that stays alive holds its partitions without working on them. Another one takes over what was not
 * committed. The launcher has the JVM do the same ({@code -XX:+ExitOnOutOfMemoryError}); this is for who starts the jar
 * without it.
 */
public final class OutOfMemory {
    private static final Logger LOG = LoggerFactory.getLogger(OutOfMemory.class);

    /** What the JVM exits with by {@code -XX:+ExitOnOutOfMemoryError}. */
    public static final int EXIT_CODE = 3;

    private OutOfMemory() {}

    /** Does not return if the failure, or a cause of it, is that memory has run out; else does nothing. */
    public static void endProcessIf(Throwable failure) {
        if (isIn(failure)) {
            try {
                LOG.error(
                        "Memory has run out, and the process ends: raise -Xmx, or lower what it holds at once",
                        failure);
            } finally {
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        }
    }

    static boolean isIn(Throwable failure) {
        Throwable next = failure;
        for (int depth = 0; next != null && depth < 20; depth++) {
            if (next instanceof OutOfMemoryError) {
                return true;
            }
            next = next.getCause();
        }
        return false;
    }
}
