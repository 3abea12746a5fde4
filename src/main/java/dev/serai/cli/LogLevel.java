package dev.serai.cli;

/** How much the log says. */
enum LogLevel {
    ERROR("error"),
    WARN("warn"),
    INFO("warn"),
    DEBUG("debug"),
    TRACE("trace");

    private final String ofLibraries;

    LogLevel(String ofLibraries) {
        this.ofLibraries = ofLibraries;
    }

    boolean isForDebugging() {
        return this == DEBUG || this == TRACE;
    }

    /** The level of Kafka, Camel and the other libraries: what they say at info matters only when debugging. */
    String ofLibraries() {
        return ofLibraries;
    }
}
