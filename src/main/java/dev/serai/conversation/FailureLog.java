package dev.serai.conversation;

import dev.serai.route.FailedStep;
import dev.serai.route.FailureText;
import org.apache.camel.CamelContext;
import org.apache.camel.LoggingLevel;
import org.apache.camel.model.Model;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.spi.CamelLogger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the error handlers of routes say: in place of Camel's message history and stack trace, with headers in it, one line
 * that names file, route and step; the stack trace at debug. Thread-safe.
 */
public final class FailureLog extends CamelLogger {
    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private FailureLog() {
        super(LOG, LoggingLevel.ERROR);
    }

    /** For routes that name no error handler. Before they are loaded. */
    public static void install(CamelContext context) {
        DefaultErrorHandlerDefinition handler = new DefaultErrorHandlerDefinition();
        speakThrough(handler);
        context.getCamelContextExtension().setErrorHandlerFactory(handler);
    }

    /** For routes that have one of their own. Once they are loaded, and before they are started. */
    public static void installInRoutes(CamelContext context) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition route : model.getRouteDefinitions()) {
            if (route.getErrorHandlerFactory() instanceof DefaultErrorHandlerDefinition handler
                    && handler.getLoggerRef() == null) {
                speakThrough(handler);
            }
        }
    }

    private static void speakThrough(DefaultErrorHandlerDefinition handler) {
        handler.setLoggerBean(new FailureLog());
        if (handler.getRedeliveryPolicyRef() == null) {
            if (!handler.hasRedeliveryPolicy()) {
                handler.setRedeliveryPolicy(new RedeliveryPolicyDefinition());
            }
            RedeliveryPolicyDefinition policy = handler.getRedeliveryPolicy();
            if (policy.getLogExhaustedMessageHistory() == null) {
                policy.setLogExhaustedMessageHistory("false");
            }
        }
    }

    @Override
    public void log(String message, Throwable failure) {
        log(message, failure, getLevel());
    }

    /** @param failure null where Camel has none to tell */
    @Override
    public void log(String message, @Nullable Throwable failure, LoggingLevel level) {
        if (failure == null) {
            log(LOG, level, message);
            return;
        }
        Throwable root = FailureText.root(failure);
        String place = FailedStep.of(failure).orElse("a route");
        String within = root == failure ? "" : " (in a " + failure.getClass().getSimpleName() + ")";
        log(LOG, level, "Failed in " + place + ", and no error handler takes it: " + FailureText.of(failure) + within);
        LOG.debug("Failed in {}", place, failure);
    }

    /** Not by way of the level that all share: failures are told on many threads. */
    @Override
    public void log(String message, LoggingLevel level) {
        log(LOG, level, message);
    }
}
