package dev.serai.route;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.MethodCallExpression;
import org.apache.commons.lang3.exception.ExceptionUtils;

/**
 * Each expression of the routes must be one that its language can read. Camel itself stops at the first that is not, and
 * does not name a step that is inside another. Stateless.
 */
public final class ExpressionRules {
    /**
     * Looks at all routes that are loaded, before they start. What a method's bean is, {@link ReferenceRules} looks at.
     *
     * @return each names its route, file and step, and what is wrong; empty if nothing is
     * @throws UnusableEndpointException if a URI names a setting that there is none of
     */
    public List<String> mistakes(CamelContext context) {
        Set<String> mistakes = new LinkedHashSet<>();
        for (LoadedRoute route : LoadedRoute.all(context)) {
            context.getPropertiesComponent().setLocalProperties(route.parameters());
            try {
                for (LoadedRoute.Step step : route.steps()) {
                    StepExpressions.of(step.definition())
                            .forEach(expression -> make(context, expression, step.place(), mistakes));
                }
            } finally {
                context.getPropertiesComponent().setLocalProperties(null);
            }
        }
        return List.copyOf(mistakes);
    }

    private static void make(
            CamelContext context, ExpressionDefinition expression, String place, Set<String> mistakes) {
        // A wrapper names the one that it was made of; Java code has no text.
        if (expression.getExpressionType() != null) {
            make(context, expression.getExpressionType(), place, mistakes);
            return;
        }
        if (expression instanceof MethodCallExpression
                || expression.getExpressionValue() != null
                || expression.getPredicate() != null) {
            return;
        }
        try {
            expression.createExpression(context);
        } catch (RuntimeException e) {
            mistakes.add(place + ": " + RouteFailures.reason(ExceptionUtils.getRootCause(e)));
        }
    }
}
