package dev.serai.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Rules of the sources that enrich events. A rule is silent about values that are missing or wrong by themselves. */
final class SourceRules {
    private final ResolvedSettings settings;
    private final PairRules pairs;
    private final List<String> problems;
    private final List<String> warnings;

    SourceRules(ResolvedSettings settings, PairRules pairs, List<String> problems, List<String> warnings) {
        this.settings = settings;
        this.pairs = pairs;
        this.problems = problems;
        this.warnings = warnings;
    }

    void check() {
        new SourceNameRules(settings, problems, warnings).check();
        for (SettingsGroup source : settings.members("sources")) {
            SourceType type = source.find("type", SourceType.class);
            if (type != null) {
                checkSystem(source, type);
            }
        }
    }

    private void checkSystem(SettingsGroup source, SourceType type) {
        switch (type) {
            case HTTP -> checkHttp(source);
            case SQL -> checkSql(source);
            case KAFKA_TABLE -> pairs.ownTopics().forEach(own -> pairs.mustDiffer(source.key("topic"), own));
            case FILE -> checkFile(source);
            case ROUTE -> {}
        }
    }

    private void checkHttp(SettingsGroup source) {
        boolean sendsHeader = source.isSet("header-value") || source.isSet("header-value-file");
        if (source.isSet("header") && !sendsHeader) {
            warnings.add(source.named("header") + " has no effect without a value: set "
                    + source.variable("header-value") + " or " + source.key("header-value-file") + ", or remove it");
        }
        URI url = source.find("base-url", URI.class);
        if (url != null && sendsHeader && Addresses.isUnencrypted(url)) {
            warnings.add(source.key("base-url") + " is " + source.quoted("base-url")
                    + ": the header's value travels unencrypted: use https");
        }
    }

    private void checkSql(SettingsGroup source) {
        String url = source.find("jdbc-url", String.class);
        if (url != null && SqlTypes.leavesEncryptionOpen(url)) {
            warnings.add(source.key("jdbc-url") + " is " + source.quoted("jdbc-url")
                    + ": without sslmode the connection may be unencrypted, and the server is not verified: add"
                    + " sslmode=verify-full");
        }
        String query = source.find("query", String.class);
        if (query != null && !SqlTypes.usesTheReference(query)) {
            warnings.add(source.key("query") + " is " + source.quoted("query")
                    + ": without :#reference in it every event gets the same answer");
        }
    }

    private void checkFile(SettingsGroup source) {
        Path path = source.find("path", Path.class);
        if (path != null && !PathTypes.isCsv(path) && source.isSet("key-column")) {
            problems.add(source.named("key-column")
                    + " has no effect for a JSON file: remove it, or name a CSV file in " + source.named("path"));
        }
    }
}
