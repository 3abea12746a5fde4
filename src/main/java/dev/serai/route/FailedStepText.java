package dev.serai.route;

import org.apache.camel.Exchange;

/**
 * For what a route says in a {@code doCatch}: <code>${bean:failedStep}</code> is the file, the route and the step that failed,
 * and the exception's text, in one line. Stateless.
 */
public final class FailedStepText {
    /** What was caught, and where; empty if nothing was. */
    public String text(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (failure == null) {
            return "";
        }
        String message = failure.getMessage();
        return (FailedStep.of(failure).map(place -> place + ": ").orElse("")
                        + (message == null ? failure.getClass().getSimpleName() : message))
                .replaceAll("\\s*\\R\\s*", " ");
    }
}
