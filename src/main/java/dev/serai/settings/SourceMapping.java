package dev.serai.settings;

import dev.serai.settings.EnrichmentSource.Shape;
import dev.serai.settings.PathTypes.HeldSecret;
import dev.serai.settings.SourceSettings.Policy;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** From the settings of a source to the record that the program reads. */
final class SourceMapping {
    private final SourceSettings source;
    private final ResolvedSettings settings;

    SourceMapping(SourceSettings source, ResolvedSettings settings) {
        this.source = source;
        this.settings = settings;
    }

    EnrichmentSource map() {
        return new EnrichmentSource(
                system(),
                settings.get(source.policy()) == Policy.REQUIRED,
                settings.get(source.timeout()),
                settings.get(source.maxConcurrent()),
                settings.get(source.cacheTtl()),
                settings.get(source.staleTtl()),
                settings.get(source.cacheEntries()),
                settings.get(source.breakerPause()),
                shape());
    }

    private EnrichmentSource.System system() {
        SystemSettings system = source.system();
        return switch (settings.get(source.type())) {
            case HTTP -> http(system.http());
            case SQL -> sql(system.sql());
            case KAFKA_TABLE -> new EnrichmentSource.System.KafkaTable(settings.get(system.topic()));
            case FILE ->
                new EnrichmentSource.System.File(
                        settings.get(system.file().path()),
                        settings.get(system.file().keyColumn()));
            case ROUTE -> new EnrichmentSource.System.Route(settings.get(system.route()));
        };
    }

    private EnrichmentSource.System http(SystemSettings.Http http) {
        return new EnrichmentSource.System.Http(
                settings.get(http.baseUrl()),
                settings.get(http.header()),
                secret(http.headerValue(), http.headerValueFile()),
                path(http.headerValueFile()),
                settings.find(http.trustStore()),
                settings.find(http.trustStorePassword()));
    }

    private EnrichmentSource.System sql(SystemSettings.Sql sql) {
        return new EnrichmentSource.System.Sql(
                settings.get(sql.jdbcUrl()),
                settings.find(sql.jdbcUser()),
                secret(sql.jdbcPassword(), sql.jdbcPasswordFile()),
                path(sql.jdbcPasswordFile()),
                settings.get(sql.query()));
    }

    private @Nullable Secret secret(Setting<Secret> itself, Setting<HeldSecret> inAFile) {
        HeldSecret file = settings.find(inAFile);
        return file != null ? file.secret() : settings.find(itself);
    }

    private @Nullable Path path(Setting<HeldSecret> inAFile) {
        HeldSecret file = settings.find(inAFile);
        return file == null ? null : file.path();
    }

    private Shape shape() {
        SourceSettings.Shape shape = source.shape();
        return new Shape(
                settings.find(shape.elementsField()),
                settings.get(shape.nameField()),
                settings.get(shape.descriptionField()),
                settings.get(shape.textField()),
                settings.find(shape.template()));
    }
}
