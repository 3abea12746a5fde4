package dev.serai.dialect.mapping;

import dev.serai.jsonata.JsonataToken;
import dev.serai.jsonata.JsonataToken.Kind;
import dev.serai.wire.NearestNames;
import dev.serai.wire.event.EventForm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What can be wrong with a mapping that is JSONata: names that there are not, functions that a mapping must not use, fields
 * that events do not have. JSONata itself notices each when a record comes that gets there. Immutable.
 */
final class MappingRules {
    /** Of the library; what a mapping must not use is left out. */
    static final Set<String> FUNCTIONS = Set.of(
            "sum",
            "count",
            "max",
            "min",
            "average",
            "string",
            "substring",
            "substringBefore",
            "substringAfter",
            "lowercase",
            "uppercase",
            "length",
            "trim",
            "pad",
            "match",
            "contains",
            "replace",
            "split",
            "join",
            "formatNumber",
            "formatBase",
            "formatInteger",
            "parseInteger",
            "number",
            "floor",
            "ceil",
            "round",
            "abs",
            "sqrt",
            "power",
            "boolean",
            "not",
            "map",
            "zip",
            "filter",
            "single",
            "reduce",
            "sift",
            "keys",
            "lookup",
            "append",
            "exists",
            "spread",
            "merge",
            "reverse",
            "each",
            "error",
            "assert",
            "type",
            "sort",
            "distinct",
            "base64encode",
            "base64decode",
            "encodeUrlComponent",
            "encodeUrl",
            "decodeUrlComponent",
            "decodeUrl",
            "toMillis",
            "fromMillis",
            "clone");

    private static final String NOT_AGAIN =
            ", and the same record must become the same event when it is delivered again";

    /** And why. */
    private static final Map<String, String> REFUSED = Map.of(
            "eval", "$eval makes an expression of a text that may come with a record, which is not allowed",
            "now", "$now is another time each time" + NOT_AGAIN + ": use $timestamp, the record's time",
            "millis", "$millis is another time each time" + NOT_AGAIN + ": use $timestamp, the record's time",
            "random", "$random is another number each time" + NOT_AGAIN,
            "shuffle", "$shuffle gives another order each time" + NOT_AGAIN);

    /** What may be given a regular expression: elsewhere nothing would bound how long it takes. */
    private static final Set<String> TAKE_REGEX = Set.of("match", "contains", "replace", "split");

    /** The library's own names for what looks at each step. */
    private static final String OF_LIBRARY = "__";

    private static final String DIGEST = "digest";
    private static final String HAS_DIGEST = "has_digest";

    private final EventForm form;
    private final Set<String> names;
    private final boolean hasDigest;

    /** @param position in the file, in characters from 0 */
    record Problem(int position, String what) {}

    /**
     * @param names that the mapping is given, functions and values
     * @param hasDigest whether there is a key for {@code $digest}
     */
    MappingRules(EventForm form, Set<String> names, boolean hasDigest) {
        this.form = form;
        this.names = Stream.concat(FUNCTIONS.stream(), names.stream()).collect(Collectors.toUnmodifiableSet());
        this.hasDigest = hasDigest;
    }

    /** In the order in which they stand in the file; empty if nothing is wrong. */
    List<Problem> problems(List<JsonataToken> tokens) {
        List<Problem> problems = new ArrayList<>();
        checkNames(tokens, problems);
        checkRegexes(tokens, problems);
        checkFields(tokens, problems);
        problems.sort(Comparator.comparingInt(Problem::position));
        return problems;
    }

    private void checkNames(List<JsonataToken> tokens, List<Problem> problems) {
        Set<String> defined = defined(tokens);
        boolean asksForDigest = tokens.stream().anyMatch(token -> isVariable(token, HAS_DIGEST));
        for (JsonataToken token : tokens) {
            String name = token.text();
            if (token.kind() != Kind.VARIABLE || name.isEmpty() || name.equals("$") || defined.contains(name)) {
                continue;
            }
            if (REFUSED.containsKey(name)) {
                problems.add(new Problem(token.position(), REFUSED.get(name)));
            } else if (name.equals(DIGEST) && !hasDigest && !asksForDigest) {
                problems.add(new Problem(
                        token.position(),
                        "$digest needs the intake's digest-key-file; a mapping that works without one, too, asks"
                                + " $has_digest, or uses $person"));
            } else if (!names.contains(name)) {
                problems.add(new Problem(
                        token.position(),
                        "there is no $" + name
                                + nearest(name, defined)
                                        .map(near -> ", did you mean $" + near + "?")
                                        .orElse("")));
            }
        }
        tokens.stream()
                .filter(token -> token.kind() == Kind.VARIABLE && token.text().startsWith(OF_LIBRARY))
                .filter(token -> defined.contains(token.text()))
                .forEach(token -> problems.add(
                        new Problem(token.position(), "names that begin with " + OF_LIBRARY + " are taken")));
    }

