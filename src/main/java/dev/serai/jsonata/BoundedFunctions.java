package dev.serai.jsonata;

import com.dashjoin.jsonata.Functions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the library's that would do in one step more than a step may: their arguments are looked at before. For one
 * evaluation.
 */
final class BoundedFunctions {
    /** Looks at a character while a regular expression is tried; some take exponentially many. */
    private static final int MOST_LOOKS = 1_000_000;

    private final Evaluation evaluation;

    BoundedFunctions(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    /** By name. */
    Map<String, JsonataFunction> all() {
        return Map.of(
                "pad", new JsonataFunction("<s-ns?:s>", this::pad),
                "join", new JsonataFunction("<a<s>s?:s>", this::join),
                "string", new JsonataFunction("<x-b?:s>", this::string),
                "clone", new JsonataFunction("<(oa)-:o>", this::copy),
                "match", new JsonataFunction("<s-f<s:o>n?:a<o>>", this::match),
                "contains", new JsonataFunction("<s-(sf):b>", this::contains),
                "replace", new JsonataFunction("<s-(sf)(sf)n?:s>", this::replace),
                "split", new JsonataFunction("<s-(sf)n?:a<s>>", this::split));
    }

    private @Nullable Object pad(List<?> arguments) {
        Number width = (Number) argument(arguments, 1);
        if (width != null) {
            evaluation.requireWeight(Math.abs((long) width.doubleValue()));
        }
        return Functions.pad(
                (String) argument(arguments, 0), width == null ? 0 : width.intValue(), (String) argument(arguments, 2));
    }

    private @Nullable Object join(List<?> arguments) {
        List<?> texts = (List<?>) argument(arguments, 0);
        String separator = (String) argument(arguments, 1);
        if (texts != null) {
            long length = 0;
            for (Object each : texts) {
                length += String.valueOf(each).length() + (separator == null ? 0L : separator.length());
            }
            evaluation.requireWeight(length);
        }
        @SuppressWarnings("unchecked") // the signature asks for texts
        List<String> strings = (List<String>) texts;
        return Functions.join(strings, separator);
    }

    private @Nullable Object string(List<?> arguments) {
        evaluation.requireLight(argument(arguments, 0));
        return Functions.string(argument(arguments, 0), (Boolean) argument(arguments, 1));
    }

    private @Nullable Object copy(List<?> arguments) {
        evaluation.requireLight(argument(arguments, 0));
        return Functions.functionClone(argument(arguments, 0));
    }

    private @Nullable Object match(List<?> arguments) {
        String text = (String) argument(arguments, 0);
        if (!(argument(arguments, 1) instanceof Pattern pattern)) {
            throw evaluation.refuse("the second argument of $match must be a regular expression");
        }
        tryOut(pattern, text);
        return Functions.match(text, pattern, whole(arguments, 2));
    }

    private @Nullable Object contains(List<?> arguments) {
        String text = (String) argument(arguments, 0);
        tryOut(argument(arguments, 1), text);
        return Functions.contains(text, argument(arguments, 1));
    }

    private @Nullable Object replace(List<?> arguments) {
        String text = (String) argument(arguments, 0);
        Object replacement = argument(arguments, 2);
        tryOut(argument(arguments, 1), text);
        if (text != null
                && replacement instanceof String with 
                && (text.length() + 1L) * (with.length() + 1L)
                        > evaluation.bounds().made()) {
            throw evaluation.refuse("$replace may make too long a text");
        }
        return Functions.replace(text, argument(arguments, 1), replacement, whole(arguments, 3));
    }

    private @Nullable Object split(List<?> arguments) {
        String text = (String) argument(arguments, 0);
        tryOut(argument(arguments, 1), text);
        return Functions.split(text, argument(arguments, 1), (Number) argument(arguments, 2));
    }

    /** Goes through the text with a regular expression, as the library will, and counts; a plain text is not tried. */
    private void tryOut(@Nullable Object pattern, @Nullable String text) {
        if (text != null && pattern instanceof Pattern regex) {
            Matcher matcher = regex.matcher(new Counted(text));
            boolean found = matcher.find();
            while (found) {
                found = matcher.find();
            }
        }
    }

    /** A text that counts how often it is looked at. */
    private final class Counted implements CharSequence {
        private final String text;
        private int looks;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            looks++;
            if (looks > MOST_LOOKS) {
                throw evaluation.refuse("a regular expression looks at a text more than " + MOST_LOOKS
                        + " times: it may take exponentially long");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static @Nullable Integer whole(List<?> arguments, int index) {
        return argument(arguments, index) instanceof Number number ? number.intValue() : null;
    }

    private static @Nullable Object argument(List<?> arguments, int index) {
        Object value = index < arguments.size() ? arguments.get(index) : null;
        return JsonataExpression.isAbsent(value) ? null : value;
    }
}
