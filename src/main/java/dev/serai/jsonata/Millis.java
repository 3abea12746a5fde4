package dev.serai.jsonata;

import com.dashjoin.jsonata.Functions;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code $toMillis}, the same on every machine: the library asks the process's time zone, or the clock, for what is missing. */
final class Millis {
    /** A bracket, as it is written in a picture. */
    private static final String BRACKET = "[[";

    private static final Pattern YEAR = Pattern.compile("\\[\\s*Y");

    private Millis() {}

    static @Nullable Object of(Arguments arguments) {
        String text = arguments.text(0);
        String picture = arguments.text(1);
        if (text == null) {
            return null;
        }
        if (picture == null && isWithoutOffset(text)) {
            throw Evaluation.current()
                    .refuse("$toMillis needs a time with an offset: append it, as in $toMillis(time & \"Z\")");
        }
        if (picture != null
                && Evaluation.current().isRepeatable()
                && !YEAR.matcher(picture.replace(BRACKET, "")).find()) {
            throw Evaluation.current()
                    .refuse("$toMillis needs a picture with the year, [Y], and would take it from the clock");
        }
        try {
            return Functions.dateTimeToMillis(text, picture);
        } catch (ParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static boolean isWithoutOffset(String text) {
        try {
            LocalDateTime.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
