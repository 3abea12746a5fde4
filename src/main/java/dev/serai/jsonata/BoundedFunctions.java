package dev.serai.jsonata;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.Jsonata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the library's that would do in one step more than a step may: their arguments are looked at before, or what they
 * make is counted. Stateless; they belong to the thread's {@link Evaluation}.
 */
final class BoundedFunctions {
    /** They make one text of another: what they make is counted. */
    private static final Map<String, String> OF_TEXTS = Map.of(
            "lowercase", "<s-:s>",
            "uppercase", "<s-:s>",
            "trim", "<s-:s>",
            "substringBefore", "<s-s:s>",
            "substringAfter", "<s-s:s>",
            "base64encode", "<s-:s>",
            "base64decode", "<s-:s>",
            "encodeUrlComponent", "<s-:s>",
            "decodeUrlComponent", "<s-:s>");

    static final Map<String, Jsonata.JFunction> BY_NAME = byName();

    private BoundedFunctions() {}

    private static Map<String, Jsonata.JFunction> byName() {
        Map<String, JsonataFunction> functions = new HashMap<>(Map.of(
                "pad", new JsonataFunction("<s-ns?:s>", BoundedFunctions::pad),
                "join", new JsonataFunction("<a<s>s?:s>", BoundedFunctions::join),
                "string", new JsonataFunction("<x-b?:s>", BoundedFunctions::string),
                "clone", new JsonataFunction("<(oa)-:o>", BoundedFunctions::copy),
                "match", new JsonataFunction("<s-f<s:o>n?:a<o>>", BoundedFunctions::match),
                "contains", new JsonataFunction("<s-(sf):b>", BoundedFunctions::contains),
                "replace", new JsonataFunction("<s-(sf)(sf)n?:s>", BoundedFunctions::replace),
                "split", new JsonataFunction("<s-(sf)n?:a<s>>", BoundedFunctions::split)));
        OF_TEXTS.forEach((name, signature) -> {
            Jsonata.JFunction original = Jsonata.function(name, signature, Functions.class, null, name);
            functions.put(name, new JsonataFunction(signature, arguments -> original.call(null, arguments)));
        });
        return functions.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, function -> Evaluation.ofLibrary(function.getValue())));
    }

    private static @Nullable Object pad(List<?> arguments) {
        if (!(argument(arguments, 0) instanceof String text) || !(argument(arguments, 1) instanceof Number number)) {
            return null;
        }
        long width = Math.abs((long) number.doubleValue());
        Evaluation.current().requireWeight(width);
        String filling = argument(arguments, 2) instanceof String given && !given.isEmpty() ? given : " ";
        int missing = (int) width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        // The library's own takes time by the square of the width.
        String repeated = filling.repeat(missing / filling.codePointCount(0, filling.length()) + 1);
        String added = repeated.substring(0, repeated.offsetByCodePoints(0, missing));
        return number.doubleValue() < 0 ? added + text : text + added;
    }

    private static @Nullable Object join(List<?> arguments) {
        List<?> texts = (List<?>) argument(arguments, 0);
        String separator = (String) argument(arguments, 1);
        if (texts != null) {
            long length = 0;
            for (Object each : texts) {
                length += String.valueOf(each).length() + (separator == null ? 0L : separator.length());
            }
            Evaluation.current().requireWeight(length);
        }
        @SuppressWarnings("unchecked") // the signature asks for texts
        List<String> strings = (List<String>) texts;
        return Functions.join(strings, separator);
    }

    private static @Nullable Object string(List<?> arguments) {
        Evaluation.current().requireLight(argument(arguments, 0));
        return Functions.string(argument(arguments, 0), (Boolean) argument(arguments, 1));
    }

    private static @Nullable Object copy(List<?> arguments) {
        Evaluation.current().requireLight(argument(arguments, 0));
        return Functions.functionClone(argument(arguments, 0));
    }

    private static @Nullable Object match(List<?> arguments) {
        String text = (String) argument(arguments, 0);
        if (!(argument(arguments, 1) instanceof Pattern pattern)) {
            throw Evaluation.current().refuse("the second argument of $match must be a regular expression");
        }
        tryOut(pattern, text);
        return Functions.match(text, pattern, whole(arguments, 2));
    }

    private static @Nullable Object contains(List<?> arguments) {
        String text = (String) argument(arguments, 0);
        tryOut(argument(arguments, 1), text);
        return Functions.contains(text, argument(arguments, 1));
    }

    private static @Nullable Object replace(List<?> arguments) {
        String text = (String) argument(arguments, 0);
        Object replacement = argument(arguments, 2);
        tryOut(argument(arguments, 1), text);
        if (text != null
                && replacement instanceof String with
                && (text.length() + 1L) * (with.length() + 1L)
                        > Evaluation.current().bounds().made()) {
            throw Evaluation.current().refuse("$replace may make too long a text");
        }
        return Functions.replace(text, argument(arguments, 1), replacement, whole(arguments, 3));
    }

    private static @Nullable Object split(List<?> arguments) {
        String text = (String) argument(arguments, 0);
        tryOut(argument(arguments, 1), text);
        return Functions.split(text, argument(arguments, 1), (Number) argument(arguments, 2));
    }

    /** Goes through the text with a regular expression, as the library will, and counts; a plain text is not tried. */
    private static void tryOut(@Nullable Object pattern, @Nullable String text) {
        if (text != null && pattern instanceof Pattern regex) {
            Matcher matcher = regex.matcher(new Counted(text));
            boolean found = matcher.find();
            while (found) {
                found = matcher.find();
            }
        }
    }

    /** A text that counts how often it is looked at. */
    private static final class Counted implements CharSequence {
        private final String text;
        private final Evaluation evaluation = Evaluation.current();

        Counted(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            evaluation.look();
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
