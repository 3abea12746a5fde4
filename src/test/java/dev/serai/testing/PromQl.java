package dev.serai.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads PromQL as far as alerts need it: operators, aggregations, functions, selectors, ranges, and whether each gets the
 * kind of value that it takes. For one expression and one thread.
 */
public final class PromQl {
    private static final Pattern TOKEN = Pattern.compile("\\s*("
            + "\\[[^\\]]*\\]|\"(?:[^\"\\\\]|\\\\.)*\"|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9]*\\.?[0-9]+(?:[eE][+-]?[0-9]+)?"
            + "|=~|!~|!=|==|>=|<=|[-+*/%^(){},=<>])");

    private static final Pattern RANGE = Pattern.compile("\\[(?:[0-9]+(?:ms|[smhdwy]))+\\]");
    private static final Set<String> AGGREGATIONS = Set.of("sum", "min", "max", "avg", "count", "group");
    private static final Set<String> OF_RANGES = Set.of(
            "rate",
            "irate",
            "increase",
            "delta",
            "changes",
            "resets",
            "avg_over_time",
            "max_over_time",
            "min_over_time",
            "sum_over_time",
            "count_over_time",
            "last_over_time",
            "present_over_time");
    private static final Set<String> OF_INSTANTS =
            Set.of("absent", "abs", "ceil", "floor", "round", "sgn", "clamp_min", "clamp_max");
    private static final List<Set<String>> OPERATORS = List.of(
            Set.of("or"),
            Set.of("and", "unless"),
            Set.of("==", "!=", ">", "<", ">=", "<="),
            Set.of("+", "-"),
            Set.of("*", "/", "%"),
            Set.of("^"));
    private static final Set<String> OF_SETS = Set.of("or", "and", "unless");

    private final String text;
    private final List<String> tokens = new ArrayList<>();
    private final List<Selector> selectors = new ArrayList<>();
    private int next;

    private enum Kind {
        SCALAR,
        INSTANT,
        RANGE
    }

    /**
     * Which series an expression looks at.
     *
     * @param name of the metric
     */
    public record Selector(String name, List<Match> matches, boolean range) {}

    /**
     * What a label must be.
     *
     * @param operator {@code =}, {@code !=}, {@code =~} or {@code !~}
     */
    public record Match(String label, String operator, String value) {
        /** The values that are named one by one. */
        public List<String> values() {
            return operator.endsWith("~") ? List.of(value.split("\\|", -1)) : List.of(value);
        }
    }

    /** The text is no PromQL, or not the part of it that is known here; the message says where. */
    public static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;

