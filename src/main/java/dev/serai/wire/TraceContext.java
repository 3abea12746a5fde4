package dev.serai.wire;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace that an event belongs to, by W3C's Trace Context: only what is valid goes on, so nothing else that an event's
 * publisher writes gets into another system's headers.
 *
 * @param parent {@code traceparent}
 * @param state {@code tracestate}, or null
 */
public record TraceContext(String parent, @Nullable String state) {
    public static final String PARENT = "traceparent";
    public static final String STATE = "tracestate";

    /** Version ff is none, and neither are ids of zeros only. */
    private static final Pattern PARENT_FORM = Pattern.compile("(?!ff)(?<version>[0-9a-f]{2})-(?!0{32})[0-9a-f]{32}"
            + "-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?<more>-[!-~]{1,200})?");

    private static final String KEY = "[a-z0-9][a-z0-9_\\-*/]{0,255}(?:@[a-z][a-z0-9_\\-*/]{0,13})?";
    private static final String VALUE = "[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]";
    private static final Pattern MEMBER = Pattern.compile("[ \t]*(?:" + KEY + "=" + VALUE + "[ \t]*)?");

    private static final int MAX_STATE_LENGTH = 512;
    private static final int MAX_MEMBERS = 32;

    /** The trace of two texts; empty if the first is not valid. A second one that is not valid is left out. */
    public static Optional<TraceContext> of(@Nullable String parent, @Nullable String state) {
        return parent == null || !isParent(parent)
                ? Optional.empty()
                : Optional.of(new TraceContext(parent, state != null && isState(state) ? state : null));
    }

    /** Versions to come may say more behind the four fields of the first one. */
    private static boolean isParent(String parent) {
        Matcher form = PARENT_FORM.matcher(parent);
        return form.matches()
                && (form.group("more") == null || !form.group("version").equals("00"));
    }

    private static boolean isState(String state) {
        if (state.isBlank() || state.length() > MAX_STATE_LENGTH) {
            return false;
        }
        String[] members = state.split(",", -1);
        for (String member : members) {
            if (!MEMBER.matcher(member).matches()) {
                return false;
            }
        }
        return members.length <= MAX_MEMBERS;
    }
}
