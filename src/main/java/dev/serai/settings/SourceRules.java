package dev.serai.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Rules of the sources that enrich events. A rule is silent about values that are missing or wrong by themselves. */
final class SourceRules {
    private static final String TYPE = "type";

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
            SourceType type = source.find(TYPE, SourceType.class);
            if (type != null) {
                checkKeys(source, type.toString());
                checkSystem(source, type);
            } else if (!source.isSet(TYPE)) {
                problems.add("source " + source.member() + " has no type: set " + source.key(TYPE) + " to "
                        + source.setting(TYPE).type().bounds().replace("`", "") + ", or remove " + source.whatIsSet());
            }
        }
    }

    /** The type's keys are there, and no others. */
    private void checkKeys(SettingsGroup source, String type) {
        for (Setting<?> setting : source.all()) {
            if (setting.ofType().equals(type) && setting.needed() && !source.isSet(setting.name())) {
                problems.add("source " + source.member() + " has no " + setting.key() + ", which type " + type
                        + " needs: set it, or change " + source.named(TYPE));
            }
        }
        for (Setting<?> setting : source.all()) {
            if (!setting.ofType().isEmpty() && !setting.ofType().equals(type) && source.isSet(setting.name())) {
                problems.add(source.named(setting.name()) + " has no effect for a source of type " + type
                        + ": remove it, or change " + source.key(TYPE));
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
