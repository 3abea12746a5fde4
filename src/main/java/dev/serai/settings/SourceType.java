package dev.serai.settings;

/** What an {@link EnrichmentSource} asks; each has its record in {@link EnrichmentSource.System}. */
public enum SourceType {
    HTTP,
    SQL,
    KAFKA_TABLE,
    FILE,
    ROUTE;

    /** As it is written in settings. */
    @Override
    public String toString() {
        return SettingTypes.nameOf(this);
    }
}
