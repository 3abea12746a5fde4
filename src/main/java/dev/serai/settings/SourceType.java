package dev.serai.settings;

/** What an {@link EnrichmentSource} asks, as its {@code type} is written. */
enum SourceType {
    HTTP,
    SQL,
    KAFKA_TABLE,
    FILE,
    ROUTE
}
