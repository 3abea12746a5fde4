package dev.serai.settings;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 262144}, {@code 256KiB} or {@code 1MiB}. */
final class ByteSizes {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s?(b|kib|mib)?");

    private ByteSizes() {}

    /** A number of bytes between two bounds, both included. */
    static SettingType<Integer> between(int least, int most) {
        SettingType.Parser<Integer> parser = text -> {
            long bytes = parse(text);
            if (bytes < least) {
                throw new BadValueException("must be at least " + format(least));
            }
            if (bytes > most) {
                throw new BadValueException("must be at most " + format(most));
            }
            return (int) bytes;
        };
        return SettingType.of("size", format(least) + " to " + format(most), parser)
                .writtenAs(ByteSizes::format)
                .inPlaceholders(bytes -> Integer.toString(bytes));
    }

    static long parse(String text) throws BadValueException {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new BadValueException("must be a size such as 262144, 256KiB or 1MiB");
        }
        String unit = matcher.group(2);
        return Long.parseLong(matcher.group(1)) * ("mib".equals(unit) ? MIB : "kib".equals(unit) ? KIB : 1);
    }

    static String format(long bytes) {
        if (bytes != 0 && bytes % MIB == 0) {
            return bytes / MIB + "MiB";
        }
        return bytes != 0 && bytes % KIB == 0 ? bytes / KIB + "KiB" : Long.toString(bytes);
    }
}
