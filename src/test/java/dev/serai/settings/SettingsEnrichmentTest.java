package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that enrich events: what makes a good one, and who names it. */
@Timeout(120)
class SettingsEnrichmentTest {
    private static final String USED = "serai.enrich.scene-source=crm";

    @TempDir
    Path directory;

    private static Map<String, String> properties(String... lines) {
        Map<String, String> properties = new TreeMap<>();
        for (String line : lines) {
            int end = line.indexOf('=');
            properties.put(line.substring(0, end), line.substring(end + 1));
        }
        return properties;
    }

    /** Of one used source, from lines without its name. */
    private static Map<String, String> crm(String... lines) {
        Map<String, String> properties = properties(USED);
        properties(lines).forEach((end, value) -> properties.put("serai.sources.crm." + end, value));
        return properties;
    }

    private static Map<String, String> http(String... more) {
        Map<String, String> properties = crm("type=http", "base-url=https://a.example");
        properties.putAll(crm(more));
        return properties;
    }

    private static Map<String, String> sql(String... more) {
        Map<String, String> properties = crm("type=sql", "jdbc-url=jdbc:h2:mem:a", "query=select :#reference");
        properties.putAll(crm(more));
        return properties;
    }

    private Path file(String name) {
        return Loading.write(directory.resolve(name), "content");
    }

    private static List<String> problems(Map<String, String> commandLine) {
        return Loading.problemsOfCommandLine(commandLine);
    }

    private static List<String> warnings(Map<String, String> commandLine) {
        return Loading.fromCommandLine(commandLine).warnings();
    }

