package dev.serai.cli;

import java.util.Locale;

/** How much the log says. */
enum LogLevel {
    ERROR("error"),
    WARN("warn"),
    INFO("warn"),
    DEBUG("warn"),
    TRACE("trace");

    private final String ofLibraries;

    LogLevel(String ofLibraries) {
        this.ofLibraries = ofLibraries;
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isForDebuggingLibraries() {
        return this == TRACE;
    }

    /** The level of Kafka, Camel and the other libraries: at debug what they say would bury what the service does. */
    String ofLibraries() {
        return ofLibraries;
    }
}
