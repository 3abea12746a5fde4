package dev.serai.jsonata;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** What {@code $replace} puts in the place of a match. Stateless. */
final class Replacement {
    private Replacement() {}

    /**
     * Appends it.
     *
     * @param with a text, or a function that is called with the match
     * @param hasGroups whether the text may name what was matched: {@code $0}, {@code $1}, and {@code $$} for a dollar
     */
    static void append(@Nullable Object with, boolean hasGroups, Matcher matcher, StringBuilder made) {
        if (with instanceof String text) {
            if (hasGroups) {
                fill(text, matcher, made);
            } else {
                made.append(text);
            }
        } else if (with != null && (with instanceof Jsonata.JFunction || Functions.isLambda(with))) {
            made.append(called(with, matcher));
        } else {
            throw Evaluation.current().refuse("the third argument of $replace must be a text or a function");
        }
    }

    /** Counted: a long text may be filled in for many matches. */
    private static void fill(String text, Matcher matcher, StringBuilder made) {
        Evaluation evaluation = Evaluation.current();
        int at = 0;
        while (at < text.length()) {
            evaluation.look();
            char next = text.charAt(at++);
            if (next != '$' || at == text.length()) {
                made.append(next);
            } else if (text.charAt(at) == '$') {
                made.append('$');
                at++;
            } else if (!isDigit(text, at)) {
                made.append('$');
            } else {
                int group = digit(text, at++);
                // As many digits as there is a group for: of three groups, $12 is the first and a 2.
                while (group > 0 && isDigit(text, at) && group * 10 + digit(text, at) <= matcher.groupCount()) {
                    group = group * 10 + digit(text, at++);
                }
                if (group <= matcher.groupCount() && matcher.start(group) >= 0) {
                    made.append(matcher.group(group));
                    evaluation.requireWeight(made.length());
                }
            }
        }
    }

    private static boolean isDigit(String text, int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static int digit(String text, int at) {
        return text.charAt(at) - '0';
    }

    private static String called(Object function, Matcher matcher) {
        Object result;
        try {
            result = Functions.funcApply(function, List.of(PatternFunctions.details(matcher)));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (!(result instanceof String text)) {
            throw new JException("D3012", -1);
        }
        return text;
    }
}
