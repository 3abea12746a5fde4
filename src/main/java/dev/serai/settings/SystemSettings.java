package dev.serai.settings;

import dev.serai.settings.PathTypes.HeldSecret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What sources of one type have and those of another have not. */
record SystemSettings(Http http, Sql sql, Setting<String> topic, File file, Setting<String> route) {
    private static final Pattern ROUTE = Pattern.compile("enrich(-[a-z0-9]+)+");
    private static final int LONGEST_ROUTE = 100;

    static SystemSettings of(String source) {
        return new SystemSettings(
                Http.of(source),
                Sql.of(source),
                Setting.of(
                        source + ".topic",
                        SettingTypes.topic(),
                        "For kafka-table, which needs it: the compacted topic whose keys are the references."),
                File.of(source),
                Setting.of(
                        source + ".route",
                        routeId(),
                        "For route, which needs it: the id of a route of your own, such as `enrich-weather`."));
    }

    private static SettingType<String> routeId() {
        return SettingType.of("word", "`enrich-` and words of `a-z0-9` joined by `-`", text -> {
            if (text.length() > LONGEST_ROUTE || !ROUTE.matcher(text).matches()) {
                throw new BadValueException("must be enrich- and words of a-z and 0-9 joined by '-', at most "
                        + LONGEST_ROUTE + " characters");
            }
            return text;
        });
    }

    /** In the order of the reference. */
    List<Setting<?>> of(SourceType type) {
        return switch (type) {
            case HTTP -> http.all();
            case SQL -> sql.all();
            case KAFKA_TABLE -> List.of(topic);
            case FILE -> file.all();
            case ROUTE -> List.of(route);
        };
    }

    /** What a source of the type cannot do without. */
    List<Setting<?>> neededBy(SourceType type) {
        return switch (type) {
            case HTTP -> List.of(http.baseUrl());
            case SQL -> List.of(sql.jdbcUrl(), sql.query());
            case KAFKA_TABLE -> List.of(topic);
            case FILE -> List.of(file.path());
            case ROUTE -> List.of(route);
        };
    }

    record Http(
            Setting<URI> baseUrl,
            Setting<String> header,
            Setting<Secret> headerValue,
            Setting<HeldSecret> headerValueFile,
            Setting<Path> trustStore,
            Setting<Secret> trustStorePassword) {

        private static Http of(String source) {
            return new Http(
                    Setting.of(
                            source + ".base-url",
                            Addresses.baseUrl(),
                            "For http, which needs it: the reference is appended as the path's last part."),
                    Setting.of(
                                    source + ".header",
                                    Addresses.headerName(),
                                    "For http: the header that the header's value goes out in.")
                            .orElse("Authorization"),
                    Setting.of(
                                    source + ".header-value",
                                    PathTypes.headerValue(),
                                    "For http: such as `Bearer abc`; an error in a file or on the command line. Not set, nor"
                                            + " a file: no such header goes out.")
                            .fromEnvironmentOnly(),
                    Setting.of(
                            source + ".header-value-file",
                            PathTypes.secretFile(SecretFile.Kind.HEADER_VALUE.type()),
                            "For http: a file that holds the header's value, in place of the value itself; read again"
                                    + " when it changes."),
                    Setting.of(
                            source + ".trust-store",
                            PathTypes.readableFile(),
                            "For http: PKCS12, JKS, or PEM certificates, trusted in place of the JDK's."),
                    Setting.of(
                                    source + ".trust-store-password",
                                    SettingTypes.password(),
                                    "For http: of the trust store, when it has one; an error in a file or on the command"
                                            + " line.")
                            .fromEnvironmentOnly());
        }

        private List<Setting<?>> all() {
            return List.of(baseUrl, header, headerValue, headerValueFile, trustStore, trustStorePassword);
        }
    }

    record Sql(
            Setting<String> jdbcUrl,
            Setting<String> jdbcUser,
            Setting<Secret> jdbcPassword,
            Setting<HeldSecret> jdbcPasswordFile,
            Setting<String> query) {

        private static Sql of(String source) {
            return new Sql(
                    Setting.of(
                            source + ".jdbc-url",
                            SqlTypes.jdbcUrl(),
                            "For sql, which needs it: such as `jdbc:postgresql://db.example/crm?sslmode=verify-full`."),
                    Setting.of(source + ".jdbc-user", SettingTypes.text(), "For sql: the database's user."),
                    Setting.of(
                                    source + ".jdbc-password",
                                    SettingTypes.password(),
                                    "For sql: of the user, when it has one; an error in a file or on the command line.")
                            .fromEnvironmentOnly(),
                    Setting.of(
                            source + ".jdbc-password-file",
                            PathTypes.secretFile(SecretFile.Kind.PASSWORD.type()),
                            "For sql: a file that holds the password, in place of the password itself; read again when"
                                    + " it changes."),
                    Setting.of(
                            source + ".query",
                            SqlTypes.query(),
                            "For sql, which needs it: `:#reference` in it is the reference, as a parameter of the"
                                    + " statement. Expressions are refused."));
        }

        private List<Setting<?>> all() {
            return List.of(jdbcUrl, jdbcUser, jdbcPassword, jdbcPasswordFile, query);
        }
    }

    record File(Setting<Path> path, Setting<String> keyColumn) {
        private static File of(String source) {
            return new File(
                    Setting.of(source + ".path", PathTypes.dataFile(), "For file, which needs it: the file."),
                    Setting.of(
                                    source + ".key-column",
                                    SettingTypes.text(),
                                    "For file, if it is CSV: the column with the reference.")
                            .orElse("key"));
        }

        private List<Setting<?>> all() {
            return List.of(path, keyColumn);
        }
    }
}
