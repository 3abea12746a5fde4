package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.settings.EnrichmentSource.System.Http;
import dev.serai.settings.EnrichmentSource.System.Sql;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SettingsSecretsTest {
    private static final String KEY = "c0ffee-5ecret";

    @TempDir
    Path directory;

    private static List<String> everythingShown(Settings settings) {
        List<String> shown = new ArrayList<>(settings.effective());
        shown.addAll(settings.changed());
        shown.addAll(settings.warnings());
        shown.add(settings.values().toString());
        shown.add(settings.toString());
        shown.add(settings.camelProperties().toString());
        return shown;
    }

    @Test
    void apiKeyOfTheEnvironment_isUsedAndNeverShown() {
        Settings settings = Loading.fromEnvironment(Map.of("CONVAI_API_KEY", KEY, "SERAI_CONNECT_APIKEY", KEY));

        assertThat(settings.values().connect().apiKey()).isEqualTo(new Secret(KEY));
        assertThat(everythingShown(settings)).noneMatch(text -> text.contains(KEY));
        assertThat(settings.changed()).containsExactly("serai.connect.api-key = ******** (environment CONVAI_API_KEY)");
    }

    @Test
    void apiKeyOfAFile_isTrimmedAndNeverShown() {
        Path file = Loading.write(directory.resolve("key"), "", "  " + KEY + "  ");
        Settings settings = Loading.fromEnvironment(Map.of("CONVAI_API_KEY_FILE", file.toString()));

        assertThat(settings.values().connect().apiKey()).isEqualTo(new Secret(KEY));
        assertThat(settings.values().connect().apiKeyFile())
                .isEqualTo(new HeldSecret(new SecretFile(file, SecretFile.Kind.KEY), new Secret(KEY)));
        assertThat(everythingShown(settings)).noneMatch(text -> text.contains(KEY));
    }

    @Test
    void sealingKeys_areReadAsTheyStand_andNeverShown() {
        String first = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";
        String second = "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=";
        Path file = Loading.write(directory.resolve("keys"), "", first, "  " + second + "  ", "");
        Settings settings = Loading.fromEnvironment(Map.of("SERAI_SESSIONS_KEY_FILE", file.toString()));

        HeldSecret keys = Objects.requireNonNull(settings.values().sessions().keyFile());
        assertThat(keys.secret().reveal().lines().map(String::strip).filter(line -> !line.isEmpty()))
                .containsExactly(first, second);
        assertThat(everythingShown(settings)).noneMatch(text -> text.contains(first) || text.contains(second));
    }

    @ParameterizedTest
    @CsvSource({"a-secret-that-is-none!, no base64", "c2VjcmV0LXRoYXQtaXMtbm9uZQ==, of 19 bytes"})
    void lineThatIsNoSealingKey_isReportedByItsNumber_withWhatToDo_andWithoutItsContent(String line, String what) {
        String key = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";
        Path file = Loading.write(directory.resolve("keys"), "", key, "", line, key);

        assertThat(Loading.problemsOfEnvironment(Map.of("SERAI_SESSIONS_KEY_FILE", file.toString())))
                .containsExactly(
                        "serai.sessions.key-file must hold base64 of 32 bytes on each line, as openssl rand -base64"
                                + " 32 writes it, and line 4 is " + what + ", was \"" + file
                                + "\" (environment SERAI_SESSIONS_KEY_FILE)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n \n"})
    void fileWithoutASealingKey_isReported(String content) {
        Path file = Loading.write(directory.resolve("keys"), content);

        assertThat(Loading.problemsOfEnvironment(Map.of("SERAI_SESSIONS_KEY_FILE", file.toString())))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("serai.sessions.key-file must be a file that is not empty");
    }

    @Test
    void apiKeyFile_mayBeNamedInThePropertiesFile() {
        Path key = Loading.write(directory.resolve("key"), KEY);
        Settings settings =
                Loading.fromFile(directory.resolve("application.properties"), "serai.connect.api-key-file=" + key);

        assertThat(settings.values().connect().apiKey()).isEqualTo(new Secret(KEY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "two words", "zwölf"})
    void apiKeyFileWithoutAKey_isReportedWithoutItsContent(String content) {
        Path file = Loading.write(directory.resolve("key"), content);

        assertThat(Loading.problemsOfEnvironment(Map.of("CONVAI_API_KEY_FILE", file.toString())))
                .singleElement()
                .asString()
                .startsWith("serai.connect.api-key-file must ")
                .endsWith(", was \"" + file + "\" (environment CONVAI_API_KEY_FILE)");
    }

    @ParameterizedTest
    @ValueSource(strings = {KEY, "/" + KEY, "half/" + KEY, KEY + "\0"})
    void apiKeyInPlaceOfItsFile_isNotShown(String mistaken) {
        assertThat(Loading.problemsOfEnvironment(Map.of("CONVAI_API_KEY_FILE", mistaken)))
                .singleElement()
                .asString()
                .startsWith("serai.connect.api-key-file must be a ")
                .endsWith(", was a value that is not shown here (environment CONVAI_API_KEY_FILE)");
    }

    /** The folder need not be there: a volume that is not mounted. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/run/secrets-of-nobody/convai",
                "/no/such/mount/convai-api-key-2026",
                "./secrets/key",
                "a/key.txt"
            })
    void apiKeyFileThatIsNotThere_isNamed(String path) {
        assertThat(Loading.problemsOfEnvironment(Map.of("CONVAI_API_KEY_FILE", path)))
                .singleElement()
                .asString()
                .contains(" must be a file that exists, was \"" + path + "\" (environment CONVAI_API_KEY_FILE)");
    }

    /** Of base64, with slashes, and hexadecimal. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/9j4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBw",
                "q83vEjRWeJ/Avj8hJYq6tQm2",
                "5f0c8a0d2b7e4c1f9a3d6e8b7c2f1a0d"
            })
    void apiKeyThatLooksLikeAPath_isNotShown(String key) {
        assertThat(Loading.problemsOfEnvironment(Map.of("CONVAI_API_KEY_FILE", key)))
                .singleElement()
                .asString()
                .doesNotContain(key.substring(4));
    }

    @Test
    void apiKeyThatNoHeaderCanCarry_isReportedWithoutIt() {
        assertThat(Loading.problemsOfEnvironment(Map.of("CONVAI_API_KEY", KEY + " " + KEY)))
                .containsExactly(
                        "serai.connect.api-key must hold one key of printable ASCII characters, without blanks,"
                                + " was a value that is not shown here (environment CONVAI_API_KEY)");
    }

    @Test
    void apiKeyOnTheCommandLine_isRefusedWithoutShowingIt() {
        assertThat(Loading.problemsOfCommandLine(Map.of("serai.connect.api-key", KEY)))
                .containsExactly(
                        "serai.connect.api-key must not be set on the command line, where others can read it: set"
                                + " the environment variable CONVAI_API_KEY, or CONVAI_API_KEY_FILE to a file that holds it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serai.connect.trust-store-password", "serai.connect.proxy-password"})
    void passwordOnTheCommandLine_isRefusedWithoutShowingIt(String key) {
        assertThat(Loading.problemsOfCommandLine(Map.of(key, KEY)))
                .containsExactly(key + " must not be set on the command line, where others can read it: set the"
                        + " environment variable "
                        + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
    }

    @Test
    void passwordsOfTheEnvironment_areUsedAndNeverShown() {
        Path store = Loading.write(directory.resolve("store"), "");
        Settings settings = Loading.fromEnvironment(Map.of(
                "SERAI_CONNECT_TRUST_STORE",
                store.toString(),
                "SERAI_CONNECT_TRUST_STORE_PASSWORD",
                KEY + "-1",
                "SERAI_CONNECT_PROXY",
                "http://p:1",
                "SERAI_CONNECT_PROXY_USER",
                "u",
                "SERAI_CONNECT_PROXY_PASSWORD",
                KEY + "-2"));

        assertThat(settings.values().connect().trustStorePassword()).isEqualTo(new Secret(KEY + "-1"));
        assertThat(settings.values().connect().proxyPassword()).isEqualTo(new Secret(KEY + "-2"));
        assertThat(everythingShown(settings)).noneMatch(text -> text.contains(KEY));
        assertThat(settings.camelProperties())
                .doesNotContainKeys("serai.connect.trust-store-password", "serai.connect.proxy-password");
    }

    @Test
    void secretsOfSources_areUsedAndNeverShown() {
        Path store = Loading.write(directory.resolve("store"), "");
        Path header = Loading.write(directory.resolve("header"), "Bearer " + KEY + "-4");
        Path password = Loading.write(directory.resolve("password"), " " + KEY + "-5 größe");
        Map<String, String> environment = new TreeMap<>();
        environment.put("SERAI_SOURCES_A_TYPE", "http");
        environment.put("SERAI_SOURCES_A_BASE_URL", "http://a.example");
        environment.put("SERAI_SOURCES_A_HEADER_VALUE", "Bearer " + KEY + "-1");
        environment.put("SERAI_SOURCES_A_TRUST_STORE", store.toString());
        environment.put("SERAI_SOURCES_A_TRUST_STORE_PASSWORD", KEY + "-2");
        environment.put("SERAI_SOURCES_B_TYPE", "sql");
        environment.put("SERAI_SOURCES_B_JDBC_URL", "jdbc:a:b");
        environment.put("SERAI_SOURCES_B_JDBC_USER", "u");
        environment.put("SERAI_SOURCES_B_JDBC_PASSWORD", KEY + "-3");
        environment.put("SERAI_SOURCES_B_QUERY", "select 1");
        environment.put("SERAI_SOURCES_C_TYPE", "http");
        environment.put("SERAI_SOURCES_C_BASE_URL", "http://c.example");
        environment.put("SERAI_SOURCES_C_HEADER_VALUE_FILE", header.toString());
        environment.put("SERAI_SOURCES_D_TYPE", "sql");
        environment.put("SERAI_SOURCES_D_JDBC_URL", "jdbc:a:b");
        environment.put("SERAI_SOURCES_D_JDBC_USER", "u");
        environment.put("SERAI_SOURCES_D_JDBC_PASSWORD_FILE", password.toString());
        environment.put("SERAI_SOURCES_D_QUERY", "select 1");
        environment.put("SERAI_SOURCES_D_JDBCPASSWORD", KEY);
        Settings settings = Loading.fromEnvironment(environment);
        Map<String, EnrichmentSource> sources = settings.values().sources();
        List<String> shown = everythingShown(settings);
        sources.values().forEach(source -> shown.add(source + " " + source.system()));

        assertThat(sources.values().stream().map(EnrichmentSource::system))
                .containsExactly(
                        new Http(
                                URI.create("http://a.example"),
                                "Authorization",
                                new Secret("Bearer " + KEY + "-1"),
                                null,
                                store,
                                new Secret(KEY + "-2")),
                        new Sql("jdbc:a:b", "u", new Secret(KEY + "-3"), null, "select 1"),
                        new Http(
                                URI.create("http://c.example"),
                                "Authorization",
                                new Secret("Bearer " + KEY + "-4"),
                                new HeldSecret(
                                        new SecretFile(header, SecretFile.Kind.HEADER_VALUE),
                                        new Secret("Bearer " + KEY + "-4")),
                                null,
                                null),
                        new Sql(
                                "jdbc:a:b",
                                "u",
                                new Secret(KEY + "-5 größe"),
                                new HeldSecret(
                                        new SecretFile(password, SecretFile.Kind.PASSWORD),
                                        new Secret(KEY + "-5 größe")),
                                "select 1"));
        assertThat(shown).noneMatch(text -> text.contains(KEY));
        assertThat(settings.warnings()).hasSizeGreaterThan(4);
        assertThat(settings.camelProperties())
                .containsEntry("serai.sources.d.jdbc-password-file", password.toString())
                .doesNotContainKeys(
                        "serai.sources.a.header-value",
                        "serai.sources.a.trust-store-password",
                        "serai.sources.b.jdbc-password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEADER_VALUE_FILE", "JDBC_PASSWORD_FILE"})
    void secretInPlaceOfItsFile_isNotShown(String end) {
        assertThat(Loading.problemsOfEnvironment(Map.of("SERAI_SOURCES_A_" + end, KEY)))
                .anySatisfy(problem -> assertThat(problem)
                        .endsWith("must be a file that exists, was a value that is not shown here (environment"
                                + " SERAI_SOURCES_A_" + end + ")"))
                .noneMatch(problem -> problem.contains(KEY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://user:" + KEY + "@p:1", "http://p:1?key=" + KEY})
    void proxyWithCredentials_isRefusedWithoutShowingIt(String url) {
        assertThat(Loading.problemsOfEnvironment(Map.of("SERAI_CONNECT_PROXY", url)))
                .singleElement()
                .asString()
                .startsWith("serai.connect.proxy must ")
                .doesNotContain(KEY);
    }

    @Test
    void proxyUserWithItsPassword_isRefusedWithoutShowingIt() {
        assertThat(Loading.problemsOfEnvironment(Map.of(
                        "SERAI_CONNECT_PROXY",
                        "http://p:1",
                        "SERAI_CONNECT_PROXY_USER",
                        "user:" + KEY,
                        "SERAI_CONNECT_PROXY_PASSWORD",
                        KEY)))
                .singleElement()
                .asString()
                .startsWith("serai.connect.proxy-user must not contain a colon")
                .doesNotContain(KEY);
    }

    @Test
    void apiKeyAndItsFile_mustNotBothBeSet() {
        Path file = Loading.write(directory.resolve("key"), KEY);

        assertThat(Loading.problemsOfEnvironment(Map.of("CONVAI_API_KEY", KEY, "CONVAI_API_KEY_FILE", file.toString())))
                .containsExactly("serai.connect.api-key (environment CONVAI_API_KEY) and serai.connect.api-key-file"
                        + " (environment CONVAI_API_KEY_FILE) must not both be set: unset one of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://user:" + KEY + "@a.example", "https://a.example?key=" + KEY})
    void urlWithCredentials_isRefusedWithoutShowingIt(String url) {
        assertThat(Loading.problemsOfEnvironment(Map.of("CONVAI_BASE_URL", url, "CONVAI_API_KEY", "k")))
                .singleElement()
                .asString()
                .startsWith("serai.connect.base-url must ")
                .doesNotContain(KEY);
    }

    @Test
    void secret_isEqualByValueAndPrintsAMask() {
        assertThat(new Secret(KEY)).isEqualTo(new Secret(KEY)).hasSameHashCodeAs(new Secret(KEY));
        assertThat(new Secret(KEY)).isNotEqualTo(new Secret("other")).hasToString("********");
    }
}
