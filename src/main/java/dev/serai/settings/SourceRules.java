package dev.serai.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Rules of the sources that enrich events. A rule is silent about values that are missing or wrong by themselves. */
final class SourceRules {
    private final ResolvedSettings settings;
    private final List<String> problems;
    private final List<String> warnings;
    private final PairRules pairs;

    SourceRules(ResolvedSettings settings, List<String> problems, List<String> warnings) {
        this.settings = settings;
        this.problems = problems;
        this.warnings = warnings;
        this.pairs = new PairRules(settings, problems);
    }

    void check() {
        new SourceNameRules(settings, problems, warnings).check();
        for (SourceSettings source : settings.members(SourceSettings.FAMILY)) {
            SourceType type = settings.find(source.type());
            if (type != null) {
                checkKeys(source, type);
                checkSystem(source.system(), type);
            } else if (!settings.isSet(source.type())) {
                reportNoType(source);
            }
        }
    }

    private void reportNoType(SourceSettings source) {
        String others =
                source.all().stream().filter(settings::isSet).map(this::named).collect(Collectors.joining(", "));
        problems.add(
                "source " + source.name() + " has no type: set " + source.type().key() + " to "
                        + source.type().type().bounds().replace("`", "") + ", or remove " + others);
    }

    /** The type's keys are there, and no others. */
    private void checkKeys(SourceSettings source, SourceType type) {
        String typeKey = source.type().key();
        for (Setting<?> needed : source.system().neededBy(type)) {
            if (!settings.isSet(needed)) {
                problems.add("source " + source.name() + " has no " + needed.key() + ", which type "
                        + SettingTypes.nameOf(type) + " needs: set it, or change " + named(source.type()));
            }
        }
        Arrays.stream(SourceType.values())
                .filter(other -> other != type)
                .flatMap(other -> source.system().of(other).stream())
                .filter(settings::isSet)
                .forEach(foreign -> problems.add(named(foreign) + " has no effect for a source of type "
                        + SettingTypes.nameOf(type) + ": remove it, or change " + typeKey));
    }

    private void checkSystem(SystemSettings system, SourceType type) {
        switch (type) {
            case HTTP -> checkHttp(system.http());
            case SQL -> checkSql(system.sql());
            case KAFKA_TABLE -> SettingsCatalog.TOPICS.forEach(own -> pairs.mustDiffer(system.topic(), own));
            case FILE -> checkFile(system.file());
            case ROUTE -> {}
        }
    }

    private void checkHttp(SystemSettings.Http http) {
        pairs.mustNotBothBeSet(http.headerValue(), http.headerValueFile());
        pairs.mustComeWith(http.trustStorePassword(), http.trustStore());
        boolean sendsHeader = settings.isSet(http.headerValue()) || settings.isSet(http.headerValueFile());
        if (settings.isSet(http.header()) && !sendsHeader) {
            warnings.add(named(http.header()) + " has no effect without a value: set "
                    + http.headerValue().environmentName() + " or "
                    + http.headerValueFile().key() + ", or remove it");
        }
        URI url = settings.find(http.baseUrl());
        if (url != null && sendsHeader && "http".equalsIgnoreCase(url.getScheme()) && !Addresses.isLoopback(url)) {
            warnings.add(http.baseUrl().key() + " is " + settings.quoted(http.baseUrl())
                    + ": the header's value travels unencrypted: use https");
        }
    }

    private void checkSql(SystemSettings.Sql sql) {
        pairs.mustNotBothBeSet(sql.jdbcPassword(), sql.jdbcPasswordFile());
        pairs.mustComeWith(sql.jdbcPassword(), sql.jdbcUser());
        pairs.mustComeWith(sql.jdbcPasswordFile(), sql.jdbcUser());
        String url = settings.find(sql.jdbcUrl());
        if (url != null && SqlTypes.leavesEncryptionOpen(url)) {
            warnings.add(sql.jdbcUrl().key() + " is " + settings.quoted(sql.jdbcUrl())
                    + ": without sslmode the connection may be unencrypted, and the server is not verified: add"
                    + " sslmode=verify-full");
        }
        String query = settings.find(sql.query());
        if (query != null && !SqlTypes.usesTheReference(query)) {
            warnings.add(sql.query().key() + " is " + settings.quoted(sql.query())
                    + ": without :#reference in it every event gets the same answer");
        }
    }

    private void checkFile(SystemSettings.File file) {
        Path path = settings.find(file.path());
        if (path != null && !PathTypes.isCsv(path) && settings.isSet(file.keyColumn())) {
            problems.add(named(file.keyColumn()) + " has no effect for a JSON file: remove it, or name a CSV file in "
                    + named(file.path()));
        }
    }

    private String named(Setting<?> setting) {
        return setting.key() + " (" + settings.origin(setting) + ")";
    }
}
