package dev.serai.jsonata;

import com.dashjoin.jsonata.Functions;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Functions that make a text of texts. A character is a code point, and its capital is the same on every machine. Stateless. */
final class TextFunctions {
    private TextFunctions() {}

    static @Nullable Object uppercase(Arguments arguments) {
        String text = arguments.text(0);
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    static @Nullable Object lowercase(Arguments arguments) {
        String text = arguments.text(0);
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    static @Nullable Object substring(Arguments arguments) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        int length = text.codePointCount(0, text.length());
        Number start = arguments.number(1);
        double given = start == null ? 0 : start.doubleValue();
        double from = given < 0 ? Math.max(0, length + given) : given;
        Number count = arguments.number(2);
        double to = count == null ? length : from + count.doubleValue();
        int begin = (int) Math.min(from, length);
        int end = (int) Math.clamp(to, begin, length);
        int beginIndex = text.offsetByCodePoints(0, begin);
        return text.substring(beginIndex, text.offsetByCodePoints(beginIndex, end - begin));
    }

    static @Nullable Object substringAfter(Arguments arguments) {
        String text = arguments.text(0);
        String before = arguments.text(1);
        return before == null ? text : Functions.substringAfter(text, before);
    }

    static @Nullable Object pad(Arguments arguments) {
        String text = arguments.text(0);
        Number number = arguments.number(1);
        if (text == null || number == null) {
            return null;
        }
        long width = Math.abs((long) number.doubleValue());
        Evaluation.current().requireWeight(width);
        String given = arguments.text(2);
        String filling = given == null || given.isEmpty() ? " " : given;
        int missing = (int) width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        // The library's own takes time by the square of the width.
        String repeated = filling.repeat(missing / filling.codePointCount(0, filling.length()) + 1);
        String added = repeated.substring(0, repeated.offsetByCodePoints(0, missing));
        return number.doubleValue() < 0 ? added + text : text + added;
    }

    static @Nullable Object join(Arguments arguments) {
        List<?> texts = (List<?>) arguments.value(0);
        String separator = arguments.text(1);
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
}
