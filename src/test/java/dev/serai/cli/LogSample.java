package dev.serai.cli;

import dev.serai.observe.LogFields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Logs what the tests of the log look at. */
final class LogSample {
    static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl-_x";

    private LogSample() {}

    public static void main(String[] arguments) {
        LogSetup.routeJavaUtilLogging();
        LogSetup.apply(LogLevel.valueOf(arguments[0]), LogFormat.valueOf(arguments[1]));

        Logger serai = LoggerFactory.getLogger("dev.serai.sample.Sample");
        serai.info("without context");
        serai.debug("a detail");
        MDC.put(LogFields.EVENT_ID, "event-1");
        serai.info("with an event");
        MDC.put(LogFields.CONVERSATION_KEY, "alice");
        serai.info("with both");
        MDC.put(LogFields.CONVERSATION_KEY, "mallory\nforged in the context");
        serai.info("with a break\nforged in the message");
        MDC.clear();
        serai.info("token {} in a message", TOKEN);
        serai.error("failed", new IllegalStateException("token " + TOKEN, new RuntimeException("cause " + TOKEN)));

        Logger library = LoggerFactory.getLogger("org.apache.camel.Sample");
        library.info("library at info");
        library.warn("library at warn");
        LoggerFactory.getLogger("org.apache.hc.client5.http.wire").error("wire X-API-Key: secret");
        LoggerFactory.getLogger("org.apache.hc.client5.http.headers").error("headers X-API-Key: secret");
        LoggerFactory.getLogger("org.apache.hc.client5.http.impl.io.LenientHttpResponseParser")
                .error("Garbage in response: X-API-Key: secret");
        LoggerFactory.getLogger("org.apache.hc.client5.http.protocol.ResponseProcessCookies")
                .error("Invalid cookie header: X-API-Key: secret");
        java.util.logging.Logger.getLogger("io.vertx.Sample").warning("through java.util.logging");
    }
}
