package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class SettingsSourcesTest {
    @TempDir
    Path directory;

    private Path file(String... lines) {
        return Loading.write(directory.resolve("application.properties"), lines);
    }

    @Test
    void commandLine_winsOverEnvironmentOverFileOverDefault() {
        Path file = file(
                "serai.kafka.start-topic=file",
                "serai.kafka.reply-topic=file.replies",
                "serai.kafka.dead-letter-topic=file.dead");
        Map<String, String> environment =
                Map.of("SERAI_KAFKA_START_TOPIC", "environment", "SERAI_KAFKA_REPLY_TOPIC", "environment.replies");
        Settings settings = Loading.load(environment, file, Map.of("serai.kafka.start-topic", "line"));

        assertThat(settings.values().kafka().startTopic()).isEqualTo("line");
        assertThat(settings.values().kafka().replyTopic()).isEqualTo("environment.replies");
        assertThat(settings.values().kafka().deadLetterTopic()).isEqualTo("file.dead");
        assertThat(settings.values().kafka().sessionTopic()).isEqualTo("conversation.sessions");
        assertThat(settings.changed())
                .containsExactly(
                        "serai.kafka.start-topic = line (command line)",
                        "serai.kafka.reply-topic = environment.replies (environment SERAI_KAFKA_REPLY_TOPIC)",
                        "serai.kafka.dead-letter-topic = file.dead (file " + file + ")");
    }

    @Test
    void emptyValue_leavesTheNextSourceToDecide() {
        Path file = file("serai.kafka.start-topic=file", "serai.kafka.reply-topic=");
        Settings settings =
                Loading.load(Map.of("SERAI_KAFKA_START_TOPIC", ""), file, Map.of("serai.kafka.start-topic", " "));

        assertThat(settings.values().kafka().startTopic()).isEqualTo("file");
        assertThat(settings.values().kafka().replyTopic()).isEqualTo("conversation.replies");
    }

    @Test
    void missingFile_isNoMistake() {
        assertThat(Loading.fromFileAsItIs(directory.resolve("none.properties")).changed())
                .isEmpty();
    }

    @Test
    void file_isReadAsUtf8WithOrWithoutByteOrderMark() {
        Settings settings = Loading.fromFileAsItIs(file("\uFEFFserai.kafka.group-id=größe"));

        assertThat(settings.values().kafka().groupId()).isEqualTo("größe");
    }

    @Test
    void keysOfOthers_areKept() {
        Path file = file("camel.main.name=inn", "my.topic=a");
        Settings settings = Loading.load(Map.of(), file, Map.of("my.topic", "b"));

        assertThat(settings.otherProperties()).isEqualTo(Map.of("camel.main.name", "inn", "my.topic", "b"));
    }

    @Test
    void none_isTheEmptyList() {
        Settings settings = Loading.fromCommandLine(Map.of("serai.connect.allowed-options", "none"));

        assertThat(settings.values().connect().allowedOptions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SERAI_KAFKA_START_TOPIK, did you mean SERAI_KAFKA_START_TOPIC?",
        "SERAI_WEATHER, config/README.md lists all settings",
        "SERAI_SOURCES_NORTH_CRM_HEADERVALUE, did you mean SERAI_SOURCES_NORTH_CRM_HEADER_VALUE?",
        "SERAI_TENANTS_NORTH_WEST_APIKEY, did you mean SERAI_TENANTS_NORTH_WEST_API_KEY?",
        "SERAI_TENANTS_NORTH_WEST_MAX_CONCURENT, did you mean SERAI_TENANTS_NORTH_WEST_MAX_CONCURRENT?",
        "SERAI_TENANT_NORTH_API_KEY, did you mean SERAI_TENANTS_NORTH_API_KEY?",
        "SERAI_TENANTS_WEATHER_FORECAST, config/README.md lists all settings",
        "SERAI_TENANTS_RATE, config/README.md lists all settings",
        "SERAI_TENANTS, config/README.md lists all settings"
    })
    void unknownVariable_isWarnedOf_andSetsNothing(String variable, String advice) {
        Settings settings = Loading.fromEnvironment(Map.of(variable, "never shown"));

        assertThat(settings.values().tenants()).isEmpty();
        assertThat(settings.warnings()).containsExactly("unknown environment variable " + variable + ": " + advice);
    }

    @ParameterizedTest
    @CsvSource({
        "SERAI_SERVICE_HOST, 10.0.0.1",
        "SERAI_SERVICE_PORT, 8080",
        "SERAI_SERVICE_PORT_METRICS, 8080",
        "SERAI_PORT, tcp://10.0.0.1:8080",
        "SERAI_PORT_8080_TCP, tcp://10.0.0.1:8080",
        "SERAI_PORT_8080_TCP_PROTO, tcp",
        "SERAI_PORT_8080_TCP_ADDR, 10.0.0.1",
        "SERAI_METRICS_PORT_8080_TCP_PORT, 8080",
        "SERAION, other program"
    })
    void variableOfKubernetes_isPassedOver(String name, String value) {
        assertThat(Loading.fromEnvironment(Map.of(name, value)).warnings()).isEmpty();
    }

    @Test
    void portVariableOfKubernetes_isIgnoredWithAWarning() {
        Settings settings = Loading.fromEnvironment(Map.of("SERAI_HTTP_PORT", "tcp://10.0.0.1:8080"));

        assertThat(settings.values().http().port()).isEqualTo(8080);
        assertThat(settings.warnings())
                .containsExactly("ignored environment variable SERAI_HTTP_PORT: its value \"tcp://10.0.0.1:8080\" looks"
                        + " like Kubernetes' for a Service of that name: set enableServiceLinks: false in the pod, or rename"
                        + " the Service");
    }

    @Test
    void twoVariablesThatDisagree_areWarnedOf() {
        Settings settings = Loading.fromEnvironment(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", "a:1", "SERAI_KAFKA_BOOTSTRAP_SERVERS", "b:2"));

        assertThat(settings.values().kafka().bootstrapServers()).isEqualTo("b:2");
        assertThat(settings.warnings())
                .containsExactly(
                        "ignored environment variable KAFKA_BOOTSTRAP_SERVERS: SERAI_KAFKA_BOOTSTRAP_SERVERS is"
                                + " set too, to another value, and wins: unset one of them");
    }

    @Test
    void whatTheEnvironmentOverridesOfTheFile_isListedWithBothOrigins() {
        Path file = file(
                "serai.http.port=8081",
                "serai.connect.rate=0.03",
                "serai.kafka.group-id=serai-batch",
                "serai.kafka.start-topic=batch.start",
                "serai.tenants.acme.base-url=https://a.example",
                "serai.kafka.reply-topic=");
        Settings settings = Loading.load(
                Map.of(
                        "SERAI_HTTP_PORT", "8080",
                        "SERAI_CONNECT_RATE", "5",
                        "SERAI_KAFKA_GROUP_ID", "serai-batch",
                        "SERAI_KAFKA_START_TOPIC", "conversation.start",
                        "SERAI_KAFKA_REPLY_TOPIC", "others",
                        "SERAI_TENANTS_ACME_BASE_URL", "https://b.example",
                        "SERAI_TENANTS_ACME_API_KEY", "k",
                        "CONVAI_API_KEY", "k"),
                file,
                Map.of("serai.kafka.start-topic", "line"));

        assertThat(settings.overriddenInFile())
                .containsExactlyInAnyOrder(
                        overridden("serai.http.port", "SERAI_HTTP_PORT", file),
                        overridden("serai.connect.rate", "SERAI_CONNECT_RATE", file),
                        overridden("serai.tenants.acme.base-url", "SERAI_TENANTS_ACME_BASE_URL", file));
        assertThat(settings.warnings()).isEmpty();
    }

    private static String overridden(String key, String variable, Path file) {
        return key + " has another value in the environment as " + variable + " than in " + file
                + ", and that of the environment wins: unset " + variable + " unless that is meant";
    }

    @Test
    void apiKeyOverPlainHttp_isWarnedOfUnlessOnThisMachine() {
        assertThat(Loading.fromEnvironment(Map.of("CONVAI_API_KEY", "k", "CONVAI_BASE_URL", "http://a.example"))
                        .warnings())
                .containsExactly(
                        "serai.connect.base-url is \"http://a.example\" (environment CONVAI_BASE_URL): the API key"
                                + " and room tokens travel unencrypted: use https");
        assertThat(Loading.fromEnvironment(Map.of("CONVAI_API_KEY", "k", "CONVAI_BASE_URL", "http://[::1]:8"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void burstWithoutARate_isWarnedOf() {
        assertThat(Loading.fromCommandLine(Map.of("serai.connect.burst", "5")).warnings())
                .containsExactly("serai.connect.burst (command line) has no effect without a rate: set"
                        + " serai.connect.rate, or remove it");
        assertThat(Loading.fromCommandLine(Map.of("serai.connect.burst", "5", "serai.connect.rate", "0.5"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void camelProperties_areTextThatRoutesCanUse() {
        Path file = file(
                "camel.main.name=inn", "serai.reply.allowed-topics=a, b", "serai.conversation.max-event-bytes=1MiB");
        Map<String, String> properties =
                Loading.load(Map.of("CONVAI_API_KEY", "k"), file, Map.of()).camelProperties();

        assertThat(properties)
                .containsEntry("serai.conversation.ttl", "120000")
                .containsEntry("serai.conversation.max-event-bytes", "1048576")
                .containsEntry("serai.reply.allowed-topics", "a,b")
                .containsEntry("serai.kafka.start-topic", "conversation.start")
                .containsEntry("serai.kafka.create-topics", "true")
                .containsEntry("serai.kafka.bootstrap-servers", "")
                .containsEntry("camel.main.name", "inn")
                .doesNotContainKey("serai.connect.api-key")
                .hasSize(1
                        + (int) KnownSettings.all().stream()
                                .filter(setting -> !setting.type().secret())
                                .count());
        assertThat(Loading.defaults().camelProperties()).containsEntry("serai.reply.allowed-topics", "");
    }

    @Test
    void effective_listsEverySetting() {
        assertThat(Loading.defaults().effective())
                .hasSameSizeAs(KnownSettings.all())
                .contains("serai.conversation.ttl = 2m (default)", "serai.connect.api-key (not set)");
    }
}
