package dev.serai.settings;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SettingsTenantsTest {
    private static final String KEY = "c0ffee-5ecret";

    @TempDir
    Path directory;

    private static TenantSettings tenant(Settings settings, String name) {
        return requireNonNull(settings.values().tenants().get(name), name);
    }

    private Path file(String... lines) {
        return Loading.write(directory.resolve("application.properties"), lines);
    }

    @Test
    void tenant_hasWhatTheDefaultTenantHasButForItsKey() {
        Settings settings = Loading.load(
                Map.of("CONVAI_API_KEY", "k", "SERAI_TENANTS_NORTH_WEST_API_KEY", KEY),
                file(
                        "serai.connect.base-url=https://a.example",
                        "serai.connect.max-concurrent=30",
                        "serai.connect.rate=2.5",
                        "serai.connect.burst=4",
                        "serai.connect.max-sessions=15",
                        "serai.connect.live-reserve=2"),
                Map.of());

        assertThat(settings.values().tenants())
                .isEqualTo(Map.of(
                        "north-west",
                        new TenantSettings(
                                new Secret(KEY),
                                null,
                                URI.create("https://a.example"),
                                30,
                                2.5,
                                4,
                                15,
                                2,
                                null,
                                null)));
    }

    @Test
    void tenant_hasItsOwnFromAllSources() {
        Path key = Loading.write(directory.resolve("key"), KEY);
        Settings settings = Loading.load(
                Map.of("SERAI_TENANTS_NORTH_WEST_RATE", "7", "SERAI_TENANTS_NORTH_WEST_BURST", "8"),
                file(
                        "serai.tenants.north-west.api-key-file=" + key,
                        "serai.tenants.north-west.base-url=https://b.example/",
                        "serai.tenants.north-west.rate=5",
                        "serai.tenants.north-west.burst=5"),
                Map.of(
                        "serai.tenants.north-west.burst",
                        "9",
                        "serai.tenants.north-west.max-concurrent",
                        "6",
                        "serai.tenants.north-west.max-sessions",
                        "3",
                        "serai.tenants.north-west.live-reserve",
                        "1"));

        assertThat(tenant(settings, "north-west"))
                .isEqualTo(new TenantSettings(
                        new Secret(KEY),
                        new HeldSecret(new SecretFile(key, SecretFile.Kind.KEY), new Secret(KEY)),
                        URI.create("https://b.example"),
                        6,
                        7,
                        9,
                        3,
                        1,
                        null,
                        null));
    }

    @Test
    void tenants_areInTheOrderOfTheirNamesAndCannotBeChanged() {
        Map<String, TenantSettings> tenants = Loading.fromEnvironment(Map.of(
                        "SERAI_TENANTS_B_API_KEY",
                        "b",
                        "SERAI_TENANTS_A1_API_KEY",
                        "a",
                        "SERAI_TENANTS_9_API_KEY",
                        "9"))
                .values()
                .tenants();

        assertThat(tenants.keySet()).containsExactly("9", "a1", "b");
        assertThatThrownBy(tenants::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void emptyValue_makesNoTenant() {
        Settings settings = Loading.load(
                Map.of("SERAI_TENANTS_NORTH_API_KEY", " ", "SERAI_TENANTS_DEFAULT_API_KEY", ""),
                file("serai.tenants.north.rate="),
                Map.of());

        assertThat(settings.values().tenants()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void standIn_isUsedWithoutAnyKeyOnly() {
        assertThat(Loading.defaults().values().usesStandIn()).isTrue();
        assertThat(Loading.fromEnvironment(Map.of("CONVAI_API_KEY", "k"))
                        .values()
                        .usesStandIn())
                .isFalse();
        assertThat(Loading.fromEnvironment(Map.of("SERAI_TENANTS_A_API_KEY", "k"))
                        .values()
                        .usesStandIn())
                .isFalse();
        assertThat(Loading.fromCommandLine(Map.of("serai.tenants.a.rate", "5"))
                        .values()
                        .usesStandIn())
                .isTrue();
    }

    @Test
    void tenantsWithoutAnyKey_areThereForTheStandIn() {
        Settings settings =
                Loading.fromCommandLine(Map.of("serai.tenants.north.rate", "5", "serai.tenants.south.rate", "6"));

        assertThat(settings.values().tenants()).containsOnlyKeys("north", "south");
        assertThat(tenant(settings, "north").apiKey()).isNull();
        assertThat(tenant(settings, "north").apiKeyFile()).isNull();
    }

    @Test
    void tenantWithoutAKey_isReportedIfAnotherHasOne() {
        Map<String, String> north = Map.of("serai.tenants.north.rate", "5");
        String problem = "tenant north has no API key: set SERAI_TENANTS_NORTH_API_KEY or"
                + " SERAI_TENANTS_NORTH_API_KEY_FILE, or remove serai.tenants.north.rate (command line)";
        Path key = Loading.write(directory.resolve("key"), KEY);

        assertThat(Loading.problems(Map.of("CONVAI_API_KEY", "k"), null, north)).containsExactly(problem);
        assertThat(Loading.problems(Map.of("CONVAI_API_KEY_FILE", key.toString()), null, north))
                .containsExactly(problem);
        assertThat(Loading.problems(Map.of("SERAI_TENANTS_SOUTH_API_KEY", "k"), null, north))
                .containsExactly(problem);
        assertThat(Loading.problems(Map.of("SERAI_TENANTS_SOUTH_API_KEY_FILE", key.toString()), null, north))
                .containsExactly(problem);
    }

    @Test
    void baseUrlWithoutAnyKey_isReportedWithTenantsToo() {
        assertThat(Loading.problems(
                        Map.of("CONVAI_BASE_URL", "https://a.example"), null, Map.of("serai.tenants.north.rate", "5")))
                .singleElement()
                .asString()
                .startsWith("serai.connect.base-url is set (environment CONVAI_BASE_URL) and no API key is: set ");
    }

    @Test
    void baseUrl_mayBeSetForTenantsOnly() {
        Settings settings = Loading.fromEnvironment(
                Map.of("CONVAI_BASE_URL", "https://a.example", "SERAI_TENANTS_NORTH_API_KEY", KEY));

        assertThat(settings.values().connect().apiKey()).isNull();
        assertThat(tenant(settings, "north").baseUrl()).isEqualTo(URI.create("https://a.example"));
    }

    @Test
    void tenantWithoutAKey_isReported() {
        Path file = file("serai.tenants.north.rate=5");

        assertThat(Loading.problems(Map.of(), file, Map.of("serai.tenants.north.base-url", "https://a.example")))
                .containsExactly("tenant north has no API key: set SERAI_TENANTS_NORTH_API_KEY or"
                        + " SERAI_TENANTS_NORTH_API_KEY_FILE, or remove serai.tenants.north.base-url (command line),"
                        + " serai.tenants.north.rate (file " + file + ")");
    }

    @Test
    void keyAndItsFile_mustNotBothBeSet() {
        Path file = Loading.write(directory.resolve("key"), KEY);

        assertThat(Loading.problemsOfEnvironment(Map.of(
                        "SERAI_TENANTS_NORTH_API_KEY", KEY, "SERAI_TENANTS_NORTH_API_KEY_FILE", file.toString())))
                .containsExactly("serai.tenants.north.api-key (environment SERAI_TENANTS_NORTH_API_KEY) and"
                        + " serai.tenants.north.api-key-file (environment SERAI_TENANTS_NORTH_API_KEY_FILE) must not both"
                        + " be set: unset one of them");
    }

    @Test
    void keyInTheFile_isRefusedWithoutShowingIt() {
        Path file = file("serai.tenants.north.api-key=" + KEY);

        assertThat(Loading.problems(Map.of("SERAI_TENANTS_NORTH_API_KEY", "k"), file, Map.of()))
                .containsExactly("serai.tenants.north.api-key must not be set in " + file
                        + ", where others can read it: set the environment variable SERAI_TENANTS_NORTH_API_KEY, or"
                        + " SERAI_TENANTS_NORTH_API_KEY_FILE to a file that holds it");
    }

    @Test
    void variableInTheFile_isReported() {
        Path file = file("SERAI_TENANTS_NORTH_API_KEY=" + KEY);

        assertThat(Loading.problems(Map.of(), file, Map.of()))
                .containsExactly("SERAI_TENANTS_NORTH_API_KEY is an environment variable and has no effect in " + file
                        + ": set it in the environment, or see config/README.md for its key");
    }

    @ParameterizedTest
    @ValueSource(strings = {KEY, "half/" + KEY})
    void keyInPlaceOfItsFile_isNotShown(String mistaken) {
        assertThat(Loading.problemsOfEnvironment(Map.of("SERAI_TENANTS_NORTH_API_KEY_FILE", mistaken)))
                .containsExactly("serai.tenants.north.api-key-file must be a file that exists, was a value that is not"
                        + " shown here (environment SERAI_TENANTS_NORTH_API_KEY_FILE)");
    }

    @ParameterizedTest
    @CsvSource({
        "rate, 10001, must be from 0 to 10000",
        "burst, 0, must be from 1 to 10000",
        "max-concurrent, none, must be a whole number",
        "base-url, a.example, must begin with http:// or https://"
    })
    void valueOutOfBounds_isReported(String end, String value, String bound) {
        assertThat(Loading.problems(
                        Map.of("SERAI_TENANTS_A_API_KEY", "k"), null, Map.of("serai.tenants.a." + end, value)))
                .containsExactly("serai.tenants.a." + end + " " + bound + ", was \"" + value + "\" (command line)");
    }

    @Test
    void badDefault_isReportedOnceAndNotForEachTenant() {
        assertThat(Loading.problems(
                        Map.of("SERAI_TENANTS_A_API_KEY", "k"), null, Map.of("serai.connect.max-concurrent", "0")))
                .containsExactly("serai.connect.max-concurrent must be from 1 to 10000, was \"0\" (command line)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serai.tenants.default.rate", "serai.tenants.default.colour"})
    void nameOfTheDefaultTenant_isRefused(String key) {
        assertThat(Loading.problemsOfCommandLine(Map.of(key, "5")))
                .containsExactly("the tenant's name in " + key
                        + " (command line) must not be default: that tenant's settings are serai.connect.*");
    }

    @Test
    void nameOfTheDefaultTenantInTheEnvironment_isRefused() {
        assertThat(Loading.problemsOfEnvironment(Map.of("SERAI_TENANTS_DEFAULT_API_KEY", KEY)))
                .containsExactly("the tenant's name in serai.tenants.default.api-key (environment"
                        + " SERAI_TENANTS_DEFAULT_API_KEY) must not be default: that tenant's settings are"
                        + " serai.connect.*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "North",
                "north_west",
                "north.west",
                "-north",
                "north-",
                "north--west",
                "größe",
                "n234567890123456789012345678901234567890123456789012345678901234"
            })
    void badName_isRefused(String name) {
        String key = "serai.tenants." + name + ".rate";

        assertThat(Loading.problemsOfCommandLine(Map.of(key, "5")))
                .containsExactly(
                        "the tenant's name in " + key + " (command line) must be words of a-z and 0-9 joined by"
                                + " '-', at most 63 characters: rename the tenant");
    }

    @Test
    void longestName_hasSixtyThreeCharacters() {
        String name = "n".repeat(63);

        assertThat(Loading.fromEnvironment(Map.of("SERAI_TENANTS_" + "N".repeat(63) + "_API_KEY", "k"))
                        .values()
                        .tenants())
                .containsOnlyKeys(name);
    }

    @Test
    void badNameInTheEnvironment_isRefused() {
        assertThat(Loading.problemsOfEnvironment(Map.of("SERAI_TENANTS_NORTH__WEST_API_KEY", KEY)))
                .containsExactly("the tenant's name in serai.tenants.north--west.api-key (environment"
                        + " SERAI_TENANTS_NORTH__WEST_API_KEY) must be words of a-z and 0-9 joined by '-', at most 63"
                        + " characters: rename the tenant");
    }

    @Test
    void keyOverPlainHttp_isWarnedOfUnlessOnThisMachine() {
        assertThat(Loading.fromEnvironment(
                                Map.of("SERAI_TENANTS_A_API_KEY", "k", "SERAI_TENANTS_A_BASE_URL", "http://a.example"))
                        .warnings())
                .containsExactly("serai.tenants.a.base-url is \"http://a.example\" (environment"
                        + " SERAI_TENANTS_A_BASE_URL): the API key and room tokens travel unencrypted: use https");
        assertThat(Loading.fromEnvironment(Map.of(
                                "SERAI_TENANTS_A_API_KEY", "k", "SERAI_TENANTS_A_BASE_URL", "http://127.0.0.1:8"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void plainHttpOfTheDefault_isWarnedOfOnce() {
        assertThat(Loading.fromEnvironment(
                                Map.of("SERAI_TENANTS_A_API_KEY", "k", "CONVAI_BASE_URL", "http://a.example"))
                        .warnings())
                .singleElement()
                .asString()
                .startsWith("serai.connect.base-url is ");
    }

    @Test
    void burstWithoutARate_isWarnedOf() {
        Map<String, String> key = Map.of("SERAI_TENANTS_A_API_KEY", "k");

        assertThat(Loading.load(key, null, Map.of("serai.tenants.a.burst", "5")).warnings())
                .containsExactly("serai.tenants.a.burst (command line) has no effect without a rate: set"
                        + " serai.tenants.a.rate, or remove it");
        assertThat(Loading.load(key, null, Map.of("serai.tenants.a.burst", "5", "serai.connect.rate", "1"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void listings_showTenantsWithTheirKeysMasked() {
        Settings settings = Loading.load(
                Map.of("SERAI_TENANTS_A_API_KEY", KEY),
                null,
                Map.of("serai.tenants.a.rate", "0.50", "serai.connect.max-concurrent", "9"));

        assertThat(settings.effective())
                .endsWith(
                        "serai.tenants.a.api-key = ******** (environment SERAI_TENANTS_A_API_KEY)",
                        "serai.tenants.a.api-key-file (not set)",
                        "serai.tenants.a.base-url = https://live.convai.com (as serai.connect.base-url)",
                        "serai.tenants.a.max-concurrent = 9 (as serai.connect.max-concurrent)",
                        "serai.tenants.a.rate = 0.5 (command line)",
                        "serai.tenants.a.burst = 1 (as serai.connect.burst)",
                        "serai.tenants.a.max-sessions (not set)",
                        "serai.tenants.a.live-reserve = 0 (as serai.connect.live-reserve)",
                        "serai.tenants.a.scene-source = none (as serai.enrich.scene-source)",
                        "serai.tenants.a.dynamic-info-source = none (as serai.enrich.dynamic-info-source)");
        assertThat(settings.changed())
                .containsExactly(
                        "serai.connect.max-concurrent = 9 (command line)",
                        "serai.tenants.a.api-key = ******** (environment SERAI_TENANTS_A_API_KEY)",
                        "serai.tenants.a.rate = 0.5 (command line)");
        assertThat(settings.camelProperties())
                .containsEntry("serai.tenants.a.base-url", "https://live.convai.com")
                .containsEntry("serai.tenants.a.max-concurrent", "9")
                .containsEntry("serai.tenants.a.rate", "0.5")
                .doesNotContainKey("serai.tenants.a.api-key");
    }

    @Test
    void keys_areNeverShown() {
        Path key = Loading.write(directory.resolve("key"), KEY + "-2");
        Settings settings = Loading.fromEnvironment(Map.of(
                "SERAI_TENANTS_A_API_KEY",
                KEY + "-1",
                "SERAI_TENANTS_B_API_KEY_FILE",
                key.toString(),
                "SERAI_TENANTS_B_APIKEY",
                KEY));
        List<String> shown = new ArrayList<>(settings.effective());
        shown.addAll(settings.changed());
        shown.addAll(settings.warnings());
        shown.add(settings.toString());
        shown.add(settings.values().tenants().toString());
        shown.add(settings.camelProperties().toString());

        assertThat(tenant(settings, "a").apiKey()).isEqualTo(new Secret(KEY + "-1"));
        assertThat(tenant(settings, "b").apiKey()).isEqualTo(new Secret(KEY + "-2"));
        assertThat(shown).noneMatch(text -> text.contains(KEY));
    }
}
