package dev.serai.jsonata;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Utils;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Functions that look for a text or a regular expression. They go from match to match and hold none but those that they give
 * back, which are counted as they are found. Stateless; they belong to the thread's {@link Evaluation}.
 */
final class PatternFunctions {
    private PatternFunctions() {}

    static @Nullable Object contains(Arguments arguments) {
        String text = arguments.text(0);
        return text == null
                ? null
                : matcher("$contains", text, arguments.value(1)).find();
    }

    static @Nullable Object match(Arguments arguments) {
        String text = arguments.text(0);
        if (!(arguments.value(1) instanceof Pattern pattern)) {
            throw Evaluation.current().refuse("the second argument of $match must be a regular expression");
        }
        int limit = limit(arguments, 2, "D3040");
        if (text == null) {
            return null;
        }
        // What the library takes as nothing if it is empty, and as its item if it has one.
        List<Object> found = Utils.createSequence();
        Matcher matcher = matcher("$match", text, pattern);
        long weight = 0;
        while (found.size() < limit && matcher.find()) {
            for (int group = 0; group <= matcher.groupCount(); group++) {
                weight += 1L + Math.max(0, matcher.end(group) - matcher.start(group));
            }
            Evaluation.current().requireWeight(weight);
            Evaluation.current().requireItems(found.size() + 1);
            found.add(details(matcher));
        }
        return found;
    }

    /** As {@code $match} gives a match back. */
    static Map<String, Object> details(Matcher matcher) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("match", matcher.group());
        details.put("index", matcher.start());
        // A group that has matched nothing is null: that is absent.
        List<@Nullable String> groups = new ArrayList<>();
        for (int group = 1; group <= matcher.groupCount(); group++) {
            groups.add(matcher.group(group));
        }
        details.put("groups", groups);
        return details;
    }

    static @Nullable Object split(Arguments arguments) {
        String text = arguments.text(0);
        int limit = limit(arguments, 2, "D3020");
        if (text == null) {
            return null;
        }
        List<String> pieces = new ArrayList<>();
        if ("".equals(arguments.value(1))) {
            for (int at = 0; at < text.length() && pieces.size() < limit; ) {
                int next = text.offsetByCodePoints(at, 1);
                add(text.substring(at, next), pieces);
                at = next;
            }
            return pieces;
        }
        Matcher matcher = matcher("$split", text, arguments.value(1));
        int end = 0;
        while (pieces.size() < limit && matcher.find()) {
            // As Java has it: there is no empty piece before an empty match at the beginning.
            if (matcher.end() > 0) {
                add(text.substring(end, matcher.start()), pieces);
                end = matcher.end();
            }
        }
        if (pieces.size() < limit) {
            add(text.substring(end), pieces);
        }
        return pieces;
    }

    private static void add(String piece, List<String> pieces) {
        Evaluation.current().requireItems(pieces.size() + 1);
        pieces.add(piece);
    }

    static @Nullable Object replace(Arguments arguments) {
        String text = arguments.text(0);
        int limit = limit(arguments, 3, "D3011");
        if (text == null) {
            return null;
        }
        Object pattern = arguments.value(1);
        if ("".equals(pattern)) {
            throw new JException("D3010", -1);
        }
        Matcher matcher = matcher("$replace", text, pattern);
        StringBuilder made = new StringBuilder();
        int end = 0;
        for (int count = 0; count < limit && matcher.find(); count++) {
            made.append(text, end, matcher.start());
            Replacement.append(arguments.value(2), pattern instanceof Pattern, matcher, made);
            end = matcher.end();
            Evaluation.current().requireWeight(made.length());
        }
        return made.append(text, end, text.length()).toString();
    }

    /** A plain text is looked for without counting: that takes time by its length at most. */
    private static Matcher matcher(String function, String text, @Nullable Object pattern) {
        return switch (pattern) {
            case Pattern regex -> regex.matcher(new CountedText(text));
            case String plain -> Pattern.compile(plain, Pattern.LITERAL).matcher(text);
            case null -> throw noPattern(function);
            default -> throw noPattern(function);
        };
    }

    private static RuntimeException noPattern(String function) {
        return Evaluation.current()
                .refuse("the second argument of " + function + " must be a text or a regular expression");
    }

    /** @param code of the library's failure for less than 0 */
    private static int limit(Arguments arguments, int index, String code) {
        Number limit = arguments.number(index);
        if (limit == null) {
            return Integer.MAX_VALUE;
        }
        if (limit.doubleValue() < 0) {
            throw new JException(code, -1);
        }
        return (int) limit.doubleValue();
    }
}
