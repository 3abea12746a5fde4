package dev.serai.jsonata;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A token of an expression, for checks that need no tree: the library's is its own.
 *
 * @param text as it is written; of texts and names in quotes what is in them, with its escapes
 * @param position of its first character, from 0
 */
public record JsonataToken(Kind kind, String text, int position) {
    /** What a token is. */
    public enum Kind {
        /** A field's name, or a word such as {@code and} and {@code function}. */
        NAME,
        /** A variable or a function; the text is without the dollar, and empty for {@code $}. */
        VARIABLE,
        STRING,
        NUMBER,
        REGEX,
        OPERATOR
    }

    private static final Set<String> DOUBLE = Set.of("..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??");

    private static final Set<String> WORD_OPERATORS = Set.of("and", "or", "in");
    private static final Set<String> CLOSING = Set.of(")", "]", "}");
    private static final String SINGLE = ".[]{}(),@#;:?+-*/%|=<>^&!~";
    private static final String BLANKS = " \t\n\r";

    /** The tokens of an expression that {@link JsonataExpression#parse} takes. */
    public static List<JsonataToken> of(String expression) {
        return new Scanner(expression).all();
    }

    public boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /** Whether a value can end with it, so that a slash behind it divides. */
    private boolean endsValue() {
        return switch (kind) {
            case OPERATOR -> CLOSING.contains(text);
            case NAME -> !WORD_OPERATORS.contains(text);
            case VARIABLE, STRING, NUMBER, REGEX -> true;
        };
    }

    private static final class Scanner {
        private final String text;
        private final List<JsonataToken> tokens = new ArrayList<>();
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        List<JsonataToken> all() {
            while (at < text.length()) {
                char next = text.charAt(at);
                if (BLANKS.indexOf(next) >= 0) {
                    at++;
                } else if (text.startsWith("/*", at)) {
                    int end = text.indexOf("*/", at + 2);
                    at = end < 0 ? text.length() : end + 2;
                } else if (next == '"' || next == '\'' || next == '`') {
                    quoted(next);
                } else if (next == '/' && (tokens.isEmpty() || !tokens.getLast().endsValue())) {
                    regex();
                } else if (SINGLE.indexOf(next) >= 0) {
                    boolean isDouble = at + 1 < text.length() && DOUBLE.contains(text.substring(at, at + 2));
                    add(Kind.OPERATOR, at + (isDouble ? 2 : 1), at);
                } else {
                    word();
                }
            }
            return tokens;
        }

        private void quoted(char quote) {
            int end = at + 1;
            while (end < text.length() && text.charAt(end) != quote) {
                end += text.charAt(end) == '\\' && quote != '`' ? 2 : 1;
            }
            end = Math.min(end, text.length());
            tokens.add(new JsonataToken(quote == '`' ? Kind.NAME : Kind.STRING, text.substring(at + 1, end), at));
            at = end + 1;
        }

        /** Ends as the library sees it: at a slash that is in no brackets and has no backslash before it. */
        private void regex() {
            int begin = at;
            int depth = 0;
            at++;
            while (at < text.length() && !(text.charAt(at) == '/' && depth == 0)) {
                char next = text.charAt(at);
                if (next == '\\') {
                    at++;
                } else if ("([{".indexOf(next) >= 0) {
                    depth++;
                } else if (")]}".indexOf(next) >= 0) {
                    depth--;
                }
                at++;
            }
            at++;
            while (at < text.length() && "im".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            add(Kind.REGEX, Math.min(at, text.length()), begin);
        }

        private void word() {
            int end = at + 1;
            while (end < text.length()
                    && BLANKS.indexOf(text.charAt(end)) < 0
                    && !(SINGLE.indexOf(text.charAt(end)) >= 0 && !isPointOfNumber(end))) {
                end++;
            }
            String word = text.substring(at, end);
            if (word.startsWith("$")) {
                tokens.add(new JsonataToken(Kind.VARIABLE, word.substring(1), at));
                at = end;
            } else {
                add(Character.isDigit(word.charAt(0)) ? Kind.NUMBER : Kind.NAME, end, at);
            }
        }

        private boolean isPointOfNumber(int position) {
            return text.charAt(position) == '.'
                    && Character.isDigit(text.charAt(at))
                    && position + 1 < text.length()
                    && Character.isDigit(text.charAt(position + 1));
        }

        private void add(Kind kind, int end, int begin) {
            tokens.add(new JsonataToken(kind, text.substring(begin, end), begin));
            at = end;
        }
    }
}
