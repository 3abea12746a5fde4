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

    /** How many warnings and errors Kafka's clients may log each second, after a first few: all of them when debugging. */
    String rateOfKafkaClients() {
        return this == DEBUG || this == TRACE ? "1000" : "0.2";
    }

    /** The level of Kafka, Camel and the other libraries: what they say at info matters only when debugging. */
    String ofLibraries() {
        return ofLibraries;
    }
}
