package dev.serai.jsonata;

import com.dashjoin.jsonata.JException;
import java.io.Serial;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a JSONata expression, or with what it was given, and where in the expression. Quotes the expression and
 * nothing of the body, which may hold credentials; but for what the expression itself says with {@code $error} or
 * {@code $assert}. Immutable.
 */
public final class JsonataFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Of the expression, before the mistake. */
    private static final int QUOTED = 40;

    /** A message of the author's own: {@code $error} and {@code $assert}. */
    private static final Set<String> WORDS_OF_THE_AUTHOR = Set.of("D3137", "D3141");

    /** Besides those that begin with {@code D}: what their messages quote are values, not the expression. */
    private static final Set<String> QUOTES_VALUES = Set.of("T1003", "T2007", "T2009", "T2011", "T2012");

    private static final String HIDDEN = "…";

    private static final int UNKNOWN = -1;

    private final int position;
    private final String reason;

    private JsonataFailure(String expression, int location, String reason, @Nullable Throwable failure) {
        super(place(expression, location) + ": " + reason);
        position = Math.clamp(location, 0, expression.length());
        this.reason = reason;
        if (failure != null) {
            setStackTrace(failure.getStackTrace());
        }
    }

    /** @param failure of the library's, while it read the expression or evaluated it */
    static JsonataFailure of(String expression, Throwable failure) {
        return switch (failure) {
            case JException known ->
                new JsonataFailure(expression, location(expression, known), reason(known), failure);
            case NumberFormatException number ->
                new JsonataFailure(expression, onlyOne(expression, "$number"), "a value is no number", failure);
            // Its text may quote a value.
            default ->
                new JsonataFailure(
                        expression,
                        UNKNOWN,
                        "a function cannot take a value (" + failure.getClass().getSimpleName() + ")",
                        failure);
        };
    }

    /** An evaluation that would have taken more than it may. */
    static JsonataFailure bound(String expression, String reason) {
        return new JsonataFailure(expression, UNKNOWN, reason, null);
    }

    /** How many characters of the expression were read when it was noticed; 0 if that is not known. */
    public int position() {
        return position;
    }

    /** The message without the place. */
    public String reason() {
        return reason;
    }

    /** Of some failures the library says the operator and not where that is. */
    private static int location(String expression, JException failure) {
        return failure.getLocation() <= 0 && failure.getCurrent() instanceof String token && !isHidden(failure)
                ? onlyOne(expression, token)
                : failure.getLocation();
    }

    /** The end of the only place where the text stands; {@link #UNKNOWN} if there are several. */
    private static int onlyOne(String expression, String text) {
        int first = expression.indexOf(text);
        return first >= 0 && first == expression.lastIndexOf(text) ? first + text.length() : UNKNOWN;
    }

    /** The library counts the characters up to the end of the token that it does not like; 0 says nothing. */
    private static String place(String expression, int location) {
        if (location <= 0) {
            return "in the JSONata expression " + start(expression);
        }
        String before = expression.substring(0, Math.min(location, expression.length()));
        long line = before.chars().filter(character -> character == '\n').count() + 1;
        String inLine = before.substring(before.lastIndexOf('\n') + 1);
        String quoted = inLine.length() > QUOTED ? HIDDEN + inLine.substring(inLine.length() - QUOTED) : inLine;
        return "in line " + line + " of the JSONata expression, at character " + inLine.length()
                + (quoted.isBlank() ? "" : ", behind `" + quoted.strip() + "`");
    }

    private static String start(String expression) {
        String line = expression.strip().replaceAll("\\s+", " ");
        return "`" + (line.length() > QUOTED ? line.substring(0, QUOTED) + HIDDEN : line) + "`";
    }

    private static String reason(JException failure) {
        String text = isHidden(failure)
                ? JException.msg(failure.getError(), failure.getLocation(), HIDDEN, HIDDEN)
                : String.valueOf(failure.getMessage());
        // Of what has no code; and what is left of a text that has more gaps than the library fills.
        return text.replaceFirst("^JSonataException ", "").replaceAll("\\{+\\w+}+", HIDDEN);
    }

    /** Whether the message quotes values, and not the expression. */
    private static boolean isHidden(JException failure) {
        String code = String.valueOf(failure.getError());
        return (code.startsWith("D") && !WORDS_OF_THE_AUTHOR.contains(code)) || QUOTES_VALUES.contains(code);
    }
}
