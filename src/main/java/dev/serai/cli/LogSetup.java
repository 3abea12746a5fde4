package dev.serai.cli;

import org.apache.logging.log4j.core.config.Configurator;

/** The log's level and format, set by the system properties that {@code log4j2.xml} reads. */
public final class LogSetup {
    private LogSetup() {}

    /**
     * Sends what libraries log through {@code java.util.logging} to the same log. To be called first of all: the JDK
     * chooses its log manager once, when something logs for the first time.
     */
    public static void routeJavaUtilLogging() {
        System.setProperty("java.util.logging.manager", "org.apache.logging.log4j.jul.LogManager");
    }

    /** Takes effect at once, for all threads and for loggers that exist already. */
    static void apply(LogLevel level, LogFormat format) {
        System.setProperty("serai.log.level", level.toString());
        System.setProperty("serai.log.level.libraries", level.ofLibraries());
        if (level.isForDebuggingLibraries()) {
            // What Kafka's clients say again and again; by default log4j2.xml lets a part of it through.
            System.setProperty("serai.log.rate.clients", "1000");
            System.setProperty("serai.log.rate.connections", "1000");
            System.setProperty("serai.log.rate.logins", "1000");
        }
        System.setProperty("serai.log.format", format.toString());
        Configurator.reconfigure();
    }
}
