package dev.serai.settings;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of intakes, {@code serai.intake.NAME.*}. */
@Timeout(120)
class SettingsIntakeTest {
    private static final String INTAKE = "serai.intake.calls.";

    @TempDir
    Path directory;

    private final Map<String, String> intake = new HashMap<>();

    @BeforeEach
    void setWhatIsNeeded() {
        intake.put(INTAKE + "topic", "raw");
        intake.put(
                INTAKE + "mapping",
                Loading.write(directory.resolve("own.jsonata"), "{}").toString());
    }

    private String keyFile() {
        return Loading.write(directory.resolve("api.key"), "some-key").toString();
    }

    private MappedIntake load() throws InvalidSettingsException {
        return requireNonNull(
                Settings.load(Map.of(), null, intake).values().intake().get("calls"));
    }

    @Test
    void intake_needsTopicAndMappingOnly() throws Exception {
        assertThat(load())
                .isEqualTo(new MappedIntake(
                        "raw", directory.resolve("own.jsonata"), null, null, null, null, null, Duration.ofMinutes(2)));
    }

    @Test
    void characterAndTtl_areThoseOfConversations_unlessTheIntakeSaysOthers() throws Exception {
        intake.put("serai.conversation.ttl", "30s");
        intake.put("serai.conversation.default-character-id", "c");

        assertThat(load().ttl()).hasSeconds(30);
        assertThat(load().characterId()).isEqualTo("c");

        intake.put(INTAKE + "ttl", "90s");
        intake.put(INTAKE + "character-id", "other");

        assertThat(load().ttl()).hasSeconds(90);
        assertThat(load().characterId()).isEqualTo("other");
    }

    @Test
    void variables_nameAnIntake_asKeysDo() {
        Settings settings = Loading.load(
                Map.of("SERAI_INTAKE_EAST_WEST_TOPIC", "raw", "SERAI_INTAKE_EAST_WEST_COUNTRY", "DE"),
                Loading.write(
                        directory.resolve("a.properties"),
                        "serai.intake.east-west.mapping=" + directory.resolve("own.jsonata")),
                Map.of());

        assertThat(settings.values().intake()).containsOnlyKeys("east-west");
        assertThat(settings.values().intake().values())
                .extracting(MappedIntake::country)
                .containsExactly("DE");
    }

    /** The name is no path, wherever it is written; it is written as it was read. */
    @Test
    void shippedMapping_isNamed() throws Exception {
        intake.put(INTAKE + "mapping", "genesys-cloud");

        assertThat(load().mapping())
                .isEqualTo(Home.OF_PROCESS.resolve(Path.of("config", "mappings", "genesys-cloud.jsonata")))
                .exists();
        assertThat(Settings.load(Map.of(), null, intake).changed())
                .contains(INTAKE + "mapping = genesys-cloud (command line)");
    }

    @Test
    void digestKey_isNotShown() throws Exception {
        String key = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";
        intake.put(
                INTAKE + "digest-key-file",
                Loading.write(directory.resolve("digest.key"), key).toString());

        assertThat(requireNonNull(load().digestKeyFile()).secret().reveal()).isEqualTo(key);
        assertThat(load().toString()).doesNotContain(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mapping | gensys | must be the name of a shipped mapping (amazon-connect, amazon-connect-flow,",
                "mapping | none.jsonata | must be a file that exists",
                "country | Germany | must be a country's two capital letters, such as DE",
                "country | UK | must be a country's two capital letters, such as DE, and United Kingdom is GB",
                "country | ZZ | must be a country's two capital letters, such as DE",
                "country | de | must be a country's two capital letters, such as DE",
                "topic | conversation.start | serai.intake.calls.topic and serai.kafka.start-topic must differ",
                "topic | conversation.sessions | serai.intake.calls.topic and serai.kafka.session-topic must differ",
                "topic | a b | must be a topic name",
                "tenant | north | serai.intake.calls.tenant must be default, as there are no tenants, was",
                "ttl | 0s | must be",
                "digest-key-file | pom.xml | must hold base64 of at least 32 bytes",
                "tpic | x | serai.intake.calls.topic",
            })
    void mistake_isNamed(String setting, String value, String problem) {
        intake.put(INTAKE + setting, value);

        assertThatThrownBy(this::load)
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining(INTAKE + setting)
                .hasMessageContaining(problem);
    }

    /** With tenants, and without a key of its own, the default tenant is none: all its events would be refused. */
    @Test
    void defaultTenant_isNamed_whereThereIsNone() {
        intake.put("serai.tenants.north.api-key-file", keyFile());
        intake.put(INTAKE + "tenant", "default");

        assertThatThrownBy(this::load)
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("serai.intake.calls.tenant must be one of the tenants (north), was")
                .hasMessageContaining("or set CONVAI_API_KEY")
                .hasMessageNotContaining("serai.tenants.default");
    }

    @Test
    void intakeWithoutATenant_isWarnedOf_whereThereIsNoDefaultTenant() throws Exception {
        intake.put("serai.tenants.north.api-key-file", keyFile());

        assertThat(Settings.load(Map.of(), null, intake).warnings())
                .singleElement()
                .asString()
                .startsWith("serai.intake.calls.tenant is not set, and there is no default tenant");

        intake.put(INTAKE + "tenant", "north");
        assertThat(Settings.load(Map.of(), null, intake).warnings()).isEmpty();

        intake.put(INTAKE + "tenant", "default");
        intake.put("serai.connect.api-key-file", keyFile());
        assertThat(Settings.load(Map.of(), null, intake).warnings()).isEmpty();
    }

    @Test
    void whatIsMissing_isNamed() {
        intake.remove(INTAKE + "topic");

        assertThatThrownBy(this::load)
                .hasMessageContaining("intake calls has no topic: set serai.intake.calls.topic, or remove ");
    }

    @Test
    void badName_isNamed() throws Exception {
        intake.put("serai.intake.Calls.topic", "raw");

        assertThatThrownBy(this::load)
                .hasMessageContaining("the intake's name in serai.intake.Calls.topic")
                .hasMessageContaining("rename the intake");
    }

    /** Each has a group of its own: nothing of the one is missing for the other. */
    @Test
    void twoIntakes_mayReadOneTopic() throws Exception {
        intake.put("serai.intake.chats.topic", "raw");
        intake.put("serai.intake.chats.mapping", "twilio");

        assertThat(Settings.load(Map.of(), null, intake).warnings()).isEmpty();
    }
}
