package dev.serai.cli;

/**
 * Texts that show what they hold, and do nothing else to a terminal or a viewer: what would move its cursor, change its
 * colours, turn the direction of writing or break a line stands as its code, such as <code>&#92;u001b</code>. Stateless.
 */
final class Printable {
    private Printable() {}

    /** The text in one line; the very text if nothing is to change. */
    static String line(String text) {
        return escaped(text, false);
    }

    /** The text with the line breaks and tabs of ASCII as they are, for layouts to deal with. */
    static String withBreaks(String text) {
        return escaped(text, true);
    }

    /** A line for a reader: two short texts in columns of these widths, and a text whose further lines stand below it. */
    static String row(String first, int firstWidth, String second, int secondWidth, String text) {
        String indent = " ".repeat(firstWidth + secondWidth);
        return first
                + " ".repeat(firstWidth - first.length())
                + second
                + " ".repeat(secondWidth - second.length())
                + withBreaks(text).stripTrailing().replace("\n", "\n" + indent)
                + '\n';
    }

    private static String escaped(String text, boolean breaksStay) {
        int at = 0;
        while (at < text.length() && !isSteering(text.charAt(at), breaksStay)) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 20).append(text, 0, at);
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (!isSteering(c, breaksStay)) {
                escaped.append(c);
            } else if (c == '\n') {
                escaped.append("\\n");
            } else if (c == '\r') {
                escaped.append("\\r");
            } else {
                escaped.append(String.format("\\u%04x", (int) c));
            }
        }
        return escaped.toString();
    }

    private static boolean isSteering(char c, boolean breaksStay) {
        if (c == '\n' || c == '\r') {
            return !breaksStay;
        }
        return switch (Character.getType(c)) {
            // All but tabs of C0, DEL and C1; the marks of direction, which are among those of format; U+2028 and
            // U+2029.
            case Character.CONTROL -> c != '\t';
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
