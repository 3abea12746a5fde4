package dev.serai.dialect.mapping;

import dev.serai.jsonata.JsonataToken;
import dev.serai.jsonata.JsonataToken.Kind;
import dev.serai.wire.event.EventForm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What can be wrong with a mapping that is JSONata: names that there are not or that it must not use, regular expressions out of
 * place, fields that events do not have. JSONata itself notices each when a record comes that gets there. Immutable.
 */
final class MappingRules {
    /** What may be given a regular expression: elsewhere nothing would bound how long it takes. */
    private static final Set<String> TAKE_REGEX = Set.of("match", "contains", "replace", "split");

    private final EventForm form;
    private final MappingNames names;

    /** @param position in the file, in characters from 0 */
    record Problem(int position, String what) {}

    /**
     * @param names that the mapping is given, functions and values
     * @param hasDigest whether there is a key for {@code $digest}
     */
    MappingRules(EventForm form, Set<String> names, boolean hasDigest) {
        this.form = form;
        this.names = new MappingNames(names, hasDigest);
    }

    /** In the order in which they stand in the file; empty if nothing is wrong. */
    List<Problem> problems(List<JsonataToken> tokens) {
        List<Problem> problems = new ArrayList<>();
        names.check(tokens, problems);
        checkRegexes(tokens, problems);
        checkFields(tokens, problems);
        problems.sort(Comparator.comparingInt(Problem::position));
        return problems;
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

    /** An object that has what every event must have is one: others may have fields of these names, too. */
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
                if (isEvent(keys)) {
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

    private static boolean isEvent(List<JsonataToken> keys) {
        return Stream.of(EventMaker.CONVERSATION, EventMaker.EVENT_ID)
                .allMatch(needed -> keys.stream().anyMatch(key -> key.text().equals(needed)));
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
