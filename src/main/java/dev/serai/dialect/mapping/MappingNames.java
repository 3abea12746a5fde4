package dev.serai.dialect.mapping;

import dev.serai.jsonata.JsonataToken;
import dev.serai.jsonata.JsonataToken.Kind;
import dev.serai.wire.NearestNames;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which functions and values a mapping may name: those that it is given, and the library's but for some. Immutable. */
final class MappingNames {
    /** Of the library; what a mapping must not use is left out. */
    private static final Set<String> FUNCTIONS = Set.of(
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

    /** The library's own names for what looks at each step. */
    private static final String OF_LIBRARY = "__";

    private static final String DIGEST = "digest";
    private static final String HAS_DIGEST = "has_digest";

    private final Set<String> known;
    private final boolean hasDigest;

    /**
     * @param given functions and values
     * @param hasDigest whether there is a key for {@code $digest}
     */
    MappingNames(Set<String> given, boolean hasDigest) {
        known = Stream.concat(FUNCTIONS.stream(), given.stream()).collect(Collectors.toUnmodifiableSet());
        this.hasDigest = hasDigest;
    }

    /** Adds what is wrong with the names that are used, or defined. */
    void check(List<JsonataToken> tokens, List<MappingRules.Problem> problems) {
        Set<String> defined = defined(tokens);
        boolean asksForDigest = tokens.stream().anyMatch(token -> isVariable(token, HAS_DIGEST));
        for (JsonataToken token : tokens) {
            String name = token.text();
            if (token.kind() != Kind.VARIABLE || name.isEmpty() || name.equals("$") || defined.contains(name)) {
                continue;
            }
            if (REFUSED.containsKey(name)) {
                problems.add(new MappingRules.Problem(token.position(), REFUSED.get(name)));
            } else if (name.equals(DIGEST) && !hasDigest && !asksForDigest) {
                problems.add(new MappingRules.Problem(
                        token.position(),
                        "$digest needs the intake's digest-key-file; a mapping that works without one, too, asks"
                                + " $has_digest, or uses $person"));
            } else if (!known.contains(name)) {
                problems.add(new MappingRules.Problem(
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
                .forEach(token -> problems.add(new MappingRules.Problem(
                        token.position(), "names that begin with " + OF_LIBRARY + " are taken")));
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
                name, Stream.concat(known.stream(), defined.stream()).toList());
    }
}
