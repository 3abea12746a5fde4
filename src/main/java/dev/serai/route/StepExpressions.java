package dev.serai.route;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.NamedNode;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.HasExpressionType;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.OnCompletionDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.SetHeadersDefinition;
import org.apache.camel.model.SetVariablesDefinition;
import org.apache.camel.model.ThrottleDefinition;
import org.apache.camel.model.ThrowExceptionDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.SimpleExpression;
import org.jspecify.annotations.Nullable;

/** The expressions and conditions of a step. */
final class StepExpressions {
    private StepExpressions() {}

    /** All that the step has itself; those of steps inside it are theirs. */
    static List<ExpressionDefinition> of(NamedNode step) {
        return switch (step) {
            case OnExceptionDefinition policy ->
                types(policy.getOnWhen(), policy.getRetryWhile(), policy.getHandled(), policy.getContinued())
                        .toList();
            case OnCompletionDefinition completion ->
                types(completion.getOnWhen()).toList();
            case CatchDefinition caught -> types(caught.getOnWhen()).toList();
            case AggregateDefinition aggregate ->
                Stream.concat(
                                types(
                                        aggregate.getCorrelationExpression(),
                                        aggregate.getCompletionPredicate(),
                                        aggregate.getCompletionTimeoutExpression(),
                                        aggregate.getCompletionSizeExpression()),
                                Stream.ofNullable(aggregate.getExpression()))
                        .distinct()
                        .toList();
            case ThrottleDefinition throttle ->
                types(throttle, throttle.getCorrelationExpression()).toList();
            case SetHeadersDefinition headers ->
                types(headers.getHeaders().toArray(HasExpressionType[]::new)).toList();
            case SetVariablesDefinition variables ->
                types(variables.getVariables().toArray(HasExpressionType[]::new))
                        .toList();
            case HasExpressionType withExpression -> types(withExpression).toList();
            default -> List.of();
        };
    }

    /** Its texts in the simple language, such as those of {@code log}; of a placeholder as it stands there. */
    static List<String> simple(NamedNode step) {
        Stream<@Nullable String> texts =
                switch (step) {
                    case LogDefinition log -> Stream.of(log.getMessage(), log.getLogName());
                    case ThrowExceptionDefinition thrown -> Stream.of(thrown.getMessage());
                    case ToDynamicDefinition computed -> Stream.of(computed.getUri());
                    default -> of(step).stream().map(StepExpressions::simpleText);
                };
        return texts.filter(Objects::nonNull).toList();
    }

    private static @Nullable String simpleText(ExpressionDefinition expression) {
        // A wrapper names the one that it was made of.
        ExpressionDefinition made = expression.getExpressionType();
        if (made != null) {
            return simpleText(made);
        }
        return expression instanceof SimpleExpression ? expression.getExpression() : null;
    }

    private static Stream<ExpressionDefinition> types(@Nullable HasExpressionType... all) {
        return Arrays.stream(all)
                .filter(Objects::nonNull)
                .map(HasExpressionType::getExpressionType)
                .filter(Objects::nonNull);
    }
}
