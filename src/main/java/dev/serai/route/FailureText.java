package dev.serai.route;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/** What is said in the log of an exception that left a route. */
public final class FailureText {
    /** More than any sentence has; some quote a whole body. */
    private static final int LONGEST = 1_000;

    /** Camel's own text of a mistyped field in {@code simple}, which quotes what it stands behind, such as the body. */
    private static final Pattern MISSING_METHOD =
            Pattern.compile("Method with name: (\\S+) not found on bean: .* of type: (\\S+)", Pattern.DOTALL);

    private FailureText() {}

    /** Of its root, the kind and the text, in one line of at most {@value #LONGEST} characters and the kind's name. */
    public static String of(Throwable failure) {
        Throwable root = root(failure);
        String message = message(root).replaceAll("\\s*\\R\\s*", " ");
        return root.getClass().getSimpleName()
                + (message.isEmpty() ? "" : ": ")
                + (message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message);
    }

    /**
     * Of a defect, for whoever reads replies and dead letters: its own text is for the log only, for it may quote anything.
     *
     * @param place where it was met, such as {@code " in step …"}; may be empty
     * @param what it was met with, such as {@code event}
     */
    public static String forOthers(@Nullable Throwable defect, String place, String what) {
        return "internal error ("
                + (defect == null ? "no exception" : defect.getClass().getSimpleName())
                + ")" + place + ": the log lines of this " + what + " say more";
    }

    /** What all that wraps it is about. */
    public static Throwable root(Throwable failure) {
        return ExceptionUtils.getRootCause(failure);
    }

    private static String message(Throwable root) {
        String message = root.getMessage() == null ? "" : root.getMessage();
        Matcher missing = MISSING_METHOD.matcher(message);
        return missing.lookingAt() ? "there is no " + missing.group(1) + " of a " + missing.group(2) : message;
    }
}