        SyntaxException(String message) {
            super(message);
        }
    }

    private PromQl(String text) {
        this.text = text;
    }

    /** The selectors of an expression that an alert can have. */
    public static List<Selector> selectors(String expression) throws SyntaxException {
        PromQl query = new PromQl(expression);
        query.tokenize();
        Kind kind = query.binary(0);
        if (query.next < query.tokens.size()) {
            throw query.wrong("an operator");
        }
        if (kind != Kind.INSTANT) {
            throw new SyntaxException(expression + ": an alert is of series, this is "
                    + kind.name().toLowerCase(Locale.ROOT));
        }
        return query.selectors;
    }

    private void tokenize() throws SyntaxException {
        Matcher matcher = TOKEN.matcher(text.strip());
        int end = 0;
        while (end < text.strip().length()) {
            if (!matcher.find(end) || matcher.start() != end) {
                throw new SyntaxException(text + ": nothing is known that begins with "
                        + text.strip().substring(end));
            }
            tokens.add(matcher.group(1));
            end = matcher.end();
        }
    }

    private Kind binary(int level) throws SyntaxException {
        if (level == OPERATORS.size()) {
            return primary();
        }
        Kind left = binary(level + 1);
        while (OPERATORS.get(level).contains(peek())) {
            String operator = take();
            Kind right = binary(level + 1);
            if (left == Kind.RANGE || right == Kind.RANGE) {
                throw new SyntaxException(text + ": " + operator + " takes no range");
            }
            if (OF_SETS.contains(operator) && (left == Kind.SCALAR || right == Kind.SCALAR)) {
                throw new SyntaxException(text + ": " + operator + " takes series on both sides");
            }
            left = left == Kind.INSTANT || right == Kind.INSTANT ? Kind.INSTANT : Kind.SCALAR;
        }
        return left;
    }

    private Kind primary() throws SyntaxException {
        String token = peek();
        if (token.equals("(")) {
            take();
            Kind inner = binary(0);
            expect(")");
            return inner;
        }
        if (token.matches("[0-9.].*")) {
            take();
            return Kind.SCALAR;
        }
        if (!token.matches("[a-zA-Z_:].*")) {
            throw wrong("a metric, a function, a number or (");
        }
        take();
        if (AGGREGATIONS.contains(token)) {
            return aggregation(token);
        }
        if (peek().equals("(")) {
            return function(token);
        }
        return selector(token);
    }

    private Kind aggregation(String name) throws SyntaxException {
        boolean grouped = grouping();
        requireArgument(name, Kind.INSTANT);
        if (!grouped) {
            grouping();
        }
        return Kind.INSTANT;
    }

    private boolean grouping() throws SyntaxException {
        if (!peek().equals("by") && !peek().equals("without")) {
            return false;
        }
        take();
        expect("(");
        label();
        while (peek().equals(",")) {
            take();
            label();
        }
        expect(")");
        return true;
    }

    private Kind function(String name) throws SyntaxException {
        if (OF_RANGES.contains(name)) {
            requireArgument(name, Kind.RANGE);
        } else if (OF_INSTANTS.contains(name)) {
            requireArgument(name, Kind.INSTANT);
        } else {
            throw new SyntaxException(text + ": there is no function " + name + " that is known here");
        }
        return Kind.INSTANT;
    }

    private void requireArgument(String name, Kind wanted) throws SyntaxException {
        expect("(");
        Kind kind = binary(0);
        if (kind != wanted) {
            throw new SyntaxException(
                    text + ": " + name + " takes a " + wanted.name().toLowerCase(Locale.ROOT) + ", this is a "
                            + kind.name().toLowerCase(Locale.ROOT));
        }
        while (peek().equals(",")) {
            take();
            if (binary(0) != Kind.SCALAR) {
                throw new SyntaxException(text + ": " + name + " takes one series");
            }
        }
        expect(")");
    }

    private Kind selector(String name) throws SyntaxException {
        List<Match> matches = new ArrayList<>();
        if (peek().equals("{")) {
            take();
            while (!peek().equals("}")) {
                matches.add(match());
                if (!peek().equals("}")) {
                    expect(",");
                }
            }
            expect("}");
        }
        boolean range = peek().startsWith("[");
        if (range && !RANGE.matcher(take()).matches()) {
            throw new SyntaxException(text + ": no duration in the range after " + name);
        }
        selectors.add(new Selector(name, matches, range));
        return range ? Kind.RANGE : Kind.INSTANT;
    }

    private Match match() throws SyntaxException {
        String label = label();
        String operator = take();
        if (!Set.of("=", "!=", "=~", "!~").contains(operator)) {
            next--;
            throw wrong("=, !=, =~ or !~");
        }
        String value = take();
        if (!value.startsWith("\"")) {
            next--;
            throw wrong("a text in quotes");
        }
        return new Match(label, operator, value.substring(1, value.length() - 1));
    }

    private String label() throws SyntaxException {
        if (!peek().matches("[a-zA-Z_][a-zA-Z0-9_]*")) {
            throw wrong("a label");
        }
        return take();
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    private String take() {
        String token = peek();
        next++;
        return token;
    }

    private void expect(String token) throws SyntaxException {
        if (!peek().equals(token)) {
            throw wrong(token);
        }
        take();
    }

    private SyntaxException wrong(String wanted) {
        String found = peek();
        return new SyntaxException(
                text + ": " + wanted + " is wanted " + (found.isEmpty() ? "at the end" : "in place of " + found));
    }
}
