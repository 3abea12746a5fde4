package dev.serai.cli;

import dev.serai.wire.Secrets;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands in the log for an exception whose text, or that of one of its causes, is not to be there as it is: of the same name
 * and trace, its text without secrets and in one line. Not thread-safe before it is made.
 */
final class GuardedThrowable extends Throwable {
    private static final long serialVersionUID = 1L;

    private final String text;

    private GuardedThrowable(String text, Throwable original) {
        super(text);
        this.text = text;
        setStackTrace(original.getStackTrace());
    }

    /** What to log of an exception: itself if nothing of it has to be changed. */
    static @Nullable Throwable of(@Nullable Throwable thrown) {
        if (thrown == null || isFine(thrown, new IdentityHashMap<>())) {
            return thrown;
        }
        return guarded(thrown, new IdentityHashMap<>());
    }

    private static boolean isFine(Throwable thrown, Map<Throwable, Boolean> seen) {
        if (seen.put(thrown, true) != null) {
            return true;
        }
        String text = thrown.toString();
        if (!guarded(text).equals(text) || (thrown.getCause() != null && !isFine(thrown.getCause(), seen))) {
            return false;
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (!isFine(suppressed, seen)) {
                return false;
            }
        }
        return true;
    }

    private static GuardedThrowable guarded(Throwable thrown, Map<Throwable, GuardedThrowable> seen) {
        GuardedThrowable known = seen.get(thrown);
        if (known != null) {
            return known;
        }
        GuardedThrowable guarded = new GuardedThrowable(guarded(thrown.toString()), thrown);
        seen.put(thrown, guarded);
        if (thrown.getCause() != null) {
            guarded.initCause(guarded(thrown.getCause(), seen));
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            guarded.addSuppressed(guarded(suppressed, seen));
        }
        return guarded;
    }

    private static String guarded(String text) {
        return Printable.line(Secrets.inLog(text));
    }

    /** It is not here that it happened. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // it begins with the original's class, not with this one
    public String toString() {
        return text;
    }
}
