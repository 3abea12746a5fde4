package dev.serai.cli;

import dev.serai.observe.LogFields;
import dev.serai.wire.KnownSecrets;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Logs what the tests of the log look at. */
final class LogSample {
    static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl-_x";

    static final String SESSION_ID = "5f0c2a1e-77b3-4c52-9d0e-1b6f3a8c4e2d";
    static final String API_KEY = "sk-live-9aF3kLm2Qx7ZtB4w";

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
        MDC.put(LogFields.REQUEST_TRACE_ID, "req_0a1b2c");
        serai.info("with all");
        MDC.remove(LogFields.REQUEST_TRACE_ID);
        MDC.put(LogFields.CONVERSATION_KEY, "mallory\nforged in the context");
        serai.info("with a break\nforged in the message");
        MDC.put(LogFields.EVENT_ID, "\u001b[31mred\u009b1m\u2028\u202ecba");
        serai.info("steering \u001b]0;title\u0007 \u2029 \u2067 \u0085 \u007f end");
        MDC.clear();
        KnownSecrets.OF_PROCESS.addHandedOut(SESSION_ID);
        KnownSecrets.OF_PROCESS.addKey(API_KEY);
        serai.info("known of {} and {}", SESSION_ID.toUpperCase(Locale.ROOT), API_KEY);
        serai.info("a room at wss://rooms.example/ws/{}?x=1", SESSION_ID);
        serai.info("named {\"sessionId\": \"abc-1\"}, Session-Id: abc-2, sid=abc-3");
        serai.warn("broken", new IllegalStateException("line\nforged by an exception\u001b[2J of " + SESSION_ID));
        LoggerFactory.getLogger("org.apache.camel.impl.engine.Any")
                .warn("Configured property: additionalProperties with value: {sasl.jaas.config=org.apache.kafka.common"
                        + ".security.plain.PlainLoginModule required username=\"u\" password=\"plain text\";, a=b}");
        LoggerFactory.getLogger("org.apache.camel.impl.engine.IntrospectionSupport")
                .trace("everything that is set");
        serai.info("token {} in a message", TOKEN);
        serai.error("failed", new IllegalStateException("token " + TOKEN, new RuntimeException("cause " + TOKEN)));

        LoggerFactory.getLogger("tap").info("a log step of a route");
        Logger library = LoggerFactory.getLogger("org.apache.camel.Sample");
        library.info("library at info");
        library.warn("library at warn");
        LoggerFactory.getLogger("org.apache.hc.client5.http.wire").error("wire X-API-Key: secret");
        LoggerFactory.getLogger("org.apache.hc.client5.http.headers").error("headers X-API-Key: secret");
        LoggerFactory.getLogger("org.apache.hc.client5.http.impl.io.LenientHttpResponseParser")
                .error("Garbage in response: X-API-Key: secret");
        LoggerFactory.getLogger("org.apache.hc.client5.http.protocol.ResponseProcessCookies")
                .error("Invalid cookie header: X-API-Key: secret");
        Logger controller = LoggerFactory.getLogger("org.apache.kafka.controller.EventPerformanceMonitor");
        controller.error(
                "[QuorumController id=1] Exceptionally slow controller event completeActivation[1](1213307356) took"
                        + " 2556 ms.");
        Logger replication = LoggerFactory.getLogger("org.apache.kafka.controller.ReplicationControlManager");
        replication.error(
                "[QuorumController id=1] processExpiredBrokerHeartbeat: controller event queue overloaded. Timed out"
                        + " heartbeat from broker 1.");
        replication.error("[QuorumController id=1] another trouble of the controller");
        Logger replicas = LoggerFactory.getLogger("kafka.server.ReplicaManager");
        replicas.error(
                "[ReplicaManager broker=1] Error processing append operation on partition fFi7MyMLQ:conversation.replies-1",
                new IllegalStateException("Invalid sequence number"));
        replicas.error("[ReplicaManager broker=1] another trouble of the broker");
        LoggerFactory.getLogger("org.apache.kafka.controller.QuorumController")
                .error("Encountered fatal fault: cannot start");
        java.util.logging.Logger.getLogger("io.vertx.Sample").warning("through java.util.logging");
    }
}