    @Test
    void sources_areInTheOrderOfTheirNamesAndCannotBeChanged() {
        Map<String, EnrichmentSource> sources = Loading.fromCommandLine(properties(
                        "serai.sources.b.type=route",
                        "serai.sources.b.route=enrich-b",
                        "serai.sources.a-1.type=route",
                        "serai.sources.a-1.route=enrich-a"))
                .values()
                .sources();

        assertThat(sources.keySet()).containsExactly("a-1", "b");
        assertThatThrownBy(sources::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void tenant_usesTheSourcesOfTheDefaultOrItsOwnOrNone() {
        Settings settings = Loading.load(
                Map.of("SERAI_TENANTS_A_API_KEY", "k", "SERAI_TENANTS_B_API_KEY", "k"),
                null,
                properties(
                        "serai.sources.crm.type=route",
                        "serai.sources.crm.route=enrich-crm",
                        "serai.sources.other.type=route",
                        "serai.sources.other.route=enrich-other",
                        "serai.enrich.scene-source=crm",
                        "serai.enrich.dynamic-info-source=crm",
                        "serai.tenants.b.scene-source=other",
                        "serai.tenants.b.dynamic-info-source=none"));

        assertThat(settings.values().tenants().get("a")).satisfies(tenant -> {
            assertThat(tenant.sceneSource()).isEqualTo("crm");
            assertThat(tenant.dynamicInfoSource()).isEqualTo("crm");
        });
        assertThat(settings.values().tenants().get("b")).satisfies(tenant -> {
            assertThat(tenant.sceneSource()).isEqualTo("other");
            assertThat(tenant.dynamicInfoSource()).isNull();
        });
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.effective())
                .contains(
                        "serai.tenants.a.scene-source = crm (as serai.enrich.scene-source)",
                        "serai.tenants.b.dynamic-info-source = none (command line)");
        assertThat(settings.camelProperties())
                .containsEntry("serai.tenants.a.scene-source", "crm")
                .containsEntry("serai.tenants.b.dynamic-info-source", "");
    }

    @Test
    void nameThatIsAWordForNoSource_isRefused() {
        assertThat(problems(properties("serai.sources.none.type=http")))
                .containsExactly("the source's name in serai.sources.none.type (command line) must not be none: the"
                        + " word stands for no source");
        assertThat(Loading.problemsOfEnvironment(Map.of("SERAI_SOURCES_NONE_MAX_CONCURRENT", "1")))
                .containsExactly("the source's name in serai.sources.none.max-concurrent (environment"
                        + " SERAI_SOURCES_NONE_MAX_CONCURRENT) must not be none: the word stands for no source");
    }

    @Test
    void badName_isRefused() {
        assertThat(problems(properties("serai.sources.C.R.M.type=http")))
                .containsExactly("the source's name in serai.sources.C.R.M.type (command line) must be words of a-z and"
                        + " 0-9 joined by '-', at most 63 characters: rename the source");
    }

    private static String types() {
        List<String> types =
                Stream.of(SourceType.values()).map(SourceType::toString).toList();
        return String.join(", ", types.subList(0, types.size() - 1)) + " or " + types.getLast();
    }

    @Test
    void sourceWithoutAType_isReportedWithWhatItHas() {
        assertThat(Loading.problems(
                        Map.of("SERAI_SOURCES_CRM_HEADER_VALUE", "never shown"), null, crm("base-url=http://a")))
                .containsExactly("source crm has no type: set serai.sources.crm.type to " + types()
                        + ", or remove serai.sources.crm.base-url (command line), serai.sources.crm.header-value"
                        + " (environment SERAI_SOURCES_CRM_HEADER_VALUE)");
    }

    @ParameterizedTest
    @CsvSource({
        "http, base-url",
        "sql, jdbc-url query",
        "kafka-table, topic",
        "file, path",
        "route, route",
    })
    void typeWithoutItsKeys_isReported(String type, String needed) {
        assertThat(problems(crm("type=" + type)))
                .containsExactly(List.of(needed.split(" ", -1)).stream()
                        .map(end -> "source crm has no serai.sources.crm." + end + ", which type " + type
                                + " needs: set it, or change serai.sources.crm.type (command line)")
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"query, select 1", "topic, a", "route, enrich-a", "key-column, id", "jdbc-user, u"})
    void keyOfAnotherType_isReported(String end, String value) {
        assertThat(problems(http(end + "=" + value)))
                .containsExactly("serai.sources.crm." + end + " (command line) has no effect for a source of type http:"
                        + " remove it, or change serai.sources.crm.type");
    }

    @Test
    void badType_isReportedAloneAndNotAsMissing() {
        assertThat(problems(crm("type=soap", "base-url=http://a", "topic=b")))
                .containsExactly("serai.sources.crm.type must be " + types() + ", was \"soap\" (command line)");
    }

    @Test
    void badValueOfANeededKey_isNotReportedAsMissing() {
        assertThat(problems(crm("type=http", "base-url=ftp://a")))
                .containsExactly("serai.sources.crm.base-url must begin with http:// or https://, was \"ftp://a\""
                        + " (command line)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    policy          | maybe           | must be optional or required
                    timeout         | 9ms             | must be at least 10ms
                    timeout         | 61s             | must be at most 1m
                    max-concurrent  | 0               | must be from 1 to 1000
                    cache-ttl       | 25h             | must be at most 1d
                    stale-ttl       | 8d              | must be at most 7d
                    cache-entries   | 1000001         | must be from 1 to 1000000
                    breaker-pause   | 99ms            | must be at least 100ms
                    breaker-pause   | 11m             | must be at most 10m
                    trust-store     | not/there       | must be a file that exists
                    elements-field  | two words       | must be a name without blanks
                    template        | not/there       | must be a file that exists
                    jdbc-url        | postgresql://a  | must begin with jdbc:
                    query           | select :#${id}  | must have no expression
                    query           | select '${id}'  | must have no expression
                    query           | :#$simple{body} | must have no expression
                    query           | $simple{body}   | must have no expression
                    topic           | a/b             | must be a topic name
                    path            | not/there.txt   | must be a file whose name ends with .json or .csv
                    path            | not/there.csv   | must be a file that exists
                    route           | weather         | must be enrich- and words of a-z and 0-9
                    route           | enrich-         | must be enrich- and words of a-z and 0-9
                    route           | enrich-A        | must be enrich- and words of a-z and 0-9
                    """)
    void valueOutOfBounds_isReportedWithTheBoundAndTheValue(String end, String value, String bound) {
        assertThat(problems(crm(end + "=" + value))).anySatisfy(problem -> assertThat(problem)
                .startsWith("serai.sources.crm." + end + " " + bound)
                .contains(", was \"" + value + "\" (command line)"));
    }

    @Test
    void jdbcUrl_mayHaveTwoThousandCharactersOnOneLineAndBlanks() {
        String url = "jdbc:h2:mem:a;INIT=RUNSCRIPT FROM 'a.sql'";
        String longest = url + ";".repeat(2000 - url.length());

        assertThat(problems(sql("jdbc-url=" + longest))).isEmpty();
        assertThat(problems(sql("jdbc-url=" + longest + ";")))
                .singleElement()
                .asString()
                .startsWith("serai.sources.crm.jdbc-url must be on one line, at most 2000 characters long, was ");
        assertThat(problems(sql("jdbc-url=jdbc:h2:mem:a\n;INIT=b")))
                .singleElement()
                .asString()
                .startsWith("serai.sources.crm.jdbc-url must be on one line, at most 2000 characters long, was ");
    }

    @Test
    void query_mayHaveFourThousandCharactersOnOneLine() {
        String longest = "select :#reference" + " ".repeat(4000 - 19) + ";";

        assertThat(problems(sql("query=" + longest))).isEmpty();
        assertThat(problems(sql("query=" + longest + ";")))
                .singleElement()
                .asString()
                .startsWith("serai.sources.crm.query must be on one line, at most 4000 characters long, was ");
        assertThat(problems(sql("query=select 1\n;")))
                .singleElement()
                .asString()
                .startsWith("serai.sources.crm.query must be on one line, ");
    }

    @Test
    void secretAndItsFile_mustNotBothBeSet() {
        Path file = file("secret");

        assertThat(Loading.problems(
                        Map.of("SERAI_SOURCES_CRM_HEADER_VALUE", "x"), null, http("header-value-file=" + file)))
                .containsExactly(
                        "serai.sources.crm.header-value (environment SERAI_SOURCES_CRM_HEADER_VALUE) and"
                                + " serai.sources.crm.header-value-file (command line) must not both be set: unset one of them");
        assertThat(Loading.problems(
                        Map.of("SERAI_SOURCES_CRM_JDBC_PASSWORD", "x"),
                        null,
                        sql("jdbc-user=u", "jdbc-password-file=" + file)))
                .containsExactly(
                        "serai.sources.crm.jdbc-password (environment SERAI_SOURCES_CRM_JDBC_PASSWORD) and"
                                + " serai.sources.crm.jdbc-password-file (command line) must not both be set: unset one of them");
    }

    @Test
    void passwordOfADatabase_needsAUser() {
        assertThat(Loading.problems(Map.of("SERAI_SOURCES_CRM_JDBC_PASSWORD", "x"), null, sql()))
                .containsExactly("serai.sources.crm.jdbc-password is set (environment SERAI_SOURCES_CRM_JDBC_PASSWORD)"
                        + " and serai.sources.crm.jdbc-user is not: set SERAI_SOURCES_CRM_JDBC_USER, or remove"
                        + " serai.sources.crm.jdbc-password");
        assertThat(problems(sql("jdbc-password-file=" + file("secret"))))
                .containsExactly("serai.sources.crm.jdbc-password-file is set (command line) and"
                        + " serai.sources.crm.jdbc-user is not: set SERAI_SOURCES_CRM_JDBC_USER, or remove"
                        + " serai.sources.crm.jdbc-password-file");
        assertThat(problems(sql("jdbc-user=u"))).isEmpty();
    }

    @Test
    void passwordOfATrustStore_needsAStore() {
        assertThat(Loading.problems(Map.of("SERAI_SOURCES_CRM_TRUST_STORE_PASSWORD", "x"), null, http()))
                .containsExactly("serai.sources.crm.trust-store-password is set (environment"
                        + " SERAI_SOURCES_CRM_TRUST_STORE_PASSWORD) and serai.sources.crm.trust-store is not: set"
                        + " SERAI_SOURCES_CRM_TRUST_STORE, or remove serai.sources.crm.trust-store-password");
    }

    @Test
    void keyColumn_isForCsvOnly() {
        Path json = file("a.json");

        assertThat(problems(crm("type=file", "path=" + json, "key-column=id")))
                .containsExactly("serai.sources.crm.key-column (command line) has no effect for a JSON file: remove it,"
                        + " or name a CSV file in serai.sources.crm.path (command line)");
        assertThat(problems(crm("type=file", "path=" + file("a.csv"), "key-column=id")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "start-topic, conversation.start",
        "reply-topic, conversation.replies",
        "dead-letter-topic, conversation.dead-letters",
        "session-topic, conversation.sessions"
    })
    void topicOfSerai_isNoSource(String key, String topic) {
        assertThat(problems(crm("type=kafka-table", "topic=" + topic)))
                .containsExactly("serai.sources.crm.topic and serai.kafka." + key + " must differ, both are \"" + topic
                        + "\" (command line; default): rename one of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serai.enrich.scene-source", "serai.enrich.dynamic-info-source"})
    void nameOfNoSource_isReportedWithThoseThatThereAre(String key) {
        Map<String, String> properties = properties(
                "serai.sources.weather.type=route",
                "serai.sources.weather.route=enrich-weather",
                "serai.sources.crm.type=route",
                "serai.sources.crm.route=enrich-crm");
        properties.put(key, "cmr");

        assertThat(problems(properties))
                .containsExactly(key + " must be none or one of the sources (crm, weather), was \"cmr\" (command line):"
                        + " change it, or set serai.sources.cmr.type for a source of that name");
        assertThat(problems(Map.of(key, "cmr")))
                .containsExactly(
                        key + " must be none, as there are no sources, was \"cmr\" (command line): change it, or"
                                + " set serai.sources.cmr.type for a source of that name");
    }

    @Test
    void nameOfNoSource_isReportedForATenantButNotAgainForTheDefault() {
        assertThat(Loading.problems(
                        Map.of("SERAI_TENANTS_A_API_KEY", "k", "SERAI_TENANTS_B_API_KEY", "k"),
                        null,
                        properties("serai.enrich.scene-source=x", "serai.tenants.b.dynamic-info-source=y")))
                .satisfiesExactly(
                        problem -> assertThat(problem).startsWith("serai.enrich.scene-source must be none"),
                        problem -> assertThat(problem).startsWith("serai.tenants.b.dynamic-info-source must be none"));
    }

    @Test
    void sourceThatNobodyNames_isWarnedOf() {
        Map<String, String> properties = http();
        properties.put("serai.enrich.scene-source", "none");

        assertThat(warnings(properties))
                .containsExactly("source crm is never asked: name it in serai.enrich.scene-source, in"
                        + " serai.enrich.dynamic-info-source or for a tenant, or remove it");
    }

    @Test
    void headerOverPlainHttp_isWarnedOfUnlessOnThisMachine() {
        String secret = "header-value-file=" + file("secret");

        assertThat(warnings(http(secret, "base-url=http://a.example")))
                .containsExactly("serai.sources.crm.base-url is \"http://a.example\" (command line): the header's value"
                        + " travels unencrypted: use https");
        assertThat(warnings(http(secret, "base-url=http://localhost:8"))).isEmpty();
        assertThat(warnings(http(secret))).isEmpty();
        assertThat(warnings(http("base-url=http://a.example"))).isEmpty();
    }

    @Test
    void headerWithoutAValue_isWarnedOf() {
        assertThat(warnings(http("header=X-Api-Key")))
                .containsExactly("serai.sources.crm.header (command line) has no effect without a value: set"
                        + " SERAI_SOURCES_CRM_HEADER_VALUE or serai.sources.crm.header-value-file, or remove it");
        assertThat(warnings(http("header=X-Api-Key", "header-value-file=" + file("secret"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.example/crm",
                "jdbc:postgresql://localhost:5432,db.example:5432/crm?user=u",
                "jdbc:postgresql://[2001:db8::1]/crm"
            })
    void databaseOnAnotherHostWithoutSslmode_isWarnedOf(String url) {
        assertThat(warnings(sql("jdbc-url=" + url)))
                .containsExactly("serai.sources.crm.jdbc-url is \"" + url + "\" (command line): without sslmode the"
                        + " connection may be unencrypted, and the server is not verified: add sslmode=verify-full");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.example/crm?sslmode=verify-full",
                "jdbc:postgresql:crm",
                "jdbc:postgresql:///crm",
                "jdbc:postgresql://127.0.0.1:5432/crm",
                "jdbc:postgresql://[::1]:5432/crm",
                "jdbc:mysql://db.example/crm"
            })
    void databaseThatIsNearOrSafeOrUnknown_isNotWarnedOf(String url) {
        assertThat(warnings(sql("jdbc-url=" + url))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"select 1", "select :#references", "select :reference"})
    void queryWithoutTheReference_isWarnedOf(String query) {
        assertThat(warnings(sql("query=" + query)))
                .containsExactly("serai.sources.crm.query is \"" + query
                        + "\" (command line): without :#reference in it" + " every event gets the same answer");
    }

    @Test
    void timesOfASourceInMemory_mayBeSet() {
        assertThat(warnings(crm("type=kafka-table", "topic=a", "cache-ttl=1m", "stale-ttl=1m")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:a:b?user=u&password=S3CRET",
                "jdbc:sqlserver://h;PASSWORD = S3CRET",
                "jdbc:a:b?pwd=S3CRET",
                "jdbc:mysql://h/d?password2=S3CRET",
                "jdbc:a:b?accessToken=S3CRET",
                "jdbc:postgresql://u:S3CRET@h/d",
                "jdbc:postgresql://u:S3@CRET@h/d",
                "jdbc:oracle:thin:scott/S3CRET@h",
                "jdbc:oracle:thin:scott:tiger/@S3CRET@//h",
                "postgresql://u:S3CRET@h/d",
                "jdbc:a b?password=S3CRET"
            })
    void jdbcUrlWithCredentials_isRefusedWithoutShowingIt(String url) {
        assertThat(problems(sql("jdbc-url=" + url)))
                .containsExactly(
                        "serai.sources.crm.jdbc-url must hold no password, nor a user before an '@': set"
                                + " jdbc-user and jdbc-password-file instead, was a value that is not shown here (command line)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:oracle:thin:@//h:1521/s",
                "jdbc:oracle:thin:@tns",
                "jdbc:oracle:thin:/@tns",
                "jdbc:mysql://h/d?passwordCharacterEncoding=UTF-8"
            })
    void jdbcUrlWithoutCredentials_isTaken(String url) {
        assertThat(problems(sql("jdbc-url=" + url))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: S3CRET", "Bearer S3CRET", "Größe"})
    void headerThatIsNoName_isRefusedWithoutShowingIt(String header) {
        assertThat(problems(http("header=" + header)))
                .containsExactly("serai.sources.crm.header must be the name of a header, without its value, was a value"
                        + " that is not shown here (command line)");
    }

    @ParameterizedTest
    @CsvSource({
        "header-value, ', or SERAI_SOURCES_CRM_HEADER_VALUE_FILE to a file that holds it'",
        "jdbc-password, ', or SERAI_SOURCES_CRM_JDBC_PASSWORD_FILE to a file that holds it'",
        "trust-store-password, ''"
    })
    void secretOnTheCommandLine_isRefusedWithoutShowingIt(String end, String orFile) {
        assertThat(problems(Map.of("serai.sources.crm." + end, "S3CRET")))
                .containsExactly("serai.sources.crm." + end + " must not be set on the command line, where others can"
                        + " read it: set the environment variable SERAI_SOURCES_CRM_"
                        + end.toUpperCase(Locale.ROOT).replace('-', '_') + orFile);
    }

    @Test
    void secretsOfFilesThatHoldNone_areReportedWithoutTheirContent() throws Exception {
        Path twoLines = Loading.write(directory.resolve("two-lines"), "S3CRET", "S3CRET");
        Path latin = Files.write(directory.resolve("latin"), "S3CRETgröße".getBytes(StandardCharsets.ISO_8859_1));
        Path empty = Loading.write(directory.resolve("empty"), " ");

        assertThat(problems(http("header-value-file=" + twoLines)))
                .containsExactly("serai.sources.crm.header-value-file must hold a header's value: printable ASCII"
                        + " characters on one line, was \"" + twoLines + "\" (command line)");
        assertThat(problems(sql("jdbc-user=u", "jdbc-password-file=" + latin)))
                .containsExactly("serai.sources.crm.jdbc-password-file must hold a password on one line, in UTF-8, at"
                        + " most 255 characters long, was \"" + latin + "\" (command line)");
        assertThat(problems(sql("jdbc-user=u", "jdbc-password-file=" + empty)))
                .containsExactly("serai.sources.crm.jdbc-password-file must be a file that is not empty, was \"" + empty
                        + "\" (command line)");
    }
}