    /** Assigned with {@code :=}, bound with {@code @} or {@code #}, or a parameter. */
    private static Set<String> defined(List<JsonataToken> tokens) {
        Set<String> defined = new HashSet<>();
        boolean inParameters = false;
        for (int i = 0; i < tokens.size(); i++) {
            JsonataToken token = tokens.get(i);
            if (i > 0 && token.isOperator("(") && isFunctionWord(tokens.get(i - 1))) {
                inParameters = true;
            } else if (token.isOperator(")")) {
                inParameters = false;
            } else if (token.kind() == Kind.VARIABLE) {
                boolean isBound = i > 0
                        && (tokens.get(i - 1).isOperator("@")
                                || tokens.get(i - 1).isOperator("#"));
                boolean isAssigned = i + 1 < tokens.size() && tokens.get(i + 1).isOperator(":=");
                if (inParameters || isBound || isAssigned) {
                    defined.add(token.text());
                }
            }
        }
        return defined;
    }

    private static boolean isFunctionWord(JsonataToken token) {
        return token.kind() == Kind.NAME
                && (token.text().equals("function") || token.text().equals("λ"));
    }

    private static boolean isVariable(JsonataToken token, String name) {
        return token.kind() == Kind.VARIABLE && token.text().equals(name);
    }

    private Optional<String> nearest(String name, Set<String> defined) {
        return NearestNames.nearest(
                name, Stream.concat(names.stream(), defined.stream()).toList());
    }

    private static void checkRegexes(List<JsonataToken> tokens, List<Problem> problems) {
        Deque<String> calls = new ArrayDeque<>();
        for (int i = 0; i < tokens.size(); i++) {
            JsonataToken token = tokens.get(i);
            if (token.isOperator("(") || token.isOperator("[") || token.isOperator("{")) {
                boolean isCall =
                        token.isOperator("(") && i > 0 && tokens.get(i - 1).kind() == Kind.VARIABLE;
                calls.push(isCall ? tokens.get(i - 1).text() : "");
            } else if (token.isOperator(")") || token.isOperator("]") || token.isOperator("}")) {
                calls.poll();
            } else if (token.kind() == Kind.REGEX && !isArgument(tokens, i, calls.peek())) {
                problems.add(new Problem(
                        token.position(),
                        "a regular expression can only be an argument of $match, $contains, $replace or $split"));
            }
        }
    }

    private static boolean isArgument(List<JsonataToken> tokens, int index, @Nullable String call) {
        return call != null
                && TAKE_REGEX.contains(call)
                && (tokens.get(index - 1).isOperator(",")
                        || tokens.get(index - 1).isOperator("("))
                && index + 1 < tokens.size()
                && (tokens.get(index + 1).isOperator(",")
                        || tokens.get(index + 1).isOperator(")"));
    }

    /** An object that names its conversation is an event. */
    private void checkFields(List<JsonataToken> tokens, List<Problem> problems) {
        Deque<List<JsonataToken>> objects = new ArrayDeque<>();
        Deque<String> brackets = new ArrayDeque<>();
        for (int i = 0; i < tokens.size(); i++) {
            JsonataToken token = tokens.get(i);
            if (token.isOperator("{")) {
                objects.push(new ArrayList<>());
                brackets.push("{");
            } else if (token.isOperator("(") || token.isOperator("[")) {
                brackets.push(token.text());
            } else if (token.isOperator("}")) {
                brackets.poll();
                List<JsonataToken> keys = objects.isEmpty() ? List.of() : objects.pop();
                if (keys.stream().anyMatch(key -> key.text().equals(EventMaker.CONVERSATION))) {
                    keys.stream()
                            .filter(key -> !form.hasField(key.text()) && !EventMaker.OWN_FIELDS.contains(key.text()))
                            .forEach(key -> problems.add(new Problem(key.position(), noField(key.text()))));
                }
            } else if (token.isOperator(")") || token.isOperator("]")) {
                brackets.poll();
            } else if (isKey(tokens, i) && "{".equals(brackets.peek())) {
                objects.element().add(token);
            }
        }
    }

    private static boolean isKey(List<JsonataToken> tokens, int index) {
        return tokens.get(index).kind() == Kind.STRING
                && index > 0
                && (tokens.get(index - 1).isOperator("{")
                        || tokens.get(index - 1).isOperator(","))
                && index + 1 < tokens.size()
                && tokens.get(index + 1).isOperator(":");
    }

    private String noField(String name) {
        return "events have no field \"" + name + "\""
                + form.suggestion(name)
                        .map(near -> ", did you mean \"" + near + "\"?")
                        .orElse("");
    }
}
